"""``from azureml.pipeline.core.graph import PipelineParameter``."""

from runledger.azureml_v1.cloud_names import CLOUD_MEMBERS
from runledger.azureml_v1.not_available import cloud_members
from runledger.azureml_v1.pipeline.data import PipelineData
from runledger.azureml_v1.pipeline.graph import StepSequence
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.pipeline.port_data import PortDataReference
from runledger.azureml_v1.pipeline.training_output import TrainingOutput

globals().update(cloud_members(__name__, CLOUD_MEMBERS[__name__]))

__all__ = [
    *CLOUD_MEMBERS[__name__],
    "PipelineData",
    "PipelineParameter",
    "PortDataReference",
    "StepSequence",
    "TrainingOutput",
]
