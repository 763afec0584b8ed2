"""``from azureml.train.hyperdrive.runconfig import HyperDriveConfig``."""

from runledger.azureml_v1.hyperdrive.config import HyperDriveConfig, HyperDriveRunConfig, PrimaryMetricGoal

__all__ = ["HyperDriveConfig", "HyperDriveRunConfig", "PrimaryMetricGoal"]
