"""``from azureml.pipeline.core import Pipeline, PipelineData``."""

from azureml.pipeline.core.graph import Graph, InputPortBinding, OutputPortBinding, TrainingOutput
from azureml.pipeline.core.module import Module, ModuleVersion
from azureml.pipeline.core.pipeline_draft import PipelineDraft
from azureml.pipeline.core.pipeline_endpoint import PipelineEndpoint
from azureml.pipeline.core.published_pipeline import PublishedPipeline
from azureml.pipeline.core.schedule import Schedule, ScheduleRecurrence, TimeZone
from runledger.azureml_v1.pipeline.data import PipelineData
from runledger.azureml_v1.pipeline.graph import StepSequence
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.pipeline.pipeline import Pipeline
from runledger.azureml_v1.pipeline.port_data import PortDataReference, StepRunOutput
from runledger.azureml_v1.pipeline.run import PipelineRun, StepRun
from runledger.azureml_v1.pipeline.step import PipelineStep

__all__ = [
    "Graph",
    "InputPortBinding",
    "Module",
    "ModuleVersion",
    "OutputPortBinding",
    "Pipeline",
    "PipelineData",
    "PipelineDraft",
    "PipelineEndpoint",
    "PipelineParameter",
    "PipelineRun",
    "PipelineStep",
    "PortDataReference",
    "PublishedPipeline",
    "Schedule",
    "ScheduleRecurrence",
    "StepRun",
    "StepRunOutput",
    "StepSequence",
    "TimeZone",
    "TrainingOutput",
]
