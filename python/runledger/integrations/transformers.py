"""Hugging Face Transformers: ``Trainer(..., callbacks=[RunledgerCallback()])``."""

import dataclasses

from transformers import TrainerCallback

from runledger.integrations.conversion import chosen_run, log_new_parameters, numbers, parameters

_ALWAYS = ("learning_rate", "num_train_epochs", "per_device_train_batch_size", "seed")
_PREFIXES = (("eval_", "eval/"), ("test_", "test/"))


class RunledgerCallback(TrainerCallback):
    """Logs what the trainer logs by its global step, as ``train/loss`` and ``eval/loss``, and its arguments.

    Of the arguments those that differ from their default, and a few that always matter. Only the main process logs.
    ``run`` defaults to the one that the process is in.
    """

    def __init__(self, run=None):
        self._run = chosen_run(run)

    def on_train_begin(self, args, state, control, model=None, **kwargs):
        if not state.is_world_process_zero:
            return
        values = _changed_arguments(args)
        if model is not None:
            values["model"] = type(model).__name__
            values["parameter_count"] = sum(parameter.numel() for parameter in model.parameters())
        log_new_parameters(self._run, parameters(values))

    def on_log(self, args, state, control, logs=None, **kwargs):
        if state.is_world_process_zero:
            found = {_metric_name(name): value for name, value in numbers(logs).items()}
            self._run.log(found, step=state.global_step)


def _metric_name(name):
    for prefix, group in _PREFIXES:
        if name.startswith(prefix):
            return group + name[len(prefix) :]
    return "train/" + name


def _changed_arguments(args):
    """``{name: value}``. Tokens are left out, as ``to_sanitized_dict`` does."""
    values = args.to_sanitized_dict()
    changed = {}
    for field in dataclasses.fields(args):
        name = field.name
        if name not in values or name.endswith("_token"):
            continue
        if name in _ALWAYS or (field.default is not dataclasses.MISSING and getattr(args, name) != field.default):
            changed[name] = values[name]
    return changed
