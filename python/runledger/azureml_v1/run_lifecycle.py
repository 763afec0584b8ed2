"""The methods of ``Run`` that end it, and wait for its end."""

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import (
    ActivityFailedException,
    ExperimentExecutionException,
    ServiceException,
    UserErrorException,
    translated,
)
from runledger.azureml_v1.orchestration import Resumption
from runledger.store.run_view import TERMINAL_STATES
from runledger.tracking import environment

RUNNING_STATES = (
    "NotStarted",
    "Starting",
    "Provisioning",
    "Preparing",
    "Queued",
    "Running",
    "Finalizing",
    "CancelRequested",
)
"""States from which a run goes on."""


class LifecycleMethods:
    """A part of ``Run``, which provides ``_recorder`` (a ``Recorder``) and ``_folder`` (a ``RunFolder``)."""

    @translated
    def start(self):
        """Marks an interactive run that waits to be started as Running; one that goes on already stays as it is.

        Raises ``UserErrorException`` for one that has ended, or that its own process starts.
        """
        status = self._folder.state()[0]
        if status not in RUNNING_STATES and status != "NotResponding":
            raise UserErrorException("The run {} has ended as {}: start another one.".format(self.id, status))
        if status == "NotStarted":
            if self.type is not None:
                raise UserErrorException("The run {} is started by its submission.".format(self.id))
            from runledger.tracking import interactive

            interactive.adopt(self._folder)

    @translated
    def wait_for_completion(self, show_output=False, wait_post_processing=False, raise_on_error=True):
        """Waits until the run has ended, in whichever process it goes on, and returns what ``get_details`` does.

        ``show_output`` prints the log as it grows. Files are collected before a run ends: ``wait_post_processing`` has
        nothing left to wait for. Raises ``ActivityFailedException`` for a failed run, unless ``raise_on_error`` is
        false, and ``UserErrorException`` where the run goes on in this very process.
        """
        from runledger.azureml_v1 import run_waiting

        self._refuse_waiting_for_itself()
        if show_output:
            try:
                self._wait_and_show()
            except KeyboardInterrupt:
                raise ExperimentExecutionException(
                    "The output is no longer shown, and the run {} goes on: run.cancel() ends it.".format(self.id)
                ) from None
        else:
            run_waiting.wait(self._folder)
        details = run_details.details(self._folder)
        if raise_on_error and details["status"] == "Failed":
            reason = self._folder.state()[1]
            raise ActivityFailedException(
                "The run {} failed.{}".format(self.id, " " + run_details.error_text(reason) if reason else "")
            )
        return details

    def _refuse_waiting_for_itself(self):
        active = self._active()
        is_own = (active is not None and active.is_owner) or environment.is_submitted_run(self._folder)
        if is_own and self._folder.state()[0] not in TERMINAL_STATES:
            raise UserErrorException(
                "The run {} goes on in this process, which would wait for itself. Call run.complete() instead; a "
                "submitted script's run ends with the script.".format(self.id)
            )

    def _wait_and_show(self):
        from runledger.azureml_v1 import run_waiting

        log_path = self._folder.artifact_path(run_details.LOG_FILE)
        run_waiting.wait_and_show(self._folder, log_path, self.get_portal_url())

    @translated
    def complete(self, _set_status=True):
        """Ends an interactive run as Completed, once its outputs are collected.

        A submitted run ends when its script does: there this only makes sure that all is written.
        """
        from runledger.tracking import ending

        if _set_status:
            ending.complete(self._folder, self._recorder)

    @translated
    def fail(self, error_details=None, error_code=None, _set_status=True, exception=None):
        """Ends the run as Failed, with ``error_details`` (a str or an exception) as the reason."""
        if not _set_status:
            return
        from runledger.tracking import ending

        reason = _failure(error_details if error_details is not None else exception, error_code)
        ending.fail(self._folder, self._recorder, reason)

    @translated
    def cancel(self):
        """Cancels the run. Returns whether it was going on."""
        active = self._active()
        status = self._folder.state()[0]
        if status not in RUNNING_STATES and status != "NotResponding":
            return False
        if active is not None:
            active.cancel()
        elif self.type is None:
            self._recorder.status("Canceled")
        else:
            from runledger.store.files import touch
            from runledger.supervisor.abandoned import end_if_abandoned

            self._recorder.status("CancelRequested")
            try:
                touch(self._folder.cancel_path)
                end_if_abandoned(self._folder)
            except OSError as error:
                raise ServiceException("The run {} cannot be canceled: {}.".format(self.id, error), error) from None
            # Where the process of a sweep or pipeline is gone, nobody would see the wish.
            Resumption(self._folder).look(status)
        return True

    def __enter__(self):
        if self.type is None and self._active() is None and self._folder.view().status == "NotStarted":
            self.start()
        return self

    def __exit__(self, kind, error, trace):
        from runledger.tracking import ending

        ending.leave(self._folder, self._recorder, kind, error, trace)
        return False

    def _active(self):
        from runledger.tracking.interactive import active_run

        return active_run(self.id)


def _failure(details, code):
    if isinstance(details, BaseException):
        from runledger.tracking.interactive import describe_exception

        return describe_exception(type(details), details, details.__traceback__)
    reason = {"message": "The run was ended as failed." if details is None else str(details)}
    if code is not None:
        reason["type"] = str(code)
    return reason
