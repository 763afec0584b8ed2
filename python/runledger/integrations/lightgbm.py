"""LightGBM: ``lightgbm.train(..., callbacks=[RunledgerCallback()])``, and the same for its estimators.

LightGBM calls any function as a callback, so nothing of it is imported.
"""

from runledger.integrations.conversion import chosen_run, log_new_parameters, parameters


class RunledgerCallback:
    """Logs the metrics of each round, as ``train/l2`` for the data set ``train``, and the parameters; the step is the
    round, from 0.

    Of ``lightgbm.cv`` it logs the means. ``run`` defaults to the one that the process is in.
    """

    order = 20
    """After LightGBM's own callbacks that change parameters, before the one that stops early."""
    before_iteration = False

    def __init__(self, run=None):
        self._run = chosen_run(run)
        self._has_parameters = False

    def __call__(self, env):
        if not self._has_parameters:
            self._has_parameters = True
            log_new_parameters(self._run, parameters(env.params or {}))
        found = {_series(entry[0], entry[1]): float(entry[2]) for entry in env.evaluation_result_list or []}
        if found:
            self._run.log(found, step=env.iteration)


def _series(data, metric):
    # Before LightGBM 4, cross-validation had the data set's name within that of the metric.
    return metric.replace(" ", "/", 1) if data == "cv_agg" else "{}/{}".format(data, metric)
