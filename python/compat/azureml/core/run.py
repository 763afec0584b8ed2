"""``from azureml.core.run import Run, _OfflineRun``."""

from runledger.azureml_v1.run import RUNNING_STATES, Run, _OfflineRun

__all__ = ["RUNNING_STATES", "Run", "_OfflineRun"]
