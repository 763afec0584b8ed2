"""The mini-batches of a ``ParallelRunStep``: lists of files, or parts of a table."""

import os
import re

from runledger.azureml_v1.datastore import files_below
from runledger.azureml_v1.exceptions import UserErrorException

DEFAULT_FILES = 10
DEFAULT_BYTES = 1 << 20
_UNITS = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_SIZE = re.compile(r"(\d+)\s*([KMG]?B)?\Z", re.IGNORECASE)


def batches_of(inputs, size):
    """The mini-batches of ``inputs``, data sets and paths as ``run.input_datasets`` gives them.

    ``size`` is a text: the number of files, or of bytes of a table, as ``"5"`` or ``"1MB"``; empty for the default.
    Raises ``UserErrorException``.
    """
    found = []
    for data in inputs:
        found += _of_table(data, size) if hasattr(data, "to_pandas_dataframe") else _of_files(data, size)
    return found


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
