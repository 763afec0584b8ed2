"""``Dataset.Tabular`` and ``Dataset.File``: data sets of what is in files."""

import enum
import os

from runledger.azureml_v1 import dataset, dataset_source
from runledger.azureml_v1.dataset import FileDataset, TabularDataset
from runledger.azureml_v1.dataset_partitions import PartitionFormat
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refusal, refuses
from runledger.azureml_v1.unavailable_names import OTHER_CLASSES

_READ_YOURSELF = "Read the data with pandas, and write it as a CSV or Parquet file for Dataset.Tabular."


class PromoteHeadersBehavior(enum.Enum):
    """Which files of a table begin with the names of the columns. The last two are the same: each file does, and its
    columns are found by their names."""

    NO_HEADERS = 0
    ONLY_FIRST_FILE_HAS_HEADERS = 1
    COMBINE_ALL_FILES_HEADERS = 2
    ALL_FILES_HAVE_SAME_HEADERS = 3


class DataType:
    """The type of a column, for ``set_column_types``."""

    def __init__(self, content):
        self._content = content

    @staticmethod
    def to_string():
        return DataType({"kind": "string"})

    @staticmethod
    def to_long():
        """Whole numbers; what is none becomes empty."""
        return DataType({"kind": "long"})

    @staticmethod
    def to_float(decimal_mark="."):
        if decimal_mark != ".":
            raise refusal("DataType.to_float(decimal_mark=...)", _READ_YOURSELF)
        return DataType({"kind": "float"})

    @staticmethod
    def to_bool():
        return DataType({"kind": "bool"})

    @staticmethod
    def to_datetime(formats=None):
        """``formats`` as of ``datetime.strptime``: one, or several that are tried in turn."""
        found = [formats] if isinstance(formats, str) else list(formats or [])
        return DataType({"kind": "datetime", "formats": found})


@refuses("Dataset.Tabular", OTHER_CLASSES["Dataset.Tabular"])
class TabularDatasetFactory:
    """Tables. The files are read when the data is asked for; ``validate`` looks whether they are there."""

    @staticmethod
    @translated
    def from_delimited_files(
        path,
        validate=True,
        include_path=False,
        infer_column_types=True,
        set_column_types=None,
        separator=",",
        header=True,
        partition_format=None,
        support_multi_line=False,
        empty_as_string=False,
        encoding="utf8",
    ):
        """A table of CSV files. Without ``header`` columns are called ``Column1``, ``Column2``, …

        ``partition_format`` makes columns of parts of the files' paths: see ``PartitionFormat``.
        """
        reading = delimited_reading(
            include_path,
            separator,
            header,
            partition_format,
            set_column_types,
            infer_column_types,
            empty_as_string,
            encoding,
        )
        return _tabular(path, validate, reading)

    @staticmethod
    @translated
    def from_json_lines_files(
        path,
        validate=True,
        include_path=False,
        set_column_types=None,
        partition_format=None,
        invalid_lines="error",
        encoding="utf8",
    ):
        """A table of files with an object of JSON on each line."""
        if invalid_lines != "error":
            raise refusal("from_json_lines_files(invalid_lines='drop')", "Remove these lines from the file.")
        options = {"encoding": encoding}
        reading = _reading("JSON lines", include_path, set_column_types, partition_format, options)
        return _tabular(path, validate, reading)

    @staticmethod
    @translated
    def from_parquet_files(path, validate=True, include_path=False, set_column_types=None, partition_format=None):
        """A table of Parquet files, which pandas reads with the help of pyarrow."""
        return _tabular(path, validate, parquet_reading(include_path, partition_format, set_column_types))

    @staticmethod
    @translated
    def register_pandas_dataframe(
        dataframe, target, name, description=None, tags=None, show_progress=True, row_group_size=None
    ):
        """Writes ``dataframe`` as a Parquet file to ``target``, ``(datastore, path)``, and registers it as ``name``."""
        import uuid

        datastore, folder = target if isinstance(target, tuple) else (target, "")
        if not hasattr(datastore, "_local_path"):
            raise UserErrorException("target must be a Datastore or (datastore, path), not {!r}.".format(target))
        place = "/".join(part for part in (str(folder or "").strip("/"), uuid.uuid4().hex + ".parquet") if part)
        path = datastore._local_path(place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            dataframe.to_parquet(path)
        except (ImportError, OSError, TypeError, ValueError) as error:
            raise UserErrorException("The data frame cannot be written to {}: {}".format(path, error), error) from None
        made = TabularDatasetFactory.from_parquet_files((datastore, place))
        return made.register(datastore.workspace, name, description, tags, create_new_version=True)


class FileDatasetFactory:
    """Files."""

    @staticmethod
    @translated
    def from_files(path, validate=True, partition_format=None, is_file=False):
        """The files of ``path``, which may have wildcards; of a folder, all below it.

        ``partition_format`` names parts of the paths, as ``{user}/{day:yyyy-MM-dd}.txt``: see ``partition_keys``.
        """
        found, workspace = dataset_source.sources(path)
        content = {"sources": found, "operations": []}
        if partition_format is not None:
            content["partitionFormat"] = PartitionFormat(partition_format).text
        return _validated(FileDataset(content, workspace), validate)

    @staticmethod
    @translated
    def upload_directory(src_dir, target, pattern=None, overwrite=False, show_progress=True):
        """Copies the folder ``src_dir`` to ``target``, ``(datastore, path)``, and returns the data set of it."""
        import fnmatch

        from runledger.azureml_v1.datastore import files_below

        datastore, place = target if isinstance(target, tuple) else (target, "")
        source = os.path.abspath(os.fspath(src_dir))
        if not os.path.isdir(source):
            raise UserErrorException("src_dir: there is no folder {}.".format(source))
        names = [os.path.relpath(path, source) for path in files_below(source)]
        wanted = [name for name in names if pattern is None or fnmatch.fnmatch(name.replace(os.sep, "/"), pattern)]
        datastore.upload_files([os.path.join(source, name) for name in wanted], source, place, overwrite, show_progress)
        return FileDatasetFactory.from_files((datastore, place))


@refuses("Dataset", OTHER_CLASSES["Dataset"])
class Dataset:
    """Data sets of a workspace, and the makers of new ones."""

    class Scenario:
        """What a model uses a data set for."""

        INFERENCE = "inference"
        TRAINING = "training"
        VALIDATION = "validation"

    Tabular = TabularDatasetFactory
    File = FileDatasetFactory
    get_by_name = staticmethod(dataset.get_by_name)
    get_by_id = staticmethod(dataset.get_by_id)
    get_all = staticmethod(dataset.get_all)


def delimited_reading(
    include_path=False,
    separator=",",
    header=True,
    partition_format=None,
    set_column_types=None,
    infer_column_types=True,
    empty_as_string=False,
    encoding="utf8",
):
    """How CSV files are read: the definition of a table without its sources."""
    options = {
        "separator": separator,
        "header": _behavior(header) != "NO_HEADERS",
        "inferTypes": bool(infer_column_types),
        "emptyAsString": bool(empty_as_string),
        "encoding": encoding,
    }
    if _behavior(header) == "ONLY_FIRST_FILE_HAS_HEADERS":
        options["onlyFirstHasHeader"] = True
    return _reading("delimited text", include_path, set_column_types, partition_format, options)


def parquet_reading(include_path=False, partition_format=None, set_column_types=None):
    """How Parquet files are read, as ``delimited_reading``."""
    return _reading("Parquet", include_path, set_column_types, partition_format, {})


def _reading(kind, include_path, types, partition_format, options):
    options = dict(options, includePath=bool(include_path), types=_types(types))
    if partition_format is not None:
        options["partitionFormat"] = PartitionFormat(partition_format).text
    return {"format": kind, "options": options, "operations": []}


def _tabular(path, validate, reading):
    found, workspace = dataset_source.sources(path)
    return _validated(TabularDataset(dict(reading, sources=found), workspace), validate)


def _validated(made, validate):
    local = [source for source in made._content["sources"] if "url" not in source]
    if validate and local:
        dataset_source.files(local, made._workspace)
    return made


def _types(types):
    if types is None:
        return {}
    if not isinstance(types, dict) or not all(isinstance(value, DataType) for value in types.values()):
        raise UserErrorException("set_column_types must be {column: DataType}.")
    return {str(name): value._content for name, value in types.items()}


def _behavior(header):
    """The name of the ``PromoteHeadersBehavior`` that ``header`` is, or stands for."""
    if isinstance(header, bool):
        return "ALL_FILES_HAVE_SAME_HEADERS" if header else "NO_HEADERS"
    name = str(getattr(header, "name", header)).upper()
    if name not in PromoteHeadersBehavior.__members__:
        raise UserErrorException("header must be True, False or a PromoteHeadersBehavior, not {!r}.".format(header))
    return name
