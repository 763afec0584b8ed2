"""``from azureml.train.hyperdrive.run import PrimaryMetricGoal``."""

from runledger.azureml_v1.hyperdrive.config import PrimaryMetricGoal
from runledger.azureml_v1.hyperdrive.run import HyperDriveRun

__all__ = ["HyperDriveRun", "PrimaryMetricGoal"]
