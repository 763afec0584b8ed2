"""``from azureml.pipeline.core.run import PipelineRun``."""

from runledger.azureml_v1.pipeline.port_data import StepRunOutput
from runledger.azureml_v1.pipeline.run import PipelineRun, StepRun

__all__ = ["PipelineRun", "StepRun", "StepRunOutput"]
