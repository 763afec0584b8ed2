"""What a journal says about a run: its records folded into status, tags, parameters, metrics, images and documents."""

from runledger.store.encoding import as_float, decode_number, tag_floats
from runledger.store.metric import Metric

STATES = (
    "NotStarted",
    "Queued",
    "Preparing",
    "Starting",
    "Running",
    "Finalizing",
    "CancelRequested",
    "Canceled",
    "Completed",
    "Failed",
)
TERMINAL_STATES = ("Completed", "Failed", "Canceled")
DOCUMENT_SCHEMAS = ("confusion_matrix", "accuracy_table", "residuals", "predictions")
_SMALL = 1 << 53
ROLES = ("submitter", "supervisor", "script", "interactive", "orchestrator", "watcher")


class _WrongType(Exception):
    """A field of a known record has a type that the format does not allow."""


class _WrongKind(Exception):
    """The name of a metric was first used for another kind."""


class RunView:
    """The state of a run as its journal gives it. Times are Unix seconds. Liveness is not part of it."""

    def __init__(self, run_json):
        self.run_json = run_json
        self.status = "NotStarted"
        self.start_time = None
        self.end_time = None
        self.exit_code = None
        self.error = None
        self.display_name = _text_or_none(run_json.get("displayName"))
        self.description = _text_or_none(run_json.get("description"))
        self.notes = None
        self.tags = _entries(run_json.get("tags"), (str, type(None)))
        self.properties = _entries(run_json.get("properties"), (str,))
        self.parameters = {}
        self.metrics = {}
        self.images = {}
        """``{name: [{"path", "step", "description", "time"}]}``."""
        self.documents = {}
        """``{name: {"schema", "path", "description"}}``."""
        self.snapshot = None
        self.processes = []
        self.warnings = []
        self.last_record_time = None
        self.problems = 0

    @property
    def is_terminal(self):
        return self.status in TERMINAL_STATES

    def to_dict(self):
        """The view in the shape of the shared test vectors, with non-finite numbers tagged."""
        metrics = {name: metric.to_dict() for name, metric in self.metrics.items()}
        for name, images in self.images.items():
            metrics.setdefault(
                name, {"kind": "image", "images": [{"path": i["path"], "step": i["step"]} for i in images]}
            )
        for name, document in self.documents.items():
            metrics.setdefault(name, {"kind": "document", "schema": document["schema"], "path": document["path"]})
        return tag_floats(
            {
                "status": self.status,
                "startTime": self.start_time,
                "endTime": self.end_time,
                "exitCode": self.exit_code,
                "error": self.error,
                "displayName": self.display_name,
                "description": self.description,
                "notes": self.notes,
                "tags": self.tags,
                "properties": self.properties,
                "parameters": self.parameters,
                "metrics": metrics,
                "warnings": self.warnings,
                "problems": self.problems,
            }
        )

    def add(self, record):
        """Takes the next record, in order. One that cannot be used is counted, and changes nothing."""
        handler = _HANDLERS.get(record["k"])
        if handler is None:
            return
        try:
            handler(self, record)
        except _WrongType:
            self.problems += 1
            return
        except _WrongKind:
            self.problems += 1
        time = record["t"]
        if self.last_record_time is None or time > self.last_record_time:
            self.last_record_time = time

    def _metric(self, name, kind, description):
        metric = self.metrics.get(name)
        if metric is None:
            metric = self.metrics[name] = Metric(kind, description or None)
        elif metric.kind != kind:
            raise _WrongKind
        elif description:
            metric.description = description
        return metric

    def _add_point(self, name, value, step, time, description):
        points = self._metric(name, "metric", description).points
        points.append((len(points) if step is None else step, value, time))

    def _add_metric(self, record):
        self._add_point(
            _label(record), _scalar(record.get("v")), _step(record), record["t"], _optional_text(record, "d")
        )

    def _add_metrics(self, record):
        values = {_checked_label(name): _scalar(value) for name, value in _object(record.get("v")).items()}
        step = _step(record)
        for name, value in values.items():
            try:
                self._add_point(name, value, step, record["t"], None)
            except _WrongKind:
                self.problems += 1

    def _add_list(self, record):
        values = _array(record.get("v"))
        _step(record)
        self._metric(_label(record), "list", _optional_text(record, "d")).values.extend(values)

    def _add_row(self, record):
        columns = {name: [_scalar_or_null(value)] for name, value in _object(record.get("v")).items()}
        self._metric(_label(record), "row", _optional_text(record, "d")).add_columns(columns, 1)

    def _add_table(self, record):
        columns = {name: _array(values) for name, values in _object(record.get("v")).items()}
        count = max([len(values) for values in columns.values()], default=0)
        self._metric(_label(record), "table", _optional_text(record, "d")).add_columns(columns, count)

    def _add_image(self, record):
        image = {
            "path": _text(record, "p"),
            "step": _step(record),
            "description": _optional_text(record, "d"),
            "time": record["t"],
        }
        self.images.setdefault(_label(record), []).append(image)

    def _add_document(self, record):
        schema = record.get("schema")
        if schema not in DOCUMENT_SCHEMAS:
            raise _WrongType
        document = {"schema": schema, "path": _text(record, "p"), "description": _optional_text(record, "d")}
        self.documents[_label(record)] = document

    def _add_params(self, record):
        values = {_checked_label(name): _scalar_or_null(value) for name, value in _object(record.get("v")).items()}
        for name, value in values.items():
            if name not in self.parameters:
                self.parameters[name] = value
            elif not _is_same_scalar(self.parameters[name], value):
                self.problems += 1

    def _add_tag(self, record):
        value = record.get("v", 0)
        if value is not None and type(value) is not str:
            raise _WrongType
        name = _label(record)
        # The tag that was set last comes last.
        self.tags.pop(name, None)
        self.tags[name] = value

    def _remove_tag(self, record):
        self.tags.pop(_label(record), None)

    def _add_properties(self, record):
        values = _object(record.get("v"))
        for name, value in values.items():
            _checked_label(name)
            if type(value) is not str:
                raise _WrongType
        for name, value in values.items():
            self.properties.setdefault(name, value)

    def _set_attribute(self, record):
        name, value = record.get("n"), record.get("v", 0)
        if value is not None and type(value) is not str:
            raise _WrongType
        if name == "displayName":
            self.display_name = value
        elif name == "description":
            self.description = value
        elif name == "notes":
            self.notes = value
        else:
            raise _WrongType

    def _set_status(self, record):
        state = record.get("v")
        if state not in STATES:
            raise _WrongType
        exit_code = record.get("exitCode")
        if exit_code is not None and not _is_integer(exit_code):
            raise _WrongType
        signal = record.get("signal")
        if signal is not None and type(signal) is not str:
            raise _WrongType
        error = record.get("error")
        if error is not None:
            error = _failure(error)
        if state in TERMINAL_STATES:
            if self.is_terminal and not (self.status == "Completed" and state != "Completed"):
                return
            self.status = state
            self.end_time = record["t"]
            self.exit_code = None if exit_code is None else int(exit_code)
            self.error = error
        elif not self.is_terminal:
            self.status = state
            if state == "Running" and self.start_time is None:
                self.start_time = record["t"]

    def _add_process(self, record):
        if record.get("role") not in ROLES or not _is_integer(record.get("pid")):
            raise _WrongType
        for name in ("startTime", "bootId", "host"):
            if type(record.get(name)) is not str:
                raise _WrongType
        process = {name: record[name] for name in ("role", "pid", "startTime", "bootId", "host")}
        if "cgroup" in record:
            process["cgroup"] = _text(record, "cgroup")
        self.processes.append(process)

    def _note_heartbeat(self, record):
        pass

    def _set_snapshot(self, record):
        if not _is_integer(record.get("files")) or not _is_integer(record.get("bytes")):
            raise _WrongType
        self.snapshot = {"hash": _text(record, "hash"), "files": record["files"], "bytes": record["bytes"]}

    def _add_warning(self, record):
        self.warnings.append(_text(record, "message"))


_HANDLERS = {
    "metric": RunView._add_metric,
    "metrics": RunView._add_metrics,
    "list": RunView._add_list,
    "row": RunView._add_row,
    "table": RunView._add_table,
    "image": RunView._add_image,
    "document": RunView._add_document,
    "params": RunView._add_params,
    "tag": RunView._add_tag,
    "untag": RunView._remove_tag,
    "properties": RunView._add_properties,
    "attribute": RunView._set_attribute,
    "status": RunView._set_status,
    "process": RunView._add_process,
    "heartbeat": RunView._note_heartbeat,
    "snapshot": RunView._set_snapshot,
    "warning": RunView._add_warning,
}


def fold(run_json, records, problems=0):
    """Folds decoded ``records``, in order, into a ``RunView``. ``problems`` were met while reading them."""
    view = RunView(run_json)
    view.problems = problems
    for record in records:
        view.add(record)
    return view


def _checked_label(name):
    if type(name) is not str or not name:
        raise _WrongType
    return name


def _label(record):
    return _checked_label(record.get("n"))


def _scalar(value):
    if type(value) in (str, bool):
        return value
    number = decode_number(value)
    if number is None:
        raise _WrongType
    return number


def _scalar_or_null(value):
    return None if value is None else _scalar(value)


def _array(value):
    if type(value) is not list:
        raise _WrongType
    return [_scalar_or_null(item) for item in value]


def _object(value):
    if type(value) is not dict:
        raise _WrongType
    return value


def _is_integer(value):
    if type(value) is int:
        return as_float(value).is_integer()
    return type(value) is float and value.is_integer()


def _step(record):
    if "s" not in record:
        return None
    step = record["s"]
    # Nearly all steps are small.
    if type(step) is int and -_SMALL < step < _SMALL:
        return step
    if not _is_integer(step):
        raise _WrongType
    return int(step)


def _text_or_none(value):
    return value if type(value) is str else None


def _entries(value, types):
    """The entries of an object in run.json whose values are of ``types``."""
    if type(value) is not dict:
        return {}
    return {name: item for name, item in value.items() if isinstance(item, types)}


def _text(record, field):
    value = record.get(field)
    if type(value) is not str:
        raise _WrongType
    return value


def _optional_text(record, field):
    return _text(record, field) if field in record else None


def _failure(error):
    if type(error) is not dict or type(error.get("message")) is not str:
        raise _WrongType
    # What happened counts, however badly it is described.
    return {name: error[name] for name in ("message", "type", "traceback", "advice") if type(error.get(name)) is str}


def _is_same_scalar(one, other):
    """As every reader takes them: numbers are floats, and ``True`` is not 1."""
    if type(one) is int:
        one = as_float(one)
    if type(other) is int:
        other = as_float(other)
    return type(one) is type(other) and (one == other or (one != one and other != other))
