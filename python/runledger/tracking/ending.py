"""How a run is ended from Python: one that lives in this process, the submitted one, or somebody else's."""

from runledger.errors import RunledgerError
from runledger.tracking import environment


def complete(run, recorder):
    """Ends ``run`` (a ``RunFolder``) as Completed. A submitted run ends when its script does: there this does nothing."""
    active = _active(run)
    if active is not None:
        active.complete()
    elif not environment.is_submitted_run(run):
        recorder.status("Completed")


def fail(run, recorder, reason):
    """Ends ``run`` as Failed. ``reason`` is the ``error`` of the record."""
    active = _active(run)
    if active is not None:
        active.fail(reason)
    elif not (environment.is_submitted_run(run) and _is_being_canceled(run)):
        recorder.status("Failed", reason)


def cancel(run, recorder):
    """Ends ``run`` as Canceled. How a submitted run ends is its supervisor's to say."""
    active = _active(run)
    if active is not None:
        active.cancel()
    elif not environment.is_submitted_run(run):
        recorder.status("Canceled")


def leave(run, recorder, kind, error, trace):
    """Ends ``run`` at the end of a ``with`` statement, which was left by an exception or, all ``None``, without."""
    from runledger.tracking.interactive import describe_exception, exit_failure

    active = _active(run)
    if kind is None:
        complete(run, recorder)
    elif issubclass(kind, KeyboardInterrupt) and active is not None:
        active.cancel()
    elif issubclass(kind, SystemExit):
        reason = exit_failure(error.code)
        if reason is None:
            complete(run, recorder)
        else:
            fail(run, recorder, reason)
    else:
        fail(run, recorder, describe_exception(kind, error, trace))


def _active(run):
    from runledger.tracking.interactive import active_run

    return active_run(run.id)


def _is_being_canceled(run):
    # A script that ends in its own way when it is asked to has not failed; how the run ends is the supervisor's to say.
    try:
        return run.view().status == "CancelRequested"
    except (OSError, RunledgerError):
        return False
