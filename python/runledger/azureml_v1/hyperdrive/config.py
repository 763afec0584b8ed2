"""``azureml.train.hyperdrive.HyperDriveConfig``: a sweep, as ``Experiment.submit`` takes it."""

import enum
import json

from runledger.azureml_v1 import job
from runledger.azureml_v1.estimator import Estimator
from runledger.azureml_v1.hyperdrive.exceptions import (
    HyperDriveConfigException,
    HyperDriveScenarioNotSupportedException,
)
from runledger.azureml_v1.hyperdrive.policy import EarlyTerminationPolicy, NoTerminationPolicy
from runledger.azureml_v1.hyperdrive.sampling import BayesianParameterSampling, HyperParameterSampling
from runledger.azureml_v1.not_available import refusal
from runledger.azureml_v1.script_run_config import ScriptRunConfig

DEFAULT_DURATION_MINUTES = 10080


class PrimaryMetricGoal(enum.Enum):
    """Whether more, or less, of the primary metric is better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"

    @staticmethod
    def from_str(goal):
        """The goal whose value is ``goal``, whatever its case. Raises ``HyperDriveConfigException``."""
        if isinstance(goal, PrimaryMetricGoal):
            return goal
        try:
            return PrimaryMetricGoal(str(goal).lower())
        except ValueError:
            raise HyperDriveConfigException(
                "primary_metric_goal must be PrimaryMetricGoal.MAXIMIZE or PrimaryMetricGoal.MINIMIZE, not {!r}.".format(
                    goal
                )
            ) from None


class HyperDriveConfig:
    """A sweep: the script of ``run_config`` (a ``ScriptRunConfig``) or of ``estimator``, and what of it is tried how
    often.

    The script gets each hyperparameter as an argument, and logs ``primary_metric_name``. Without
    ``max_concurrent_runs`` as many trials go on at a time as the machine has processors. Of the sweeps ``resume_from``
    (a ``HyperDriveRun`` or a list) nothing is tried again, and Bayesian sampling learns from their trials. Raises
    ``HyperDriveConfigException``, or ``HyperDriveScenarioNotSupportedException`` for arguments that do not go together.
    """

    def __init__(
        self,
        hyperparameter_sampling,
        primary_metric_name,
        primary_metric_goal,
        max_total_runs,
        max_concurrent_runs=None,
        max_duration_minutes=DEFAULT_DURATION_MINUTES,
        policy=None,
        estimator=None,
        run_config=None,
        resume_from=None,
        resume_child_runs=None,
        pipeline=None,
        debug_flag=None,
        custom_run_id=None,
    ):
        if pipeline is not None:
            raise refusal("HyperDriveConfig(pipeline=...)", "Give the script to be tried as run_config.")
        if resume_child_runs:
            raise refusal(
                "HyperDriveConfig(resume_child_runs=...)",
                "Give their sweep as resume_from, which is learned from; to train one of them further, submit its script "
                "with the path of its checkpoint among the arguments.",
            )
        if not isinstance(hyperparameter_sampling, HyperParameterSampling):
            raise HyperDriveConfigException(
                "hyperparameter_sampling must be a RandomParameterSampling, GridParameterSampling or "
                "BayesianParameterSampling, not {}.".format(type(hyperparameter_sampling).__name__)
            )
        if not isinstance(primary_metric_name, str) or not primary_metric_name:
            raise HyperDriveConfigException(
                "primary_metric_name must be the name that the script gives to run.log, not {!r}.".format(
                    primary_metric_name
                )
            )
        if policy is not None and not isinstance(policy, EarlyTerminationPolicy):
            raise HyperDriveConfigException(
                "policy must be a BanditPolicy, MedianStoppingPolicy, TruncationSelectionPolicy or NoTerminationPolicy, "
                "not {}.".format(type(policy).__name__)
            )
        has_policy = policy is not None and not isinstance(policy, NoTerminationPolicy)
        if has_policy and isinstance(hyperparameter_sampling, BayesianParameterSampling):
            raise HyperDriveScenarioNotSupportedException(
                "policy: BayesianParameterSampling learns from trials that ran to their end; leave the policy out."
            )
        self._config = _script_of(run_config, estimator)
        self._estimator = estimator
        self._run_config = run_config
        self.hyperparameter_sampling = hyperparameter_sampling
        self.primary_metric_name = primary_metric_name
        self.primary_metric_goal = PrimaryMetricGoal.from_str(primary_metric_goal)
        self.max_total_runs = _count("max_total_runs", max_total_runs)
        self.max_concurrent_runs = (
            None if max_concurrent_runs is None else _count("max_concurrent_runs", max_concurrent_runs)
        )
        self.max_duration_minutes = _count("max_duration_minutes", max_duration_minutes)
        self.policy = NoTerminationPolicy() if policy is None else policy
        self._custom_run_id = custom_run_id
        self._resume_from = _sweeps(resume_from)

    @property
    def estimator(self):
        """As given, else ``None``."""
        return self._estimator

    @property
    def run_config(self):
        """As given, else ``None``."""
        return self._run_config

    def _submit_to(self, experiment, tags=None, run_id=None, parent_run_id=None, **kwargs):
        """Submits to ``experiment``. Returns the ``HyperDriveRun``."""
        request = dict(
            self._content(),
            tags=job.tag_texts(tags),
            runId=run_id or self._custom_run_id,
            parentId=parent_run_id,
            job=self._config._job(),
        )
        run = job.submitted(experiment, "submit-sweep", request, self._config._warnings(experiment.workspace))
        run._hyperdrive_config = self
        return run

    def _content(self):
        """The sweep as a dict of plain values, without what it runs."""
        return {
            "sampling": self.hyperparameter_sampling._content(),
            "primaryMetric": {"name": self.primary_metric_name, "goal": self.primary_metric_goal.value},
            "maxTotalRuns": self.max_total_runs,
            "maxConcurrentRuns": self.max_concurrent_runs,
            "maxDurationMinutes": self.max_duration_minutes,
            "policy": self.policy._content(),
            "resumeFrom": [self._inherited(sweep) for sweep in self._resume_from] or None,
        }

    def _inherited(self, sweep):
        """The trials of an earlier sweep, by this one's metric."""
        scored = sweep._scored(self.primary_metric_name, self.primary_metric_goal)
        trials = []
        for trial in scored:
            best = {} if trial.best is None else {"best": trial.best}
            trials.append(dict(best, hyperparameters=json.loads(trial.hyperparameters)))
        return {"runId": sweep.id, "trials": trials}

    def __repr__(self):
        return "{}(hyperparameter_sampling={!r}, primary_metric_name={!r}, primary_metric_goal={}, max_total_runs={})".format(
            type(self).__name__,
            self.hyperparameter_sampling,
            self.primary_metric_name,
            self.primary_metric_goal,
            self.max_total_runs,
        )


class HyperDriveRunConfig(HyperDriveConfig):
    """As ``HyperDriveConfig``, which replaced it: the estimator comes first."""

    def __init__(
        self,
        estimator,
        hyperparameter_sampling,
        primary_metric_name,
        primary_metric_goal,
        max_total_runs,
        max_concurrent_runs=None,
        max_duration_minutes=DEFAULT_DURATION_MINUTES,
        policy=None,
    ):
        super().__init__(
            hyperparameter_sampling,
            primary_metric_name,
            primary_metric_goal,
            max_total_runs,
            max_concurrent_runs,
            max_duration_minutes,
            policy,
            estimator,
        )


def _script_of(run_config, estimator):
    """The ``ScriptRunConfig`` of the two, one of which is ``None``."""
    if (run_config is None) == (estimator is None):
        raise HyperDriveConfigException(
            "HyperDriveConfig needs either run_config or estimator: the script to be tried."
        )
    if estimator is not None:
        if not isinstance(estimator, Estimator):
            raise HyperDriveConfigException(
                "estimator must be an Estimator, not {}. A ScriptRunConfig is given as run_config.".format(
                    type(estimator).__name__
                )
            )
        return estimator._config
    if not isinstance(run_config, ScriptRunConfig):
        raise HyperDriveConfigException(
            "run_config must be a ScriptRunConfig, not {}.".format(type(run_config).__name__)
        )
    return run_config


def _sweeps(resume_from):
    """``resume_from`` as a list of ``HyperDriveRun``."""
    from runledger.azureml_v1.hyperdrive.run import HyperDriveRun

    if resume_from is None:
        return []
    sweeps = list(resume_from) if isinstance(resume_from, (list, tuple)) else [resume_from]
    for sweep in sweeps:
        if not isinstance(sweep, HyperDriveRun):
            raise HyperDriveConfigException(
                "resume_from must be a HyperDriveRun or a list of them, not {}.".format(type(sweep).__name__)
            )
    return sweeps


def _count(name, value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise HyperDriveConfigException("{} must be a whole number of at least 1, not {!r}.".format(name, value))
    return value
