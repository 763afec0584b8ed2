"""Records what happens in one run. Every method validates its arguments, then appends to the journal.

Wrong arguments raise at once. Failures to write do not: logging never ends a training. They warn once on stderr and,
when the journal can be written again, leave a ``warning`` in it; ``RUNLEDGER_STRICT=1`` makes them raise ``OSError``.
"""

import os
import sys

from runledger.errors import InvalidArgumentError, RunledgerError
from runledger.store.clock import time_ns
from runledger.store.encoding import ascii_or_valid, encode_record, quote, record_time, time_text, to_json, to_line
from runledger.store.journal_writer import JournalWriter
from runledger.store.names import validated_label
from runledger.store.run_view import TERMINAL_STATES
from runledger.tracking import values

MAX_VALUES_IN_RECORD = 10000
"""Longer lists and tables are split: their records concatenate."""
_MAX_CACHED_NAMES = 10000
_MAX_FLOAT = sys.float_info.max
_MAX_PLAIN_INTEGER = 1 << 63
_THREE_DIGITS = []
"""``000`` to ``999``, once the first value was logged. Two of them spell microseconds in half the time of a format."""


class Recorder:
    """The writing side of a run.

    ``is_owner`` is true in a process that the run lives in. Elsewhere (a tag set on an old run) the run may have ended:
    then the journal is closed after each record, and the run does not stay marked active.
    """

    def __init__(self, run, role, is_owner):
        self.run = run
        self._writer = JournalWriter(run, role)
        self._is_terminal = False
        self._is_state_known = is_owner
        self._is_plain = is_owner
        """Nothing is to be done around an append: the state is known and not terminal, and nothing was lost."""
        self._quoted = {}
        """Names of metrics as JSON, as far as they were used."""
        self._documents = {}
        self._last_time_ns = 0
        self._second = (-1000000000, "")
        """The second of the last value, in nanoseconds, and the start of its records."""
        self._lost = 0
        self._has_warned = False
        self.uploaded = {}
        """Files saved by name: ``{artifact: absolute path, or None for a stream}``."""

    def metric(self, name, value, step=None, description=None):
        """One value of the series ``name``.

        This is what training loops call: it costs little more than the system call, as few functions are called on the
        way as the checks allow, and every other case goes through the functions for all records.
        """
        try:
            quoted = self._quoted[name]
        except (KeyError, TypeError):
            quoted = self._quote(validated_label(name, "name"))
        kind = type(value)
        if kind is float:
            is_plain = -_MAX_FLOAT <= value <= _MAX_FLOAT
        else:
            is_plain = kind is int and -_MAX_PLAIN_INTEGER < value < _MAX_PLAIN_INTEGER
        if not is_plain or description:
            self._metric_line(quoted, values.scalar(value, "value"), step, description)
            return
        if step is not None and (type(step) is not int or not -_MAX_PLAIN_INTEGER < step < _MAX_PLAIN_INTEGER):
            step = values.step_number(step)
        now = time_ns()
        if now < self._last_time_ns:
            now = self._last_time_ns
        self._last_time_ns = now
        # One attribute: another thread may begin a second in between.
        second_ns, second = self._second
        microseconds = (now - second_ns) // 1000
        if not 0 <= microseconds < 1000000:
            second_ns, second = self._second = _second_of(now)
            microseconds = (now - second_ns) // 1000
        high = _THREE_DIGITS[microseconds // 1000]
        low = _THREE_DIGITS[microseconds % 1000]
        if step is None:
            line = f'{second}{high}{low},"k":"metric","n":{quoted},"v":{value!r}}}\n'.encode()
        else:
            line = f'{second}{high}{low},"k":"metric","n":{quoted},"v":{value!r},"s":{step}}}\n'.encode()
        if self._is_plain:
            try:
                self._writer.append(line)
            except OSError as error:
                self._lose(error, "record what was logged")
        else:
            self._append_line(line)

    def _metric_line(self, quoted, value, step, description):
        text = '{"t":' + time_text(self._now_ns()) + ',"k":"metric","n":' + quoted + ',"v":' + to_json(value)
        if step is not None:
            text += ',"s":{}'.format(values.step_number(step))
        if description:
            text += ',"d":' + quote(str(description))
        self._append_line(to_line(text + "}"))

    def metrics(self, metrics, step=None):
        """Several values at once: ``{name: scalar}``."""
        if not isinstance(metrics, dict):
            raise InvalidArgumentError(
                "metrics must be a dict of names and values, not {}.".format(type(metrics).__name__),
                'For example run.log({"loss": 0.5}, step=1).',
            )
        parts = []
        for name, value in metrics.items():
            try:
                quoted = self._quoted[name]
            except (KeyError, TypeError):
                quoted = self._quote(validated_label(name, "The name of a metric"))
            if type(value) is float and -_MAX_FLOAT <= value <= _MAX_FLOAT:
                parts.append(quoted + ":" + repr(value))
            else:
                parts.append(quoted + ":" + to_json(values.scalar(value, "The value of {!r}".format(name))))
        end = "}}" if step is None else '}},"s":{}}}'.format(values.step_number(step))
        if parts:
            stamp = time_text(self._now_ns())
            self._append_line(to_line('{"t":' + stamp + ',"k":"metrics","v":{' + ",".join(parts) + end))

    def _quote(self, label):
        if len(self._quoted) >= _MAX_CACHED_NAMES:
            # A program that makes names up goes on for ever.
            self._quoted.clear()
        quoted = self._quoted[label] = ascii_or_valid(quote(label))
        return quoted

    def vector(self, name, value, step=None, description=None):
        """Values of the list ``name``; those of several calls concatenate."""
        label = validated_label(name, "name")
        items = values.vector(value, "value")
        for start in range(0, max(len(items), 1), MAX_VALUES_IN_RECORD):
            fields = {"n": label, "v": items[start : start + MAX_VALUES_IN_RECORD]}
            if step is not None:
                fields["s"] = values.step_number(step)
            self._append("list", _described(fields, description))

    def row(self, name, columns, description=None):
        """One row of the table ``name``: ``{column: scalar}``."""
        label = validated_label(name, "name")
        if not columns:
            raise InvalidArgumentError("A row needs at least one column, given as a keyword argument.")
        row = {column: values.scalar_or_null(value, "{}".format(column)) for column, value in columns.items()}
        self._append("row", _described({"n": label, "v": row}, description))

    def table(self, name, value, description=None):
        """Rows of the table ``name``; see ``values.columns`` for what ``value`` may be."""
        label = validated_label(name, "name")
        columns = values.columns(value, "value")
        count = max([len(column) for column in columns.values()], default=0)
        for start in range(0, max(count, 1), MAX_VALUES_IN_RECORD):
            part = {column: items[start : start + MAX_VALUES_IN_RECORD] for column, items in columns.items()}
            self._append("table", _described({"n": label, "v": part}, description))

    def image(self, name, source, artifact, step=None, description=None):
        """The image ``source`` (see ``RunFolder.save_artifact``) as the run's file ``artifact``."""
        fields = {"n": validated_label(name, "name"), "p": artifact}
        if step is not None:
            fields["s"] = values.step_number(step)
        if self.save_file(artifact, source):
            self._append("image", _described(fields, description))

    def document(self, name, schema, data, description=None):
        """The JSON ``data`` (bytes) as a file of the run, named like the document; a later one of the name replaces it."""
        import io

        label = validated_label(name, "name")
        artifact = self._documents.get(label) or self.run.document_artifact_name(label)
        fields = {"n": label, "schema": schema, "p": artifact}
        if self.save_file(artifact, io.BytesIO(data)):
            self._documents[label] = artifact
            self._append("document", _described(fields, description))

    def params(self, params):
        """Parameters: ``{name: scalar or None}``. The first value of a name stays."""
        if not isinstance(params, dict):
            raise InvalidArgumentError("params must be a dict, not {}.".format(type(params).__name__))
        checked = {
            validated_label(name, "The name of a parameter"): values.scalar_or_null(
                value, "The value of {!r}".format(name)
            )
            for name, value in params.items()
        }
        if checked:
            self._append("params", {"v": checked})

    def tag(self, name, value=None):
        label = validated_label(name, "The name of a tag")
        text = None if value is None else values.text(value, "The value of the tag {!r}".format(name))
        self._append("tag", {"n": label, "v": text})

    def untag(self, name):
        self._append("untag", {"n": validated_label(name, "The name of a tag")})

    def properties(self, properties):
        if not isinstance(properties, dict):
            raise InvalidArgumentError("properties must be a dict, not {}.".format(type(properties).__name__))
        checked = {
            validated_label(name, "The name of a property"): values.text(
                value, "The value of the property {!r}".format(name)
            )
            for name, value in properties.items()
        }
        if checked:
            self._append("properties", {"v": checked})

    def attribute(self, name, value):
        """Sets ``displayName``, ``description`` or ``notes``."""
        self._append("attribute", {"n": name, "v": None if value is None else str(value)})

    def warning(self, message):
        self._append("warning", {"message": message})

    def snapshot(self, digest, files, size):
        """The code of the run is the snapshot ``digest``, of so many ``files``, which have ``size`` bytes."""
        self._append("snapshot", {"hash": digest, "files": files, "bytes": size})

    def process(self, fields):
        self._append("process", fields)

    def heartbeat(self):
        self._append("heartbeat", {})

    def status(self, state, error=None):
        """Records a state. After a terminal one the run is no longer active."""
        fields = {"v": state}
        if error is not None:
            fields["error"] = error
        if state in TERMINAL_STATES:
            self._is_terminal = True
            self._is_plain = False
        self._append("status", fields)

    def save_file(self, artifact, source):
        """Copies ``source`` to the run's file ``artifact``. Returns whether that was possible.

        Raises ``InvalidNameError``; an unreadable source raises ``OSError``, as it is the caller's, not the store's.
        """
        self.run.artifact_path(artifact)
        is_stream = hasattr(source, "read")
        if not is_stream:
            with open(source, "rb"):
                pass
        try:
            self.run.save_artifact(artifact, source)
        except OSError as error:
            self._lose(error, "save the file {!r}".format(artifact))
            return False
        self.uploaded[artifact] = None if is_stream else os.path.abspath(source)
        return True

    def close(self):
        """Closes the journal. A later record opens it again."""
        try:
            self._writer.close()
        except OSError:
            pass
        if self._is_terminal:
            self._writer.remove_active_mark()

    def _now_ns(self):
        # Records are read in the order of their times: a clock that is set back must not change it.
        self._last_time_ns = now = max(time_ns(), self._last_time_ns)
        return now

    def _append(self, kind, fields):
        self._append_line(encode_record(record_time(self._now_ns()), kind, fields))

    def _append_line(self, line):
        try:
            if self._lost:
                self._record_losses()
            self._writer.append(line)
        except OSError as error:
            self._lose(error, "record what was logged")
        if not self._is_state_known:
            self._find_state()
        if self._is_terminal:
            self.close()
        self._is_plain = self._is_state_known and not self._is_terminal and not self._lost

    def _find_state(self):
        # Once is enough: a run that ends later is unmarked by whoever ends it, and this journal stays open till then.
        self._is_state_known = True
        try:
            self._is_terminal = self._is_terminal or self.run.view().is_terminal
        except (OSError, RunledgerError):
            pass

    def _record_losses(self):
        message = "{} {} could not be written and {} lost.".format(
            self._lost, *(("record or file", "is") if self._lost == 1 else ("records or files", "are"))
        )
        self._writer.append(encode_record(record_time(self._now_ns()), "warning", {"message": message}))
        self._lost = 0

    def _lose(self, error, action):
        self._lost += 1
        self._is_plain = False
        if os.environ.get("RUNLEDGER_STRICT") == "1":
            raise error
        if not self._has_warned:
            self._has_warned = True
            try:
                sys.stderr.write(
                    "runledger: cannot {} of the run {}: {}. The script goes on; further failures are not "
                    "reported.\n".format(action, self.run.id, error)
                )
            except (OSError, ValueError, AttributeError):
                pass


def _second_of(now):
    """The second of a time in nanoseconds, and how records of it start."""
    if not _THREE_DIGITS:
        _THREE_DIGITS.extend([str(number)[1:] for number in range(1000, 2000)])
    seconds = now // 1000000000
    return seconds * 1000000000, '{{"t":{}.'.format(seconds)


def _described(fields, description):
    if description:
        fields["d"] = str(description)
    return fields
