"""Waiting for the end of a pipeline or of one of its steps, and showing how it goes on."""

import time

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.orchestration import Resumption
from runledger.azureml_v1.run_details import LOG_ALIASES
from runledger.azureml_v1.run_waiting import TURN_S, LogPrinter, wait, write
from runledger.errors import NotFoundError
from runledger.store.run_view import TERMINAL_STATES


class TimedOut(Exception):
    """The time to wait is over; the run goes on."""


class Deadline:
    """``seconds`` from now; ``None`` for never."""

    def __init__(self, seconds):
        self._end = None if seconds is None else time.monotonic() + seconds

    def check(self):
        """Raises ``TimedOut`` when it is over."""
        if self._end is not None and time.monotonic() >= self._end:
            raise TimedOut


def wait_for_pipeline(run, deadline):
    """Waits for the end of ``run``, and shows its steps one after another, in the order in which they were started."""
    write(_name_of("PipelineRunId", run) + "PipelineRun Status: {}\n".format(run.get_status()))
    shown = set()
    folder = run._folder
    resumption = Resumption(folder)
    while True:
        if not folder.exists():
            raise NotFoundError("The run {} was deleted while it was waited for.".format(folder.id))
        status = folder.state()[0]
        resumption.look(status)
        for step in reversed(run.get_steps()):
            if step.id not in shown:
                shown.add(step.id)
                write("\n\n")
                wait_for_step(step, deadline)
        if status in TERMINAL_STATES:
            break
        deadline.check()
        time.sleep(TURN_S)
    _write_summary(run, "PipelineRun", "PipelineRun")


def wait_for_step(step, deadline):
    """Waits for the end of ``step``, and shows its log."""
    label = "StepRun( {} )".format(step.name)
    write(_name_of("StepRunId", step))
    told = [None]
    log = LogPrinter(step._folder.artifact_path(run_details.LOG_FILE), LOG_ALIASES[0], "\n")

    def turn():
        status = step.get_status()
        if status != told[0] and (told[0] is None or status not in ("Finished", "Failed", "Canceled")):
            write("{} Status: {}\n".format(label, status))
            told[0] = status
        log.print_new()
        deadline.check()

    wait(step._folder, turn)
    log.end()
    _write_summary(step, "StepRun({})".format(step.name), label)


def _name_of(title, run):
    return "{}: {}\nLink to Azure Machine Learning Portal: {}\n".format(title, run.id, run.get_portal_url())


def _write_summary(run, title, label):
    title += " Execution Summary"
    details = run.get_details()
    write("\n{}\n{}\n{} Status: {}\n".format(title, "=" * (len(title) + 1), label, run.get_status()))
    messages = [warning["message"] for warning in details.get("warnings", [])]
    if messages:
        write("\nWarnings:\n{}\n".format("\n".join(messages)))
    write("{}\n\n".format(details))
