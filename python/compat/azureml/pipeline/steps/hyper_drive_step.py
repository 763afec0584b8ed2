"""``from azureml.pipeline.steps.hyper_drive_step import HyperDriveStepRun``."""

from runledger.azureml_v1.pipeline.hyper_drive_step import HyperDriveStep, HyperDriveStepRun

__all__ = ["HyperDriveStep", "HyperDriveStepRun"]
