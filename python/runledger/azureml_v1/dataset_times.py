"""Tables with columns of times, and what lies before, after or between two of them."""

import datetime

from runledger.azureml_v1.exceptions import DatasetTimestampMissingError, UserErrorException


class TimeMethods:
    """A part of ``TabularDataset``, which provides ``_content`` and ``_with``. ``_content["timestamps"]`` has two names."""

    @property
    def timestamp_columns(self):
        """``(timestamp, partition_timestamp)``: names of columns, or ``None``."""
        return tuple(self._content.get("timestamps") or (None, None))

    def with_timestamp_columns(self, timestamp=None, partition_timestamp=None, validate=False, **kwargs):
        """The table with the column ``timestamp`` as that of its times, and ``partition_timestamp`` as that of coarser ones.

        Without either the table has none. ``validate`` reads the table. Raises ``UserErrorException`` for a
        ``partition_timestamp`` alone, or a column that is not there.
        """
        timestamp = kwargs.get("fine_grain_timestamp", timestamp)
        partition_timestamp = kwargs.get("coarse_grain_timestamp", partition_timestamp)
        if timestamp is None and partition_timestamp is not None:
            raise UserErrorException("partition_timestamp cannot be given without timestamp.")
        if timestamp is not None and timestamp == partition_timestamp:
            raise UserErrorException("timestamp and partition_timestamp must be different columns.")
        content = dict(self._content, timestamps=[timestamp, partition_timestamp])
        made = type(self)(content, self._workspace)
        if validate:
            columns = list(made.to_pandas_dataframe().columns)
            for name in made.timestamp_columns:
                if name is not None and name not in columns:
                    raise UserErrorException("The table has no column {}; it has {}.".format(name, ", ".join(columns)))
        return made

    def time_before(self, end_time, include_boundary=True, validate=True):
        """The rows up to ``end_time``, a ``datetime``. Raises ``DatasetTimestampMissingError`` where no column has times."""
        return self._in_time(None, end_time, include_boundary)

    def time_after(self, start_time, include_boundary=True, validate=True):
        """The rows from ``start_time`` on, as ``time_before``."""
        return self._in_time(start_time, None, include_boundary)

    def time_between(self, start_time, end_time, include_boundary=True, validate=True):
        """The rows from ``start_time`` to ``end_time``, as ``time_before``."""
        return self._in_time(start_time, end_time, include_boundary)

    def time_recent(self, time_delta, include_boundary=True, validate=True):
        """The rows of the last ``time_delta``, a ``timedelta`` up to now, as ``time_before``."""
        if not isinstance(time_delta, datetime.timedelta):
            raise UserErrorException("time_delta must be a timedelta, not {!r}.".format(time_delta))
        return self._in_time(datetime.datetime.now(datetime.timezone.utc) - time_delta, None, include_boundary)

    def _in_time(self, start, end, include_boundary):
        column = self.timestamp_columns[0] or self.timestamp_columns[1]
        if column is None:
            raise DatasetTimestampMissingError(
                "The table has no column of times. Name one with with_timestamp_columns(timestamp=...)."
            )
        operation = {"kind": "time", "column": column, "includeBoundary": bool(include_boundary)}
        for name, moment in (("start", start), ("end", end)):
            if moment is not None:
                if not isinstance(moment, datetime.datetime):
                    raise UserErrorException("{}_time must be a datetime, not {!r}.".format(name, moment))
                operation[name] = moment.isoformat()
        return self._with(operation)

    def _timestamps_of(self, is_kept):
        """The content's ``timestamps`` without the columns that are not kept."""
        return [name if name is not None and is_kept(name) else None for name in self.timestamp_columns]


def in_time(pandas, frame, operation):
    """The rows of ``frame`` that an operation of the kind ``time`` leaves. Raises ``UserErrorException``."""
    column = operation["column"]
    if column not in frame.columns:
        raise UserErrorException("The table has no column {}, which its times are to be read from.".format(column))
    # Before its version 2, pandas looked at each text by itself, as it has to be asked to since.
    mixed = {} if pandas.__version__.startswith(("0.", "1.")) or frame[column].dtype.kind == "M" else {"format": "mixed"}
    # What has no zone is taken for UTC, on both sides.
    times = pandas.to_datetime(frame[column], utc=True, errors="coerce", **mixed)
    kept = times.notna()
    is_closed = operation["includeBoundary"]
    if "start" in operation:
        start = pandas.to_datetime(operation["start"], utc=True)
        kept &= (times >= start) if is_closed else (times > start)
    if "end" in operation:
        end = pandas.to_datetime(operation["end"], utc=True)
        kept &= (times <= end) if is_closed else (times < end)
    return frame[kept].reset_index(drop=True)
