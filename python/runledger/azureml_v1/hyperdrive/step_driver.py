"""What a ``HyperDriveStep`` runs: ``python -m runledger.azureml_v1.hyperdrive.step_driver <options> -- <the script's
arguments>`` submits the sweep as a child of the step's run, waits for it, and writes what the step's outputs are to
hold.
"""

import argparse
import json
import os
import shutil
import signal
import sys

from runledger.azureml_v1 import job, run_waiting
from runledger.azureml_v1.exceptions import ExperimentExecutionException, UserErrorException


class _AskedToEnd(Exception):
    """The step's run is being canceled."""


def main(arguments):
    """Carries the step out. Raises ``ActivityFailedException`` where the sweep failed, and ``UserErrorException`` where
    its best trial has no file that an output is to hold.
    """
    from runledger.azureml_v1.run import Run

    cut = arguments.index("--")
    options, of_script = _parser().parse_args(arguments[:cut]), arguments[cut + 1 :]
    step = Run.get_context(allow_offline=False)
    request = json.loads(options.request)
    request["job"].update(
        sourceDirectory=os.getcwd(),
        arguments=of_script,
        interpreterCandidates=[sys.executable],
        environmentVariables={},
    )
    sweep = job.submitted(step.experiment, "submit-sweep", dict(request, parentId=step.id))
    _wait(sweep)
    if options.metrics is not None:
        _write_metrics(sweep, options.metrics)
    for artifact, path in zip(options.model_file, options.model_path):
        _copy_of_best(sweep, artifact, path)


def _wait(sweep):
    signal.signal(signal.SIGTERM, _end)
    try:
        details = sweep.wait_for_completion(show_output=True)
    except _AskedToEnd:
        sweep.cancel()
        run_waiting.wait(sweep._folder)
        raise ExperimentExecutionException("The sweep {} was canceled with its step.".format(sweep.id)) from None
    if details["status"] == "Canceled":
        raise ExperimentExecutionException("The sweep {} was canceled.".format(sweep.id))


def _end(number, frame):
    raise _AskedToEnd


def _write_metrics(sweep, path):
    """Writes ``{id of a trial: {metric: [values]}}`` as JSON."""
    from runledger.store.files import write_bytes

    found = {
        trial: {name: value if isinstance(value, list) else [value] for name, value in metrics.items()}
        for trial, metrics in sweep.get_metrics().items()
    }
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_bytes(path, json.dumps(found).encode("utf-8"))


def _copy_of_best(sweep, artifact, path):
    """Copies a file, or a folder of files, of the best trial to ``path``."""
    best = sweep.get_best_run_by_primary_metric()
    if best is None:
        raise UserErrorException("No trial of the sweep {} logged its primary metric.".format(sweep.id))
    source = best._folder.artifact_path(artifact)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.isdir(source):
        shutil.copytree(source, path)
    elif os.path.isfile(source):
        shutil.copyfile(source, path)
    else:
        raise UserErrorException(
            "The best trial, {}, has no file {!r}. It has: {}.".format(
                best.id, artifact, ", ".join(best.get_file_names()[:20]) or "none"
            )
        )


def _parser():
    parser = argparse.ArgumentParser(prog="step_driver")
    parser.add_argument("--request", required=True)
    parser.add_argument("--metrics")
    parser.add_argument("--model-file", action="append", default=[])
    parser.add_argument("--model-path", action="append", default=[])
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
