"""``from azureml.pipeline.core.builder import PipelineStep``."""

from runledger.azureml_v1.pipeline.data import PipelineData
from runledger.azureml_v1.pipeline.graph import StepSequence
from runledger.azureml_v1.pipeline.step import PipelineStep

__all__ = ["PipelineData", "PipelineStep", "StepSequence"]
