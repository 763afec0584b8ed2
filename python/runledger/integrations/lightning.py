"""Lightning, also under its older name: ``Trainer(logger=RunledgerLogger())``."""

try:
    from lightning.pytorch.loggers.logger import Logger, rank_zero_experiment
    from lightning.pytorch.utilities import rank_zero_only
except ImportError:
    from pytorch_lightning.loggers.logger import Logger, rank_zero_experiment
    from pytorch_lightning.utilities import rank_zero_only

from runledger.integrations.conversion import chosen_run, log_new_parameters, numbers, parameters


class RunledgerLogger(Logger):
    """Logs what the module logs (``self.log``) by Lightning's global step, and its hyperparameters.

    Checkpoints go to ``outputs/``, so that they belong to the run. Only the process of rank 0 logs. ``run`` defaults
    to the one that the process is in; whoever started it ends it.
    """

    def __init__(self, run=None):
        super().__init__()
        self._run = chosen_run(run)

    @property
    def name(self):
        return "lightning"

    @property
    def version(self):
        return "run_{}".format(self._run.number)

    @property
    def save_dir(self):
        return "outputs"

    @property
    @rank_zero_experiment
    def experiment(self):
        """The ``runledger.Run``, for what Lightning does not log itself, as images."""
        return self._run

    @rank_zero_only
    def log_metrics(self, metrics, step=None):
        self._run.log(numbers(metrics), step=step)

    @rank_zero_only
    def log_hyperparams(self, params, *args, **kwargs):
        values = params if isinstance(params, dict) else vars(params)
        log_new_parameters(self._run, parameters(values))
