"""The supervisor of a run on the node of its job."""

import os

from runledger.supervisor.supervision import Supervision

_KILLED = 9


class JobSupervision(Supervision):
    """Carries out a launch in a job. How a job ended that Slurm ended, whoever watches it asks Slurm: it has a reason."""

    exit_code = 0
    """Of the job; jobs that depend on it go by it."""

    def _record_end(self, outcome):
        if outcome["v"] == "Completed":
            self._recorder.end(outcome)
            return
        self.exit_code = 1
        if outcome["v"] == "Canceled" and os.path.isdir(self._run.path) and not os.path.exists(self._run.cancel_path):
            self._recorder.note("Slurm ends the job")
        elif outcome.get("signal") == "SIGKILL":
            # Most often by the system, for its memory: Slurm knows.
            self.exit_code = 128 + _KILLED
            self._recorder.note("The script was killed")
        else:
            self._recorder.end(outcome)
            return
        self._recorder.close(has_ended=False)
