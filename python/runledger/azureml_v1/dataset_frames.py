"""Tables of data sets as data frames. pandas is needed here alone, and loaded when a table is read."""

import os

from runledger.azureml_v1 import dataset_source
from runledger.azureml_v1.dataset_operations import kept_indexes
from runledger.azureml_v1.dataset_partitions import PartitionFormat
from runledger.azureml_v1.dataset_times import in_time
from runledger.azureml_v1.exceptions import UserErrorException

PATH_COLUMN = "Path"


def read_frame(content, workspace):
    """The data frame of a table's definition ``content``. Raises ``UserErrorException``."""
    try:
        import pandas
    except ImportError as error:
        raise UserErrorException(
            "to_pandas_dataframe needs pandas, which this interpreter does not have: {}. Install it with "
            "python -m pip install pandas.".format(error),
            error,
        ) from None
    options = content["options"]
    partitions = PartitionFormat(options["partitionFormat"]) if options.get("partitionFormat") else None
    frames = []
    reading = options
    for path, relative in dataset_source.files(content["sources"], workspace):
        try:
            frame = _READERS[content["format"]](pandas, path, reading)
        except (OSError, ValueError, ImportError, UnicodeError) as error:
            message = "{} cannot be read as {}: {}".format(path, content["format"], error)
            raise UserErrorException(message, error) from None
        if options.get("onlyFirstHasHeader") and not frames:
            reading = dict(options, header=False, columns=list(frame.columns))
        if partitions is not None:
            for index, (name, value) in enumerate(partitions.values(path.replace(os.sep, "/")).items()):
                frame.insert(index, name, value)
        if options.get("includePath"):
            frame.insert(0, PATH_COLUMN, "/" + relative.replace(os.sep, "/"))
        frames.append(frame)
    frame = frames[0] if len(frames) == 1 else pandas.concat(frames, ignore_index=True, sort=False)
    _set_types(pandas, frame, options.get("types") or {})
    for operation in content["operations"]:
        frame = _applied(pandas, frame, operation)
    return frame


def _applied(pandas, frame, operation):
    if operation["kind"] == "time":
        return in_time(pandas, frame, operation)
    indexes = kept_indexes(len(frame), operation)
    if indexes is not None:
        return frame.iloc[list(indexes)].reset_index(drop=True)
    missing = [name for name in operation["columns"] if name not in frame.columns]
    if missing:
        raise UserErrorException(
            "The table has no column {}; it has {}.".format(", ".join(missing), ", ".join(map(str, frame.columns)))
        )
    if operation["kind"] == "drop":
        return frame.drop(columns=operation["columns"])
    return frame[[name for name in frame.columns if name in operation["columns"]]]


def _delimited(pandas, path, options):
    has_types = options.get("inferTypes", True)
    frame = pandas.read_csv(
        path,
        sep=options.get("separator", ","),
        header=0 if options.get("header", True) else None,
        encoding=options.get("encoding", "utf8"),
        dtype=None if has_types else str,
        keep_default_na=not options.get("emptyAsString", False),
    )
    if not options.get("header", True):
        unnamed = ["Column{}".format(index + 1) for index in range(len(frame.columns))]
        frame.columns = options.get("columns", unnamed)
    return frame


def _json_lines(pandas, path, options):
    return pandas.read_json(path, lines=True, encoding=options.get("encoding", "utf8"))


def _parquet(pandas, path, options):
    """The columns of the file in their order. What was the index of a data frame is the last of them, as in the file,
    where it has a name; else it is left out, so that rows are counted as those of other files are."""
    frame = pandas.read_parquet(path)
    named = [name for name in frame.index.names if name is not None]
    columns = list(frame.columns) + named
    return frame.reset_index(level=named).reset_index(drop=True)[columns]


_READERS = {"delimited text": _delimited, "JSON lines": _json_lines, "Parquet": _parquet}


def _set_types(pandas, frame, types):
    for name, kind in types.items():
        if name not in frame.columns:
            raise UserErrorException("set_column_types: the table has no column {!r}.".format(name))
        try:
            if kind["kind"] == "datetime":
                frame[name] = _times(pandas, frame[name], kind.get("formats"))
            elif kind["kind"] == "float":
                frame[name] = pandas.to_numeric(frame[name], errors="coerce").astype("float64")
            elif kind["kind"] == "long":
                frame[name] = pandas.to_numeric(frame[name], errors="coerce").astype("Int64")
            elif kind["kind"] == "bool":
                words = {"true": True, "false": False, "1": True, "0": False}
                frame[name] = frame[name].map(lambda value: words.get(str(value).strip().lower()))
            else:
                frame[name] = frame[name].map(lambda value: None if pandas.isna(value) else str(value)).astype(object)
        except (TypeError, ValueError) as error:
            message = "The column {!r} cannot be read as {}: {}".format(name, kind["kind"], error)
            raise UserErrorException(message, error) from None


def _times(pandas, column, formats):
    """Each value by the first of ``formats`` that fits it; one that none fits becomes empty."""
    if not formats:
        return pandas.to_datetime(column, errors="coerce")
    times = pandas.to_datetime(column, format=formats[0], errors="coerce")
    for pattern in formats[1:]:
        times = times.fillna(pandas.to_datetime(column, format=pattern, errors="coerce"))
    return times
