"""``from azureml.pipeline.core.graph import PipelineParameter``."""

from runledger.azureml_v1.cloud_names import GRAPH_NAMES
from runledger.azureml_v1.not_available import cloud_only
from runledger.azureml_v1.pipeline.data import PipelineData
from runledger.azureml_v1.pipeline.graph import StepSequence
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.pipeline.port_data import PortDataReference
from runledger.azureml_v1.pipeline.training_output import TrainingOutput

Graph = cloud_only(__name__, "Graph", GRAPH_NAMES["Graph"])
InputPortBinding = cloud_only(__name__, "InputPortBinding", GRAPH_NAMES["InputPortBinding"])
OutputPortBinding = cloud_only(__name__, "OutputPortBinding", GRAPH_NAMES["OutputPortBinding"])

__all__ = [
    "Graph",
    "InputPortBinding",
    "OutputPortBinding",
    "PipelineData",
    "PipelineParameter",
    "PortDataReference",
    "StepSequence",
    "TrainingOutput",
]
