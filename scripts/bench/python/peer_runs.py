"""Runs of programs that track experiments too, offline, in the current folder. Importing this imports none of them."""

import os


class _Run:
    def __init__(self, log, finish):
        self.log = log
        """Called with name, value and step."""
        self.finish = finish


def start(peer):
    """Imports the peer and starts a run as its documentation says; returns it with ``log(name, value, step)``."""
    return {"tensorboardX": _tensorboardx, "wandb": _wandb, "mlflow": _mlflow}[peer]()


def _tensorboardx():
    from tensorboardX import SummaryWriter

    writer = SummaryWriter("events")
    return _Run(writer.add_scalar, writer.close)


def _wandb():
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=os.getcwd())
    import wandb

    run = wandb.init(project="bench")
    # Steps of W&B never go back: it would leave such values out, so each gets the next.
    return _Run(lambda name, value, step: run.log({name: value}), run.finish)


def _mlflow():
    import logging

    logging.disable(logging.INFO)
    import mlflow

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("bench")
    mlflow.start_run()
    return _Run(mlflow.log_metric, mlflow.end_run)
