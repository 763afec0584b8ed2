"""XGBoost: ``xgboost.train(..., callbacks=[RunledgerCallback()])``, and the same for its estimators."""

from xgboost.callback import TrainingCallback

from runledger.integrations.conversion import as_number, chosen_run


class RunledgerCallback(TrainingCallback):
    """Logs the metrics of each round, as ``train/rmse`` for the data set ``train``; the step is the round, from 0.

    Of ``xgboost.cv`` it logs the means. With early stopping the best round and its score are logged at the end.
    ``run`` defaults to the one that the process is in.
    """

    def __init__(self, run=None):
        super().__init__()
        self._run = chosen_run(run)

    def after_iteration(self, model, epoch, evals_log):
        found = {}
        for data, metrics in evals_log.items():
            for name, values in metrics.items():
                last = values[-1]
                # Cross-validation gives pairs of a mean and a deviation.
                found["{}/{}".format(data, name)] = as_number(last[0] if isinstance(last, tuple) else last)
        if found:
            self._run.log(found, step=epoch)
        return False

    def after_training(self, model):
        for name in ("best_iteration", "best_score"):
            try:
                value = as_number(getattr(model, name, None))
            except Exception:
                # XGBoost raises where there was no early stopping, by version another kind of error.
                value = None
            if value is not None:
                self._run.log({name: value})
        return model
