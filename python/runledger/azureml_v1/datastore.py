"""``azureml.core.Datastore``: a folder of the workspace, whatever storage of the cloud the name stood for."""

import os
import shutil
import time

from runledger.azureml_v1.data_reference import DataReference
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import OTHER_CLASSES
from runledger.errors import RunledgerError
from runledger.store.files import read_json, remove_if_present, write_json
from runledger.store.names import experiment_key, validated_experiment_name

DEFAULT = "workspaceblobstore"
BUILT_IN = {
    DEFAULT: "AzureBlob",
    "workspacefilestore": "AzureFile",
    "workspaceartifactstore": "AzureBlob",
    "workspaceworkingdirectory": "AzureFile",
}
"""Datastores that every workspace has, with their types."""
LOCAL_ACCOUNT = "local"


@refuses("Datastore", OTHER_CLASSES["Datastore"])
class Datastore:
    """The datastore ``name`` of ``workspace``; without a name the default one. Raises ``UserErrorException``.

    Its files are in ``.runledger/data/<name>/`` of the workspace's folder. Keys and passwords that are registered with
    a name are dropped at once: nothing is logged in to.
    """

    def __init__(self, workspace, name=None):
        _check_workspace(workspace)
        name = default_name(workspace) if name is None else name
        definition = _definition(workspace, name)
        self._workspace = workspace
        self._name = definition["name"]
        self._type = definition.get("type") or "AzureBlob"
        self._account = definition.get("accountName") or LOCAL_ACCOUNT
        self._container = definition.get("containerName") or self._name

    @staticmethod
    def get(workspace, datastore_name):
        """The datastore ``datastore_name``. Raises ``UserErrorException`` where there is none."""
        return Datastore(workspace, datastore_name)

    @staticmethod
    def get_default(workspace):
        """The default datastore of ``workspace``."""
        return Datastore(workspace)

    @property
    def workspace(self):
        return self._workspace

    @property
    def name(self):
        return self._name

    @property
    def datastore_type(self):
        """As it was registered, as ``AzureBlob``: a folder all the same."""
        return self._type

    @property
    def account_name(self):
        """As it was registered, else ``local``."""
        return self._account

    @property
    def container_name(self):
        """As it was registered, else the datastore's name."""
        return self._container

    @property
    def is_default(self):
        return _key(self._name) == _key(default_name(self._workspace))

    @property
    def _folder(self):
        """The local folder, made on demand."""
        folder = os.path.join(_data_folder(self._workspace), _key(self._name))
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            message = "The datastore {!r} cannot be used: {}.".format(self._name, error)
            raise UserErrorException(message, error) from None
        return folder

    def _local_path(self, path):
        """The local path of ``path``, which may have wildcards. Raises ``UserErrorException`` for one outside."""
        parts = [part for part in str(path or "").replace("\\", "/").split("/") if part not in ("", ".")]
        if ".." in parts:
            raise UserErrorException("{!r} leads out of the datastore {!r}.".format(path, self._name))
        return os.path.join(self._folder, *parts)

    def path(self, path=None, data_reference_name=None):
        """A reference to ``path`` of the datastore; without it, to all of it."""
        return DataReference(self, data_reference_name, path)

    def as_mount(self):
        return self.path().as_mount()

    def as_download(self, path_on_compute=None):
        return self.path().as_download(path_on_compute)

    def as_upload(self, path_on_compute=None):
        return self.path().as_upload(path_on_compute)

    def upload(self, src_dir, target_path=None, overwrite=False, show_progress=True):
        """Copies all files below the folder ``src_dir`` to ``target_path``. Returns a reference to it.

        Files that are there stay without ``overwrite``. Raises ``UserErrorException``.
        """
        source = os.path.abspath(os.fspath(src_dir))
        if not os.path.isdir(source):
            raise UserErrorException("src_dir: there is no folder {}.".format(source))
        pairs = [(path, os.path.relpath(path, source)) for path in files_below(source)]
        return self._upload(pairs, target_path, overwrite, show_progress)

    def upload_files(self, files, relative_root=None, target_path=None, overwrite=False, show_progress=True):
        """Copies ``files``, with their paths relative to ``relative_root`` (else to the folder they have in common).

        Files that are there stay without ``overwrite``. Returns a reference to ``target_path``. Raises
        ``UserErrorException`` for a file that does not exist, or is not below ``relative_root``.
        """
        if isinstance(files, (str, os.PathLike)):
            raise UserErrorException("files must be a list of paths, not {!r}.".format(files))
        paths = [os.path.abspath(os.fspath(path)) for path in files]
        for path in paths:
            if not os.path.isfile(path):
                raise UserErrorException("files: there is no file {}.".format(path))
        if not paths:
            raise UserErrorException("files: name at least one file.")
        if relative_root is None:
            root = os.path.commonpath([os.path.dirname(path) for path in paths])
        else:
            root = os.path.abspath(os.fspath(relative_root))
        pairs = [(path, os.path.relpath(path, root)) for path in paths]
        for path, relative in pairs:
            if relative.split(os.sep)[0] == os.pardir:
                raise UserErrorException("relative_root: {} is not below {}.".format(path, root))
        return self._upload(pairs, target_path, overwrite, show_progress)

    def _upload(self, pairs, target_path, overwrite, show_progress):
        target = self._local_path(target_path)
        for source, relative in pairs:
            is_copied = copy_file(source, os.path.join(target, relative), overwrite)
            if show_progress:
                text = "Uploaded {}" if is_copied else "Target already exists. Skipped {}; overwrite=True replaces it"
                print(text.format(source))
        if show_progress:
            print("{} files are in the datastore {}.".format(len(pairs), self._name))
        return self.path(target_path)

    def download(self, target_path, prefix=None, overwrite=False, show_progress=True):
        """Copies the files whose path begins with ``prefix`` to the folder ``target_path``; returns how many were."""
        root = self._folder
        wanted = (prefix or "").replace("\\", "/").lstrip("/")
        count = 0
        for path in files_below(root):
            relative = os.path.relpath(path, root)
            if relative.replace(os.sep, "/").startswith(wanted):
                if copy_file(path, os.path.join(os.fspath(target_path), relative), overwrite):
                    count += 1
                    if show_progress:
                        print("Downloaded {}".format(relative.replace(os.sep, "/")))
        return count

    def set_as_default(self):
        set_default(self._workspace, self._name)

    def unregister(self):
        """Forgets a registered name. Its files stay in their folder, and come back with the name."""
        if _key(self._name) in BUILT_IN:
            raise UserErrorException("Every workspace has the datastore {}: it stays.".format(self._name))
        remove_if_present(_definition_path(self._workspace, self._name))
        if self.is_default:
            set_default(self._workspace, DEFAULT)

    @staticmethod
    def register_azure_blob_container(workspace, datastore_name, container_name, account_name, *args, **kwargs):
        """Makes ``datastore_name`` a folder of the workspace, whose files are put there by ``upload``. Returns it."""
        return _registered(workspace, datastore_name, "AzureBlob", account_name, container_name)

    @staticmethod
    def register_azure_file_share(workspace, datastore_name, file_share_name, account_name, *args, **kwargs):
        """As ``register_azure_blob_container``."""
        return _registered(workspace, datastore_name, "AzureFile", account_name, file_share_name)

    @staticmethod
    def register_azure_data_lake(workspace, datastore_name, store_name, *args, **kwargs):
        """As ``register_azure_blob_container``."""
        return _registered(workspace, datastore_name, "AzureDataLake", store_name, None)

    @staticmethod
    def register_azure_data_lake_gen2(workspace, datastore_name, filesystem, account_name, *args, **kwargs):
        """As ``register_azure_blob_container``."""
        return _registered(workspace, datastore_name, "AzureDataLakeGen2", account_name, filesystem)

    def __eq__(self, other):
        return isinstance(other, Datastore) and self._folder == other._folder

    def __hash__(self):
        return hash(self._folder)

    def __repr__(self):
        return "Datastore(name={!r}, type={!r}, folder={!r})".format(self._name, self._type, self._folder)


def datastores(workspace):
    """``{name: Datastore}`` of ``workspace``."""
    names = list(BUILT_IN)
    try:
        files = sorted(os.listdir(_data_folder(workspace)))
    except OSError:
        files = []
    names += [name[:-5] for name in files if name.endswith(".json") and not name.startswith(".")]
    found = [Datastore(workspace, name) for name in names]
    return {datastore.name: datastore for datastore in found}


def default_name(workspace):
    """The name of the default datastore."""
    path = _default_path(workspace)
    return read_json(path, "the default datastore")["name"] if os.path.isfile(path) else DEFAULT


@translated
def set_default(workspace, name):
    """Makes ``name`` the default datastore. Raises ``UserErrorException`` where there is none of that name."""
    _write(_default_path(workspace), {"format": 1, "name": Datastore(workspace, name).name})


def files_below(folder):
    """Paths of all files below ``folder``, sorted."""
    return sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)


def copy_file(source, target, overwrite):
    """Copies a file, and makes the folder for it. Returns whether it did: ``overwrite`` replaces one that is there."""
    if os.path.exists(target) and not overwrite:
        return False
    try:
        os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise UserErrorException("{} cannot be copied to {}: {}.".format(source, target, error), error) from None
    return True


@translated
def _registered(workspace, name, kind, account, container):
    _check_workspace(workspace)
    if _key(name) in BUILT_IN:
        raise UserErrorException("Every workspace has the datastore {}; choose another name.".format(name))
    record = {"name": name, "type": kind, "accountName": account, "containerName": container}
    _write(_definition_path(workspace, name), dict(record, format=1, createdTime=time.time()))
    return Datastore(workspace, name)


@translated
def _definition(workspace, name):
    if _key(name) in BUILT_IN:
        return {"name": _key(name), "type": BUILT_IN[_key(name)]}
    path = _definition_path(workspace, name)
    if not os.path.isfile(path):
        raise UserErrorException(
            "The workspace has no datastore {!r}. It has {}; Datastore.register_azure_blob_container makes another "
            "one, of local files.".format(name, ", ".join(sorted(datastores(workspace))))
        )
    definition = read_json(path, "the datastore {!r}".format(name))
    if not isinstance(definition.get("name"), str):
        raise UserErrorException("The datastore {!r} cannot be read: {} is damaged.".format(name, path))
    return definition


def _write(path, record):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_json(path, record)
    except OSError as error:
        raise UserErrorException("{} cannot be written: {}.".format(path, error.strerror or error), error) from None


def _data_folder(workspace):
    return os.path.join(workspace._store.folder, ".runledger", "data")


def _default_path(workspace):
    return os.path.join(_data_folder(workspace), ".default.json")


def _definition_path(workspace, name):
    return os.path.join(_data_folder(workspace), _key(name) + ".json")


def _key(name):
    try:
        return experiment_key(validated_experiment_name(name))
    except RunledgerError as error:
        raise UserErrorException("A datastore cannot be called {!r}: {}".format(name, error), error) from None


def _check_workspace(workspace):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
