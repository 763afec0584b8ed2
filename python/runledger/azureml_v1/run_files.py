"""The methods of ``Run`` for its files, its logs, and the snapshot of its code."""

import os

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refusal
from runledger.errors import NotFoundError, UnloggableValueError


class FileMethods:
    """A part of ``Run``, which provides ``_recorder`` (a ``Recorder``) and ``_folder`` (a ``RunFolder``)."""

    @translated
    def upload_file(self, name, path_or_stream, datastore_name=None):
        """Keeps a file, or what a stream gives, as the run's file ``name``; an earlier one of that name is replaced."""
        self._save(artifact_name(name), _readable(path_or_stream, "path_or_stream"), "path_or_stream")

    @translated
    def upload_files(self, names, paths, return_artifacts=False, timeout_seconds=None, datastore_name=None):
        """Keeps the files ``paths`` as the run's files ``names``: two lists of one length. All are looked for first."""
        if return_artifacts:
            raise refusal("Run.upload_files(return_artifacts=True)", "run.get_file_names() lists the files.")
        names, paths = _listed(names, "names"), _listed(paths, "paths")
        _check_lengths(names, "names", paths, "paths")
        names = [artifact_name(name) for name in names]
        for name, path in zip(names, paths):
            self._folder.artifact_path(name)
            if not os.path.isfile(_readable(path, "paths")):
                raise UserErrorException("paths: the file {} does not exist.".format(path))
        for name, path in zip(names, paths):
            self._save(name, os.fspath(path), "paths")

    @translated
    def upload_folder(self, name, path, datastore_name=None):
        """Keeps every file in the folder ``path``, and in those inside it, as the run's files ``<name>/...``."""
        from runledger.tracking.collection import FolderCollection

        path = os.fspath(_readable(path, "path"))
        if not os.path.isdir(path):
            raise UserErrorException("path: {} is not a folder.".format(path))
        prefix = artifact_name(name).rstrip("/")
        self._folder.artifact_path(prefix)
        collection = FolderCollection(path, prefix)
        collection.forget()
        for artifact, source in collection.changed():
            self._save(artifact, source, "path")

    def get_file_names(self):
        """Names of the run's files, sorted."""
        return self._folder.artifact_names()

    @translated
    def download_file(self, name, output_file_path=None, _validate_checksum=False):
        """Copies the run's file ``name`` to ``output_file_path``: a file, or a folder (default: the current one)."""
        name = artifact_name(name)
        source = self._path_of(name)
        target = os.getcwd() if output_file_path is None else os.fspath(output_file_path)
        if os.path.isdir(target) or target.endswith(("/", os.sep)):
            target = os.path.join(target, name.rsplit("/", 1)[-1])
        _copy(source, target)

    @translated
    def download_files(
        self,
        prefix=None,
        output_directory=None,
        output_paths=None,
        batch_size=100,
        append_prefix=True,
        timeout_seconds=None,
    ):
        """Copies the run's files whose names start with ``prefix`` (default: all) into ``output_directory``.

        They keep their folders; ``append_prefix=False`` leaves the prefix off. ``output_paths`` gives each file a path
        of its own in that folder, in the order of the names.
        """
        prefix = "" if prefix is None else artifact_name(prefix)
        names = [name for name in self._folder.artifact_names() if name.startswith(prefix)]
        if prefix:
            names += [name for name in run_details.log_paths(self._folder) if name.startswith(prefix)]
            names = sorted(set(names))
        if output_paths is None:
            targets = [name if append_prefix else _without_prefix(name, prefix) for name in names]
            targets = [os.path.join(*target.split("/")) for target in targets]
        else:
            targets = [os.fspath(path) for path in _listed(output_paths, "output_paths")]
            _check_lengths(targets, "output_paths", names, "the run's files of this prefix")
        folder = os.getcwd() if output_directory is None else os.fspath(output_directory)
        for name, target in zip(names, targets):
            _copy(self._path_of(name), os.path.join(folder, target))

    @translated
    def register_model(
        self,
        model_name,
        model_path=None,
        tags=None,
        properties=None,
        model_framework=None,
        model_framework_version=None,
        description=None,
        datasets=None,
        sample_input_dataset=None,
        sample_output_dataset=None,
        resource_configuration=None,
        **kwargs,
    ):
        """Registers a file or folder of the run as the next version of the model ``model_name``. Returns the ``Model``.

        ``model_path`` is the name of the file or folder among the run's, by default ``model_name``. Raises
        ``ModelPathNotFoundException``.
        """
        from runledger.azureml_v1.model import Model, register_of_run

        return register_of_run(
            Model,
            self,
            model_name,
            model_name if model_path is None else model_path,
            tags,
            properties,
            description,
            model_framework,
            model_framework_version,
            datasets,
        )

    @translated
    def get_all_logs(self, destination=None):
        """Copies the logs into the folder ``destination`` (default: one named by the run's id). Returns the paths."""
        folder = os.path.abspath(self.id if destination is None else os.fspath(destination))
        paths = []
        for name, source in sorted(run_details.log_paths(self._folder).items()):
            paths.append(os.path.join(folder, *name.split("/")))
            _copy(source, paths[-1])
        return paths

    def download_logs(self, destination=None):
        """As ``get_all_logs``."""
        return self.get_all_logs(destination)

    @translated
    def get_snapshot_id(self):
        """The id of the snapshot of the code that ran; ``None`` for a run that has none, as interactive ones."""
        snapshot = self._folder.view().snapshot
        return None if snapshot is None else snapshot["hash"]

    @translated
    def take_snapshot(self, file_or_folder_path):
        """Keeps the code in a folder with the run, without what its ``.amlignore`` names. Returns the snapshot's id.

        Raises ``UserErrorException`` for what is no folder, and where the ``runledger`` command is missing.
        """
        from runledger import cli

        folder = os.path.abspath(os.fspath(file_or_folder_path))
        if not os.path.isdir(folder):
            raise UserErrorException(
                "file_or_folder_path: {} is no folder. A single file is kept with run.upload_file.".format(folder)
            )
        request = {"workspaceFolder": self._folder.workspace_folder, "sourceDirectory": folder}
        taken = cli.call("take-snapshot", request)
        self._recorder.snapshot(taken["hash"], taken["files"], taken["bytes"])
        for message in taken["warnings"]:
            self._recorder.warning(message)
        return taken["hash"]

    @translated
    def restore_snapshot(self, snapshot_id=None, path=None):
        """Copies a snapshot, by default the run's own, as a zip file and returns its path.

        ``path`` is the file, or a folder (default: the current one) in which it is called ``<snapshot id>.zip``.
        """
        if snapshot_id is None:
            snapshot_id = self.get_snapshot_id()
        if snapshot_id is None:
            raise UserErrorException(
                "The run {} has no snapshot: it ran in place, or was started from Python. What is known of its code is "
                "in run.get_details()['runDefinition'].".format(self.id)
            )
        if not _is_snapshot_id(snapshot_id):
            raise UserErrorException("snapshot_id: {!r} is not the id of a snapshot.".format(snapshot_id))
        source = os.path.join(self._folder.workspace_folder, ".runledger", "snapshots", snapshot_id + ".zip")
        if not os.path.isfile(source):
            raise UserErrorException("The workspace has no snapshot {}.".format(snapshot_id))
        target = os.getcwd() if path is None else os.fspath(path)
        if os.path.isdir(target) or target.endswith(("/", os.sep)):
            target = os.path.join(target, snapshot_id + ".zip")
        target = os.path.abspath(target)
        _copy(source, target)
        return target

    def _path_of(self, name):
        try:
            return self._folder.existing_artifact_path(name)
        except NotFoundError:
            path = run_details.log_paths(self._folder).get(name)
            if path is None:
                raise
            return path

    def _save(self, name, source, argument):
        try:
            self._recorder.save_file(name, source)
        except OSError as error:
            if os.environ.get("RUNLEDGER_STRICT") == "1" and getattr(error, "filename", None) != source:
                raise
            raise UserErrorException(
                "{}: {} cannot be read: {}.".format(argument, source, error.strerror or error), error
            ) from None


def artifact_name(name):
    """The name of a run's file as people spell it: a path of this system, or one that starts with ``./``."""
    try:
        name = os.fspath(name)
    except TypeError:
        raise UnloggableValueError("name must be a str, not {}.".format(type(name).__name__)) from None
    if os.sep == "\\":
        name = name.replace("\\", "/")
    while isinstance(name, str) and name.startswith("./"):
        name = name[2:].lstrip("/")
    return name


def _is_snapshot_id(text):
    # It becomes part of a path.
    return isinstance(text, str) and len(text) == 64 and all(character in "0123456789abcdef" for character in text)


def _readable(source, argument):
    """``source``: a stream as it is, a path as a str."""
    if hasattr(source, "read"):
        return source
    try:
        return os.fspath(source)
    except TypeError:
        raise UnloggableValueError(
            "{} must be a path{}, not {}.".format(
                argument, " or a stream" if argument == "path_or_stream" else "", type(source).__name__
            )
        ) from None


def _listed(values, argument):
    if isinstance(values, (list, tuple)):
        return list(values)
    raise UserErrorException("{} must be a list, not {}.".format(argument, type(values).__name__))


def _check_lengths(one, one_name, other, other_name):
    if len(one) != len(other):
        raise UserErrorException(
            "{} has {} and {} {}: each needs the other.".format(one_name, len(one), other_name, len(other))
        )


def _without_prefix(name, prefix):
    return name[len(prefix) :].lstrip("/") or name.rsplit("/", 1)[-1]


def _copy(source, target):
    import shutil

    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    if not (os.path.exists(target) and os.path.samefile(source, target)):
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            raise UserErrorException("{} cannot be copied to {}: {}.".format(source, target, error), error) from None
