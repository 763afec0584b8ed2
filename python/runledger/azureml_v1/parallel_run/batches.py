"""The mini-batches of a ``ParallelRunStep``: lists of files, or parts of a table."""

import os
import re

from runledger.azureml_v1.datastore import files_below
from runledger.azureml_v1.exceptions import UserErrorException

DEFAULT_FILES = 10
DEFAULT_BYTES = 1 << 20
_UNITS = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_SIZE = re.compile(r"(\d+)\s*([KMG]?B)?\Z", re.IGNORECASE)


class Batch:
    """A mini-batch: ``items``, a list of paths or a data frame, and ``values``, ``{key: value}`` where the input was
    divided by keys.
    """

    def __init__(self, items, values=None):
        self.items = items
        self.values = values or {}

    def __len__(self):
        return len(self.items)


def batches_of(inputs, size, keys=()):
    """The mini-batches of ``inputs``, data sets and paths as ``run.input_datasets`` gives them.

    ``size`` is a text: the number of files, or of bytes of a table, as ``"5"`` or ``"1MB"``; empty for the default.
    With ``keys``, each has what has the same values of these. Raises ``UserErrorException``.
    """
    found = []
    for data in inputs:
        is_table = hasattr(data, "to_pandas_dataframe")
        if keys:
            found += _groups(data, list(keys)) if is_table else _parts(data, list(keys))
        else:
            found += [Batch(items) for items in (_of_table(data, size) if is_table else _of_files(data, size))]
    return found


def _parts(data, keys):
    if not hasattr(data, "partition_keys"):
        raise UserErrorException(
            "partition_keys: only a data set can be divided by {}, which was made with a partition_format and is given "
            "without as_mount or as_download.".format(", ".join(keys))
        )
    return [Batch(paths, values) for values, paths in data._parts(keys)]


def _groups(data, keys):
    frame = data.to_pandas_dataframe()
    missing = [key for key in keys if key not in frame.columns]
    if missing:
        raise UserErrorException(
            "partition_keys: the table has no column {}; it has {}.".format(
                ", ".join(missing), ", ".join(map(str, frame.columns))
            )
        )
    # Earlier versions of pandas give the value itself where there is one key.
    groups = [
        (values if isinstance(values, tuple) else (values,), part)
        for values, part in frame.groupby(keys, sort=False, dropna=False)
    ]
    return [Batch(part, dict(zip(keys, values))) for values, part in groups]


def _of_files(data, size):
    if isinstance(data, str):
        paths = [data] if os.path.isfile(data) else files_below(data)
    else:
        paths = [path for path, _ in data._files()]
    count = DEFAULT_FILES if not size else parsed_size(size)
    return [paths[start : start + count] for start in range(0, len(paths), count)]


def _of_table(data, size):
    frame = data.to_pandas_dataframe()
    if not len(frame):
        return []
    wanted = DEFAULT_BYTES if not size else parsed_size(size)
    count = max(1, int(wanted * len(frame) / max(1, frame.memory_usage(index=False, deep=True).sum())))
    return [frame.iloc[start : start + count] for start in range(0, len(frame), count)]


def parsed_size(text):
    """``"5"``, ``"10KB"`` or ``"1MB"`` as a number. Raises ``UserErrorException``."""
    found = _SIZE.match(str(text).strip())
    number = int(found.group(1)) * _UNITS[(found.group(2) or "").upper()] if found else 0
    if number < 1:
        raise UserErrorException(
            "mini_batch_size must be a number of files, as 5, or for a table a number of bytes, as '1MB', not "
            "{!r}.".format(text)
        )
    return number
