"""What ``Run.get_context`` gives: the submitted run, a tracked run of its own, or an offline run."""

import os
import sys

from runledger.azureml_v1.exceptions import RunEnvironmentException
from runledger.azureml_v1.offline_run import _OfflineRun
from runledger.errors import InvalidNameError, RunledgerError
from runledger.tracking import environment

_tracked = {"pid": None, "run": None}


def current_run(run_class, allow_offline):
    """The run of this process; ``run_class`` is ``Run``."""
    try:
        folder = environment.submitted_run()
    except RunledgerError as error:
        raise RunEnvironmentException(
            "The run that this script belongs to cannot be opened. {}".format(error)
        ) from None
    if folder is not None:
        return run_class._of_folder(_experiment_of(folder), folder)
    if os.environ.get("RUNLEDGER_TRACK_OFFLINE_RUNS") == "1":
        run = _tracked_run(run_class)
        if run is not None:
            return run
    if not allow_offline:
        raise RunEnvironmentException(
            "This script does not belong to a run. Submit it with Runledger, or call Run.get_context() without "
            "allow_offline=False."
        )
    return _OfflineRun()


def _experiment_of(folder):
    from runledger.azureml_v1.experiment import Experiment
    from runledger.azureml_v1.workspace import _workspace_of_run
    from runledger.store.workspace_store import ExperimentStore

    workspace = _workspace_of_run()
    return Experiment._of_store(workspace, ExperimentStore(workspace._store, folder.experiment_key))


def _tracked_run(run_class):
    if _tracked["run"] is not None and _tracked["pid"] == os.getpid():
        return _tracked["run"]
    from runledger.azureml_v1.experiment import Experiment
    from runledger.azureml_v1.workspace import Workspace
    from runledger.tracking import interactive

    script = getattr(sys.modules.get("__main__"), "__file__", None)
    folder = os.path.dirname(os.path.abspath(script)) if script else os.getcwd()
    try:
        store = environment.nearest_store(folder)
        try:
            experiment = store.experiment(os.path.basename(folder) if script else "default")
        except InvalidNameError:
            experiment = store.experiment("default")
        active = interactive.start(experiment)
    except RunledgerError as error:
        sys.stderr.write("runledger: this run is not tracked. {}\n".format(error))
        return None
    run = run_class._of_folder(Experiment._of_store(Workspace._of_store(store), experiment), active.run)
    _tracked.update(pid=os.getpid(), run=run)
    return run
