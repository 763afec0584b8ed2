"""Keras 3 and ``tf.keras``: ``model.fit(..., callbacks=[RunledgerCallback()])``."""

try:
    from keras.callbacks import Callback
except ImportError:
    from tensorflow.keras.callbacks import Callback

from runledger.integrations.conversion import as_number, chosen_run, log_new_parameters, numbers, parameters


class RunledgerCallback(Callback):
    """Logs what Keras reports at the end of each epoch, under Keras's own names (``loss``, ``val_loss``), and the
    learning rate.

    The step is the epoch, from 0. With ``batches`` the values of every that many batches are logged too, as
    ``batch/loss``, by the number of the batch since the beginning. ``run`` defaults to the one that the process is in.
    """

    def __init__(self, run=None, batches=None):
        super().__init__()
        self._run = chosen_run(run)
        self._batches = batches
        self._batch_count = 0

    def on_train_begin(self, logs=None):
        values = {name: self.params.get(name) for name in ("epochs", "steps") if self.params.get(name) is not None}
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is not None:
            values["optimizer"] = type(optimizer).__name__
            values["learning_rate"] = self._learning_rate()
        values["parameter_count"] = self.model.count_params() if self.model.built else None
        given = {name: value for name, value in values.items() if value is not None}
        log_new_parameters(self._run, parameters(given))

    def on_epoch_end(self, epoch, logs=None):
        found = numbers(logs)
        rate = self._learning_rate()
        if rate is not None:
            found.setdefault("learning_rate", rate)
        self._run.log(found, step=epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self._batches and self._batch_count % self._batches == 0:
            self._run.log(numbers(logs, "batch/"), step=self._batch_count)
        self._batch_count += 1

    def _learning_rate(self):
        return as_number(getattr(getattr(self.model, "optimizer", None), "learning_rate", None))
