"""``azureml.core.Dataset``: data sets of files and of tables, read when they are asked for."""

import os
import re
import weakref

from runledger.azureml_v1 import dataset_source, run_inputs
from runledger.azureml_v1.dataset_frames import read_frame
from runledger.azureml_v1.dataset_operations import draws_of, selected
from runledger.azureml_v1.dataset_partitions import PartitionMethods
from runledger.azureml_v1.dataset_times import TimeMethods
from runledger.azureml_v1.datastore import copy_file
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import OTHER_CLASSES
from runledger.store.versions import VersionedDefinitions


_asked = weakref.WeakValueDictionary()
"""Data sets of this process that are not registered and were asked for their id, by that."""


class AbstractDataset(PartitionMethods):
    """What data sets of files and tables share. ``_content`` says where the data is, and what is done with it."""

    KIND = None

    def __init__(self, content, workspace, record=None):
        self._content = content
        self._workspace = workspace
        self._record = record or {}

    def _with(self, operation, **changes):
        content = dict(self._content, operations=self._content["operations"] + [operation], **changes)
        return type(self)(content, self._workspace)

    @property
    def id(self):
        """The same for the same definition."""
        if "id" in self._record:
            return self._record["id"]
        found = dataset_source.identity(self._content)
        _asked[found] = self
        return found

    @property
    def name(self):
        """``None`` where the data set is not registered; so are ``version`` and ``description``."""
        return self._record.get("name")

    @property
    def version(self):
        return self._record.get("version")

    @property
    def description(self):
        return self._record.get("description")

    @property
    def tags(self):
        return dict(self._record.get("tags") or {})

    @translated
    def register(self, workspace, name, description=None, tags=None, create_new_version=False):
        """Keeps the definition under ``name``; the data stays where it is. Returns the registered data set.

        The same definition under the same name keeps its version. Raises ``UserErrorException`` where there is another
        one of the name and ``create_new_version`` is false.
        """
        store = _definitions(workspace)
        latest = store.latest(name)
        definition = {"kind": self.KIND, "content": self._content}
        is_same = latest is not None and {key: latest.get(key) for key in definition} == definition
        if latest is not None and not is_same and not create_new_version:
            raise UserErrorException(
                "There is already a dataset registered under the name {!r}. Pass create_new_version=True to register "
                "another version of it.".format(name)
            )
        if is_same:
            return _of_record(workspace, latest)
        definition.update(
            id=dataset_source.identity(self._content, name),
            description=description,
            tags={str(key): "" if value is None else str(value) for key, value in (tags or {}).items()},
        )
        return _of_record(workspace, store.add(name, definition))

    def as_named_input(self, name):
        """The data set as the input ``name`` of a script, which finds it in ``run.input_datasets``."""
        return DatasetConsumptionConfig(name, self)

    @translated
    def take(self, count):
        """The first ``count`` rows, or files."""
        return self._with({"kind": "take", "count": int(count)})

    @translated
    def skip(self, count):
        """What comes after the first ``count`` rows, or files."""
        return self._with({"kind": "skip", "count": int(count)})

    def take_sample(self, probability, seed=None):
        """Each row, or file, with the ``probability``; the same ones whenever it is read."""
        return self._with(dict(draws_of(seed), low=0.0, high=_probability("probability", probability)))

    def random_split(self, percentage, seed=None):
        """Two data sets, of which the first has about the share ``percentage``, and which together have everything."""
        share = _probability("percentage", percentage)
        draws = draws_of(seed)
        return self._with(dict(draws, low=0.0, high=share)), self._with(dict(draws, low=share, high=1.0))

    def __repr__(self):
        named = "" if self.name is None else "name={!r}, version={!r}, ".format(self.name, self.version)
        return "{}({}source={!r})".format(type(self).__name__, named, self._content["sources"])


@refuses("TabularDataset", OTHER_CLASSES["TabularDataset"])
class TabularDataset(TimeMethods, AbstractDataset):
    """A table that is read from files. ``to_pandas_dataframe`` needs pandas; nothing else does."""

    KIND = "tabular"

    @translated
    def to_pandas_dataframe(self, on_error="null", out_of_range_datetime="null"):
        """The table as a data frame. Raises ``UserErrorException`` where pandas, or a file, is missing."""
        return read_frame(self._content, self._workspace)

    @translated
    def keep_columns(self, columns, validate=False):
        """The columns named, in the order of the file."""
        kept = column_names(columns)
        return self._with({"kind": "keep", "columns": kept}, timestamps=self._timestamps_of(kept.__contains__))

    @translated
    def drop_columns(self, columns):
        """The columns that are not named."""
        dropped = column_names(columns)
        timestamps = self._timestamps_of(lambda name: name not in dropped)
        return self._with({"kind": "drop", "columns": dropped}, timestamps=timestamps)

    def _argument(self):
        return self.id


@refuses("FileDataset", OTHER_CLASSES["FileDataset"])
class FileDataset(AbstractDataset):
    """Files of a datastore, of this machine, or of the web."""

    KIND = "file"

    def _files(self):
        found = dataset_source.files(self._content["sources"], self._workspace)
        for operation in self._content["operations"]:
            found = selected(found, operation)
        return found

    @translated
    def to_path(self):
        """Paths of the files within the data set, each with a slash in front."""
        return ["/" + relative.replace(os.sep, "/") for _, relative in self._files()]

    @translated
    def download(self, target_path=None, overwrite=False, ignore_not_found=False):
        """Copies the files to the folder ``target_path``, by default a new temporary one; returns the copies' paths."""
        import tempfile

        target = tempfile.mkdtemp(prefix="runledger-dataset-") if target_path is None else os.fspath(target_path)
        paths = []
        for source, relative in self._files():
            path = os.path.abspath(os.path.join(target, relative))
            if not copy_file(source, path, overwrite):
                raise UserErrorException("{} exists. Pass overwrite=True to replace it.".format(path))
            paths.append(path)
        return paths

    def as_mount(self, path_on_compute=None):
        """The files as an argument of a script: a local folder, or the file where the data set names a single one.

        ``path_on_compute`` is kept.
        """
        return DatasetConsumptionConfig(None, self, "mount", path_on_compute)

    def as_download(self, path_on_compute=None):
        """As ``as_mount``: the files are on this machine already."""
        return DatasetConsumptionConfig(None, self, "download", path_on_compute)

    as_hdfs = as_mount

    def mount(self, mount_point=None, **kwargs):
        """A context whose ``mount_point`` is a local folder with the files."""
        return MountContext(self._local_folder())

    @translated
    def _local_folder(self):
        return dataset_source.folder_of(self._content, self._files(), self.id, self._workspace)

    @translated
    def _argument(self):
        return dataset_source.only_file(self._content, self._workspace) or self._local_folder()


class MountContext:
    """A folder with the files of a data set. Starting and stopping it have nothing to do."""

    def __init__(self, mount_point):
        self.mount_point = mount_point

    def start(self):
        """Does nothing: the files are there."""

    def stop(self):
        """Does nothing: the files stay."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return False


class DatasetConsumptionConfig:
    """The data set ``dataset`` as the input ``name`` of a script: ``direct``, or as a folder or file.

    In a pipeline ``dataset`` may be a ``PipelineParameter`` whose default is a data set.
    """

    def __init__(self, name, dataset, mode="direct", path_on_compute=None):
        self._parameter = dataset if isinstance(getattr(dataset, "default_value", None), AbstractDataset) else None
        if self._parameter is not None:
            dataset = self._parameter.default_value
        if not isinstance(dataset, AbstractDataset):
            raise UserErrorException("dataset must be a Dataset, not {}.".format(type(dataset).__name__))
        if mode not in ("direct", "mount", "download", "hdfs"):
            raise UserErrorException("mode must be direct, mount or download, not {!r}.".format(mode))
        self._name = name
        self.dataset = dataset
        self.mode = mode
        self.path_on_compute = path_on_compute
        if name is not None and (not isinstance(name, str) or not name.isidentifier()):
            raise UserErrorException(
                "The name of an input consists of letters, digits and underscores, and begins with no digit: not "
                "{!r}.".format(name)
            )

    @property
    def name(self):
        return self._name or "input_" + self.dataset.id.replace("-", "")[:8]

    def as_mount(self, path_on_compute=None):
        return self._of_files("mount", path_on_compute)

    def as_download(self, path_on_compute=None):
        return self._of_files("download", path_on_compute)

    as_hdfs = as_mount

    def _of_files(self, mode, path_on_compute):
        if not isinstance(self.dataset, FileDataset):
            raise UserErrorException("Only a data set of files can be mounted or downloaded; this one is a table.")
        return DatasetConsumptionConfig(self._name, self._parameter or self.dataset, mode, path_on_compute)

    def _binding_parameter(self):
        """The name of the pipeline's parameter that holds what binds this input; ``None`` where nothing can change it.

        ``bindings_of`` reads it.
        """
        if self._parameter is None:
            return None
        return _BINDING.format(self._parameter.name, self.name, self.mode)

    def _with_parameters(self, values):
        """This input with the data set that ``values``, parameters of a pipeline, have for its own."""
        if self._parameter is None or self._parameter.name not in values:
            return self
        return DatasetConsumptionConfig(self._name, values[self._parameter.name], self.mode, self.path_on_compute)

    def _argument(self):
        """What the script's command line has: the id of a table, the local path of files."""
        return self.dataset._argument()

    def _input_binding(self):
        """``(name, {json})``, which the script's ``run.input_datasets`` reads."""
        dataset = self.dataset
        binding = {
            "kind": dataset.KIND,
            "content": dataset._content,
            "record": dict(dataset._record, id=dataset.id, content=None),
            "workspaceFolder": None if dataset._workspace is None else dataset._workspace._store.folder,
        }
        if self.mode != "direct":
            binding["path"] = dataset._argument()
        return self.name, binding

    def __repr__(self):
        return "DatasetConsumptionConfig(name={!r}, mode={!r}, dataset={!r})".format(
            self.name, self.mode, self.dataset
        )


_BINDING = "{} as {} ({})"
_BINDING_PARTS = re.compile(r"(.+) as (\w+) \((\w+)\)")


def bindings_of(name, dataset, parameters):
    """``{parameter: text}`` of those of ``parameters``, names, that bind the data set of the parameter ``name``, with
    ``dataset`` in its place.
    """
    found = {}
    for parameter in parameters:
        parts = _BINDING_PARTS.fullmatch(parameter)
        if parts is not None and parts.group(1) == name:
            found[parameter] = run_inputs.binding_text(DatasetConsumptionConfig(parts.group(2), dataset, parts.group(3)))
    return found


@translated
def get_by_name(workspace, name, version="latest"):
    """The registered data set ``name``. Raises ``UserErrorException`` where there is none."""
    store = _definitions(workspace)
    if version in ("latest", None):
        record = store.latest(name)
        if record is None:
            raise UserErrorException(
                'Cannot find dataset registered with name "{}" in the workspace. It has: {}.'.format(
                    name, ", ".join(store.names()) or "none"
                )
            )
        return _of_record(workspace, record)
    try:
        return _of_record(workspace, store.get(name, int(version)))
    except (TypeError, ValueError):
        raise UserErrorException('version must be a number or "latest", not {!r}.'.format(version)) from None


@translated
def get_by_id(workspace, id):
    """The data set whose id is ``id``: a registered one, in whichever version, or one of this process.

    Raises ``UserErrorException`` where there is none.
    """
    if id in _asked:
        return _asked[id]
    store = _definitions(workspace)
    for name in store.names():
        for version in reversed(store.versions(name)):
            record = store.get(name, version)
            if record.get("id") == id:
                return _of_record(workspace, record)
    raise UserErrorException("The workspace has no registered data set with the id {!r}.".format(id))


@translated
def get_all(workspace):
    """``{name: data set}`` of the newest versions."""
    store = _definitions(workspace)
    return {name: _of_record(workspace, store.latest(name)) for name in store.names()}


def of_binding(workspace, binding):
    """What a script finds as an input: a folder's path, or the data set."""
    if "path" in binding:
        return binding["path"]
    return of_content(binding["kind"], binding["content"], workspace, binding.get("record"))


def of_content(kind, content, workspace, record=None):
    """The data set of the ``kind`` ``file`` or ``tabular`` whose definition is ``content``."""
    return _KINDS[kind](content, workspace, record)


def _of_record(workspace, record):
    kind = _KINDS.get(record.get("kind"))
    if kind is None or not isinstance(record.get("content"), dict):
        name = record.get("name")
        raise UserErrorException("The data set {!r} cannot be read: its definition is damaged.".format(name))
    return kind(record["content"], workspace, record)


_KINDS = {kind.KIND: kind for kind in (TabularDataset, FileDataset)}


def _definitions(workspace):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
    return VersionedDefinitions(os.path.join(workspace._store.folder, ".runledger", "datasets"), "the data set")


def column_names(columns):
    """``columns``, one name or several, as a list. Raises ``UserErrorException``."""
    names = [columns] if isinstance(columns, str) else list(columns)
    if not all(isinstance(name, str) for name in names):
        raise UserErrorException("columns must be a name or a list of names, not {!r}.".format(columns))
    return names


def _probability(name, value):
    if not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise UserErrorException("{} must be a number from 0 to 1, not {!r}.".format(name, value))
    return float(value)
