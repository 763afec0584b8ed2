"""What ``Run.get_metrics`` and ``Run.get_details`` return."""

from runledger.store.metric_names import is_system_metric

ARTIFACT_URI = "aml://artifactId/ExperimentRun/dcid.{}/{}"
LOG_FILE = "logs/std_log.txt"
LOG_ALIASES = ("azureml-logs/70_driver_log.txt", "user_logs/std_log.txt")
"""Names under which Azure ML kept a script's output."""
_LOG_FOLDERS = ("logs/", "azureml-logs/", "user_logs/", "system_logs/")


def metric_values(folder, view, name=None, populate=False):
    """``{name: value}`` in the shapes of the SDK, of plain Python values.

    With ``populate`` a document is its decoded JSON instead of its address. What the run used of the machine is there by its
    name alone.
    """
    values = {}
    for label, metric in view.metrics.items():
        if label == name or (name is None and not is_system_metric(label)):
            values[label] = _metric_value(metric)
    for label, images in view.images.items():
        if label not in values and (name is None or label == name):
            addresses = [ARTIFACT_URI.format(folder.id, image["path"]) for image in images]
            values[label] = addresses[0] if len(addresses) == 1 else addresses
    for label, document in view.documents.items():
        if label not in values and (name is None or label == name):
            values[label] = (
                _document(folder, document["path"]) if populate else ARTIFACT_URI.format(folder.id, document["path"])
            )
    return values


def _metric_value(metric):
    if metric.kind == "metric":
        if len(metric.points) == 1:
            return metric.points[0][1]
        return [value for _, value, _ in metric.points]
    if metric.kind == "list":
        return list(metric.values)
    if metric.kind == "row" and metric.row_count == 1:
        return {name: column[0] for name, column in metric.columns.items()}
    return {name: list(column) for name, column in metric.columns.items()}


def _document(folder, path):
    import json

    with open(folder.existing_artifact_path(path), "rb") as file:
        return json.loads(file.read().decode("utf-8"))


def utc_text(seconds):
    """ISO 8601 with fraction and Z, as scripts parse it; ``None`` for ``None``."""
    if seconds is None:
        return None
    import datetime

    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def details(folder):
    """The dictionary of ``Run.get_details``."""
    status, error, view = folder.state()
    record = folder.run_json
    submission = record.get("submission") or {}
    result = {
        "runId": folder.id,
        "target": submission.get("target") or "local",
        "status": status,
        "startTimeUtc": utc_text(view.start_time),
        "properties": dict(view.properties),
        "inputDatasets": [],
        "outputDatasets": [],
        "logFiles": log_paths(folder),
        "submittedBy": record.get("user"),
    }
    ended = view.end_time if view.end_time is not None else view.last_record_time if status == "Failed" else None
    if ended is not None:
        result["endTimeUtc"] = utc_text(ended)
    if record.get("submission"):
        result["runDefinition"] = {
            "script": submission.get("script") or "",
            "command": submission.get("command") or "",
            "arguments": [str(argument) for argument in submission.get("arguments") or []],
            "target": submission.get("target") or "local",
            "environmentVariables": dict(submission.get("environmentVariables") or {}),
            "maxRunDurationSeconds": submission.get("maxRunDurationSeconds"),
            "environment": environment_of(submission),
        }
    if error is not None:
        result["error"] = {"error": {"code": "UserError", "message": error_text(error)}}
    if view.warnings:
        result["warnings"] = [{"source": "Runledger", "message": message} for message in view.warnings]
    return result


def environment_of(submission):
    """The environment that a submitted run was made with, in the words of a run configuration; the interpreter is the one
    that ran.
    """
    environment = submission.get("environment")
    environment = dict(environment) if isinstance(environment, dict) else {}
    python = environment.get("python")
    python = dict(python) if isinstance(python, dict) else {}
    python["interpreterPath"] = submission.get("interpreter") or "python"
    return dict(environment, python=python)


def details_with_logs(folder):
    """The dictionary of ``Run.get_details_with_logs``: ``logFiles`` has the text of each log in place of its path."""
    result = details(folder)
    texts = {path: _log_text(path) for path in set(result["logFiles"].values())}
    result["logFiles"] = {name: texts[path] for name, path in result["logFiles"].items()}
    return result


def log_paths(folder):
    """``{name: path}`` of the run's logs. The script's output has its old names as well."""
    paths = {name: folder.artifact_path(name) for name in folder.artifact_names() if name.startswith(_LOG_FOLDERS)}
    if LOG_FILE in paths:
        for alias in LOG_ALIASES:
            paths.setdefault(alias, paths[LOG_FILE])
    return paths


def _log_text(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def error_text(error):
    """The ``error`` of a status in one text."""
    text = "{}: {}".format(error["type"], error["message"]) if error.get("type") else error["message"]
    return "{} {}".format(text, error["advice"]) if error.get("advice") else text
