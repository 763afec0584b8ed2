"""Sweeps and pipelines go on in a process of the ``runledger`` command. Where that died, it is started again from here.
"""

import time

from runledger import cli
from runledger.store.journal_reader import journal_files

TYPES = ("hyperdrive", "azureml.PipelineRun")
"""Types of the runs that have such a process."""
INTERVAL_S = 10.0
"""Between two attempts."""


class Resumption:
    """Starts the process of the run in ``folder`` (a ``RunFolder``) again, at most once every ``INTERVAL_S``."""

    def __init__(self, folder):
        self._folder = folder
        self._has_orchestrator = folder.run_json.get("type") in TYPES
        self._next = time.monotonic()

    def look(self, status):
        """Does so where ``status``, the run's own, says that its process is gone. Raises a ``RunledgerError``."""
        now = time.monotonic()
        if status == "NotResponding" and now >= self._next and (self._has_orchestrator or self._has_watcher()):
            self._next = now + INTERVAL_S
            resume(self._folder.workspace_folder)

    def _has_watcher(self):
        """Whether the run is a job of Slurm's."""
        return any(name.startswith("watcher-") for name in journal_files(self._folder.journal_folder))


def resume(workspace_folder):
    """Starts whichever processes of the workspace died. Returns the ids of the runs that go on again."""
    return cli.call("resume", {"workspaceFolder": workspace_folder})["resumed"]


def refuse_end(run, method):
    """Raises ``UserErrorException``: a sweep or pipeline is ended by the process that carries it out."""
    from runledger.azureml_v1.exceptions import UserErrorException

    raise UserErrorException(
        "{}.{}: the run {} ends by itself, when its child runs have ended. run.cancel() ends it early.".format(
            type(run).__name__, method, run.id
        )
    )
