"""Finds the run and the workspace that this process belongs to."""

import os

from runledger.errors import NotFoundError

ADVICE = 'Run "runledger workspace create" there, or use the command "Runledger: Create Workspace" in VS Code.'


def submitted_run():
    """The folder of the run that started this process, or ``None`` outside one. Raises ``NotFoundError``."""
    workspace = os.environ.get("RUNLEDGER_WORKSPACE")
    run_id = os.environ.get("RUNLEDGER_RUN_ID")
    if not workspace or not run_id:
        return None
    from runledger.store.names import experiment_key
    from runledger.store.run_folder import RunFolder
    from runledger.store.workspace_store import WorkspaceStore

    experiment = os.environ.get("RUNLEDGER_EXPERIMENT")
    if experiment:
        run = RunFolder(os.path.abspath(workspace), experiment_key(experiment), run_id)
        if run.exists():
            return run
    return WorkspaceStore(workspace).find_run(run_id)


def nearest_store(start=None):
    """The store to use without any configuration: the run's, else the nearest at or above ``start``."""
    from runledger.store.workspace_store import WorkspaceStore, find_workspace_folder

    folder = os.environ.get("RUNLEDGER_WORKSPACE") or find_workspace_folder(start or os.getcwd())
    if folder is None:
        raise NotFoundError("There is no workspace in {} or above it.".format(start or os.getcwd()), ADVICE)
    return WorkspaceStore(folder)


_script_recorders = {}


def script_recorder(run):
    """The recorder of this process for the submitted run ``run``; one for each run."""
    recorder = _script_recorders.get(run.path)
    if recorder is None:
        import atexit

        from runledger.tracking.recorder import Recorder

        recorder = _script_recorders[run.path] = Recorder(run, "script", is_owner=True)
        atexit.register(recorder.close)
    return recorder


def is_submitted_run(run):
    """Whether this process was started by the run whose folder is ``run``."""
    return bool(os.environ.get("RUNLEDGER_WORKSPACE")) and os.environ.get("RUNLEDGER_RUN_ID") == run.id


def recorder_for(run):
    """The recorder through which this process writes to ``run``: of its own run, or a passing one."""
    from runledger.tracking.interactive import active_run

    active = active_run(run.id)
    if active is not None:
        return active.recorder
    if is_submitted_run(run):
        return script_recorder(run)
    from runledger.tracking.recorder import Recorder

    return Recorder(run, "client", is_owner=False)
