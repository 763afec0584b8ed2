"""Columns whose values are parts of the paths of files, as ``partition_format`` describes them."""

import datetime
import os
import re

from runledger.azureml_v1.exceptions import UserErrorException, translated

_TIME_PARTS = {
    "yyyy": ("%Y", r"\d{4}"),
    "MM": ("%m", r"\d{2}"),
    "dd": ("%d", r"\d{2}"),
    "HH": ("%H", r"\d{2}"),
    "mm": ("%M", r"\d{2}"),
    "ss": ("%S", r"\d{2}"),
}
_PART = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}|(\*)")


class PartitionFormat:
    """``text`` names columns in braces, as ``/{Department}/{Date:yyyy/MM/dd}/data.csv``, from the first of them to the end
    of a path; ``*`` stands for anything within a name. A column with ``yyyy``, ``MM``, ``dd``, ``HH``, ``mm`` and ``ss`` holds
    times, others hold text.

    Raises ``UserErrorException`` for a format without a column, or with one twice.
    """

    def __init__(self, text):
        if not isinstance(text, str):
            raise UserErrorException("partition_format must be a text, not {!r}.".format(text))
        self.text = text
        self._times = {}
        self.columns = []
        pattern, end = "", 0
        for match in _PART.finditer(text):
            pattern += re.escape(text[end : match.start()]) + self._group(match)
            end = match.end()
        if not self.columns:
            raise UserErrorException(
                "partition_format: {!r} names no column, as in '/{{Date:yyyy/MM/dd}}/data.csv'.".format(text)
            )
        self._pattern = re.compile(pattern + re.escape(text[end:]) + r"\Z")

    def _group(self, match):
        name, time, anything = match.groups()
        if anything:
            return "[^/]*"
        if name in self.columns:
            raise UserErrorException("partition_format: {!r} names the column {!r} twice.".format(self.text, name))
        self.columns.append(name)
        if time is None:
            return "([^/]+)"
        directives, pattern = "", ""
        for part in re.findall("yyyy|MM|dd|HH|mm|ss|.", time):
            directive, digits = _TIME_PARTS.get(part, (part.replace("%", "%%"), re.escape(part)))
            directives += directive
            pattern += digits
        self._times[name] = directives
        return "({})".format(pattern)

    def values(self, path):
        """``{column: value}`` of the file ``path``, which has slashes. Raises ``UserErrorException`` where it does not fit."""
        match = self._pattern.search(path)
        if match is None:
            raise UserErrorException("partition_format: the path {} does not fit {!r}.".format(path, self.text))
        found = dict(zip(self.columns, match.groups()))
        for name, directives in self._times.items():
            try:
                found[name] = datetime.datetime.strptime(found[name], directives)
            except ValueError as error:
                raise UserErrorException("partition_format: the path {} has no time: {}.".format(path, error)) from None
        return found


class PartitionMethods:
    """What data sets have that were made with a ``partition_format``."""

    @property
    def partition_keys(self):
        """The names in the ``partition_format``; an empty list without one."""
        made = self._partitions()
        return [] if made is None else list(made.columns)

    @translated
    def get_partition_key_values(self, partition_keys=None):
        """The values of the ``partition_keys`` (default: all of them) that occur, each combination once, as dicts.

        Raises ``UserErrorException`` for a name that is none of them.
        """
        found = []
        for values, _ in self._parts(self.partition_keys if partition_keys is None else partition_keys):
            found.append(values)
        return found

    def _partitions(self):
        text = self._content.get("partitionFormat") or self._content.get("options", {}).get("partitionFormat")
        return None if text is None else PartitionFormat(text)

    def _parts(self, keys):
        """``[({key: value}, [path])]``: the files of each combination of values, in their order."""
        from runledger.azureml_v1 import dataset_source

        unknown = [key for key in keys if key not in self.partition_keys]
        if unknown or isinstance(keys, str):
            raise UserErrorException(
                "partition_keys must be a list of some of {}, not {!r}.".format(self.partition_keys, keys)
            )
        made = self._partitions()
        if made is None:
            return []
        own = getattr(self, "_files", None)
        files = dataset_source.files(self._content["sources"], self._workspace) if own is None else own()
        parts = {}
        for path, _ in files:
            values = made.values(path.replace(os.sep, "/"))
            chosen = {key: values[key] for key in keys}
            parts.setdefault(tuple(chosen.values()), (chosen, []))[1].append(path)
        return list(parts.values())
