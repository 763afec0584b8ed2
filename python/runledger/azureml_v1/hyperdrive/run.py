"""``azureml.train.hyperdrive.HyperDriveRun``: a sweep that was submitted. Its children are the trials."""

import json
import math

from runledger.azureml_v1 import run_waiting
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.hyperdrive.config import PrimaryMetricGoal
from runledger.azureml_v1.hyperdrive.exceptions import HyperDriveRehydrateException
from runledger.azureml_v1.orchestration import refuse_end
from runledger.azureml_v1.run import Run

RUN_TYPE = "hyperdrive"
LOG_FILE = "azureml-logs/hyperdrive.txt"
_GOAL_PROPERTY = "primary_metric_config"
_RESUME_PROPERTY = "resume_from"
"""JSON: a list of the ids of the sweeps that this one went on from, or ``null``."""


class HyperDriveRun(Run):
    """A sweep. The constructor finds an existing one; ``Experiment.submit`` gives new ones.

    Raises ``HyperDriveRehydrateException`` where ``run_id`` is no sweep.
    """

    def __init__(self, experiment, run_id, hyperdrive_config=None, **kwargs):
        super().__init__(experiment, run_id)
        if self.type != RUN_TYPE:
            raise HyperDriveRehydrateException("The run {} is no sweep: its type is {}.".format(run_id, self.type))
        self._hyperdrive_config = hyperdrive_config

    def _open(self, experiment, folder):
        super()._open(experiment, folder)
        self._hyperdrive_config = None

    @property
    def hyperdrive_config(self):
        """The ``HyperDriveConfig`` that this object was submitted with; ``None`` for a run that was looked up."""
        return self._hyperdrive_config

    @property
    def _primary_metric(self):
        """``(name, goal)`` of the primary metric; the goal is a ``PrimaryMetricGoal``."""
        try:
            found = json.loads(self._folder.view().properties[_GOAL_PROPERTY])
            return str(found["name"]), PrimaryMetricGoal(found["goal"])
        except (KeyError, TypeError, ValueError):
            raise HyperDriveRehydrateException(
                "The sweep {} does not say what its primary metric is: its property {} is damaged.".format(
                    self.id, _GOAL_PROPERTY
                )
            ) from None

    @translated
    def get_best_run_by_primary_metric(self, include_failed=True, include_canceled=True, include_resume_from_runs=True):
        """The trial with the best value of the primary metric that any of them logged; ``None`` where none did.

        Trials of the sweeps that this one went on from count, unless ``include_resume_from_runs`` is false.
        """
        left_out = ([] if include_failed else ["Failed"]) + ([] if include_canceled else ["Canceled"])
        for trial in self._ranked(self._resumed_from() if include_resume_from_runs else []):
            if trial.best is not None and trial.status not in left_out:
                return trial.run
        return None

    @translated
    def get_children_sorted_by_primary_metric(self, top=0, reverse=False, discard_no_metric=False):
        """The trials from the best to the worst, or with ``reverse`` the other way round; those without a value come
        last.

        Each is a dict: ``run_id``, ``hyperparameters`` (JSON), ``best_primary_metric`` (a number or ``None``) and
        ``status``. ``top`` above 0 is how many are wanted.
        """
        if isinstance(top, bool) or not isinstance(top, int) or top < 0:
            raise UserErrorException("top must be a whole number, 0 for all, not {!r}.".format(top))
        ranked = self._ranked()
        scored = [trial for trial in ranked if trial.best is not None]
        found = scored[::-1] if reverse else scored
        if not discard_no_metric:
            found = found + [trial for trial in ranked if trial.best is None]
        return [
            {
                "run_id": trial.run.id,
                "hyperparameters": trial.hyperparameters,
                "best_primary_metric": trial.best,
                "status": trial.status,
            }
            for trial in (found[:top] if top else found)
        ]

    @translated
    def get_hyperparameters(self):
        """``{id of a trial: its hyperparameters}``, as JSON."""
        return {trial.id: _hyperparameters(trial) for trial in self._trials()}

    @translated
    def get_metrics(self, name=None, recursive=False, run_type=None, populate=False):
        """``{id of a trial: what it logged}``; see ``Run.get_metrics``."""
        return {trial.id: trial.get_metrics(name, recursive, run_type, populate) for trial in self._trials()}

    def complete(self, _set_status=True):
        """Not for a sweep: raises ``UserErrorException``."""
        refuse_end(self, "complete")

    def fail(self, error_details=None, error_code=None, _set_status=True, exception=None):
        """Not for a sweep: raises ``UserErrorException``."""
        refuse_end(self, "fail")

    def _wait_and_show(self):
        log_path = self._folder.artifact_path(LOG_FILE)
        run_waiting.wait_and_show(self._folder, log_path, self.get_portal_url(), LOG_FILE)

    def _trials(self):
        """The trials, in their order."""
        found = [child for child in self.get_children() if isinstance(child._record.get("trial"), dict)]
        return found[::-1]

    def _resumed_from(self):
        """The sweeps that this one went on from, and those that they did. One that is gone is left out."""
        found, waiting, seen = [], [self], {self.id}
        while waiting:
            text = waiting.pop()._folder.view().properties.get(_RESUME_PROPERTY)
            for run_id in json.loads(text or "null") or []:
                if run_id in seen:
                    continue
                seen.add(run_id)
                try:
                    sweep = self.experiment.workspace.get_run(run_id)
                except UserErrorException:
                    continue
                found.append(sweep)
                waiting.append(sweep)
        return found

    def _scored(self, name, goal):
        """The trials with their scores by the metric ``name``, in their order."""
        return [_Scored(trial, name, goal) for trial in self._trials()]

    def _ranked(self, others=()):
        """The trials with their scores, and those of the sweeps ``others``, the best first; those without one at the
        end."""
        name, goal = self._primary_metric
        trials = [trial for sweep in [self] + list(others) for trial in sweep._scored(name, goal)]
        sign = -1 if goal is PrimaryMetricGoal.MAXIMIZE else 1
        return sorted(trials, key=lambda trial: (trial.best is None, sign * (trial.best or 0)))


class _Scored:
    """A trial, its best value of the primary metric or ``None``, and its state, all of one look."""

    def __init__(self, run, name, goal):
        self.run = run
        self.status, _, view = run._folder.state()
        values = _values(view.metrics.get(name))
        best_of = max if goal is PrimaryMetricGoal.MAXIMIZE else min
        self.best = best_of(values) if values else None
        self.hyperparameters = _hyperparameters(run)


def _values(metric):
    """The finite numbers of a series or a list."""
    if metric is None:
        return []
    values = [value for _, value, _ in metric.points] if metric.kind == "metric" else metric.values
    return [value for value in values if type(value) in (int, float) and math.isfinite(value)]


def _hyperparameters(run):
    return json.dumps((run._record.get("trial") or {}).get("hyperparameters") or {})
