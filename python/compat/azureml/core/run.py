"""``from azureml.core.run import Run, _OfflineRun``."""

from runledger.azureml_v1.run import RUNNING_STATES, Run, ScriptRun, _OfflineRun, get_run

__all__ = ["RUNNING_STATES", "Run", "ScriptRun", "_OfflineRun", "get_run"]
