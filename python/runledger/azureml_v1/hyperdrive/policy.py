"""``azureml.train.hyperdrive.policy``: when a trial that promises little is ended early."""

import math

from runledger.azureml_v1.hyperdrive.exceptions import HyperDriveConfigException


class EarlyTerminationPolicy:
    """The base of all. A trial is looked at each time it has logged the primary metric ``evaluation_interval`` times
    more, and not before it has done so ``delay_evaluation`` times. Raises ``HyperDriveConfigException``.
    """

    KIND = None

    def __init__(self, evaluation_interval=1, delay_evaluation=0):
        self.evaluation_interval = _whole("evaluation_interval", evaluation_interval, 1)
        self.delay_evaluation = _whole("delay_evaluation", delay_evaluation, 0)

    def _content(self):
        return {
            "type": self.KIND,
            "evaluationInterval": self.evaluation_interval,
            "delayEvaluation": self.delay_evaluation,
        }

    def __repr__(self):
        fields = ", ".join("{}={!r}".format(name, value) for name, value in vars(self).items())
        return "{}({})".format(type(self).__name__, fields)


class BanditPolicy(EarlyTerminationPolicy):
    """Ends a trial that is behind the best one by more than ``slack_factor`` (a share) or ``slack_amount``: one of the
    two.
    """

    KIND = "bandit"

    def __init__(self, evaluation_interval=1, slack_factor=None, slack_amount=None, delay_evaluation=0):
        super().__init__(evaluation_interval, delay_evaluation)
        if (slack_factor is None) == (slack_amount is None):
            raise HyperDriveConfigException(
                "BanditPolicy needs either slack_factor or slack_amount, as BanditPolicy(slack_factor=0.1)."
            )
        self.slack_factor = _slack("slack_factor", slack_factor)
        self.slack_amount = _slack("slack_amount", slack_amount)

    def _content(self):
        content = super()._content()
        if self.slack_factor is not None:
            return dict(content, slackFactor=self.slack_factor)
        return dict(content, slackAmount=self.slack_amount)


class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Ends a trial whose best value is worse than the median of the running averages of all."""

    KIND = "median_stopping"


class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Ends the worst ``truncation_percentage`` of the trials, a whole number from 1 to 99, at each interval."""

    KIND = "truncation_selection"

    def __init__(self, truncation_percentage, evaluation_interval=1, delay_evaluation=0, exclude_finished_jobs=False):
        super().__init__(evaluation_interval, delay_evaluation)
        self.truncation_percentage = _whole("truncation_percentage", truncation_percentage, 1, 99)
        self.exclude_finished_jobs = bool(exclude_finished_jobs)

    def _content(self):
        return dict(
            super()._content(),
            truncationPercentage=self.truncation_percentage,
            excludeFinishedJobs=self.exclude_finished_jobs,
        )


class NoTerminationPolicy(EarlyTerminationPolicy):
    """Every trial runs to its end."""

    KIND = "none"

    def __init__(self):
        super().__init__()

    def _content(self):
        return {"type": self.KIND}


def _whole(name, value, low, high=None):
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < low or (high is not None and value > high):
        wanted = "of at least {}".format(low) if high is None else "from {} to {}".format(low, high)
        raise HyperDriveConfigException("{} must be a whole number {}, not {!r}.".format(name, wanted, value))
    return value


def _slack(name, value):
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise HyperDriveConfigException("{} must be a number that is not below 0, not {!r}.".format(name, value))
    return value
