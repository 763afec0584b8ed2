"""Runs and experiments of the store as MLflow's entities, and what of MLflow's values the store keeps how."""

import inspect
import math
from pathlib import Path

from mlflow.entities import Experiment, LifecycleStage, Metric, Param, Run, RunData, RunInfo, RunTag

from runledger.store.names import experiment_key

SYSTEM_PREFIX = "mlflow."
RUN_NAME = "mlflow.runName"
NOTE = "mlflow.note.content"
PARENT = "mlflow.parentRunId"
DEFAULT_EXPERIMENT = "Default"
DEFAULT_EXPERIMENT_ID = "0"
"""What MLflow asks for where nobody named an experiment."""

_STATUSES = {
    "Completed": "FINISHED",
    "Failed": "FAILED",
    "Canceled": "KILLED",
    "NotStarted": "SCHEDULED",
    "Queued": "SCHEDULED",
    "Preparing": "SCHEDULED",
    "Starting": "SCHEDULED",
}
_RUN_INFO_FIELDS = inspect.signature(RunInfo.__init__).parameters


def experiment_entity(experiment):
    """An ``ExperimentStore`` as an ``Experiment``."""
    is_default = experiment.key == experiment_key(DEFAULT_EXPERIMENT)
    return Experiment(
        DEFAULT_EXPERIMENT_ID if is_default else experiment.id,
        experiment.name,
        Path(experiment.path).as_uri(),
        LifecycleStage.ACTIVE,
    )


def run_entity(folder, experiment_id):
    """A ``RunFolder`` as a ``Run``."""
    status, _, view = folder.state()
    created = folder.run_json["createdTime"]
    fields = {
        "run_id": folder.id,
        "experiment_id": experiment_id,
        "user_id": folder.run_json.get("user") or "",
        "status": _STATUSES.get(status, "RUNNING"),
        "start_time": _milliseconds(view.start_time or created),
        "end_time": _milliseconds(view.end_time),
        "lifecycle_stage": LifecycleStage.ACTIVE,
        "artifact_uri": Path(folder.artifacts_folder).as_uri(),
        "run_name": view.display_name or folder.id,
    }
    if "run_uuid" in _RUN_INFO_FIELDS:
        # Before MLflow 3.
        fields["run_uuid"] = folder.id
    return Run(RunInfo(**fields), _data(folder, view))


def _data(folder, view):
    metrics = []
    for name in view.metrics:
        history = metric_history(view, name)
        if history:
            metrics.append(max(history, key=lambda metric: (metric.step, metric.timestamp)))
    parameters = [Param(name, parameter_text(value)) for name, value in view.parameters.items()]
    tags = {name: value for name, value in view.properties.items() if name.startswith(SYSTEM_PREFIX)}
    tags.update((name, "" if value is None else value) for name, value in view.tags.items())
    tags[RUN_NAME] = view.display_name or folder.id
    if view.description is not None:
        tags[NOTE] = view.description
    if folder.run_json.get("parentId"):
        tags[PARENT] = folder.run_json["parentId"]
    return RunData(metrics, parameters, [RunTag(name, value) for name, value in tags.items()])


def metric_history(view, name):
    """``[Metric]`` of a series, in order; empty for what is none, and without values that are no numbers."""
    metric = view.metrics.get(name)
    if metric is None or metric.kind != "metric":
        return []
    return [
        Metric(name, float(value), _milliseconds(time), int(step))
        for step, value, time in metric.points
        if isinstance(value, (int, float))
    ]


def parameter_value(text):
    """MLflow's text of a parameter: a number or a boolean where that has just this text, so that it reads back the
    same."""
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if str(value) == text and math.isfinite(value):
            return value
    return text


def parameter_text(value):
    return str(value)


def _milliseconds(seconds):
    return None if seconds is None else int(seconds * 1000)
