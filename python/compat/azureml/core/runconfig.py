"""``from azureml.core.runconfig import RunConfiguration``."""

from runledger.azureml_v1.cloud_names import CLOUD_MEMBERS
from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.environment import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE, ContainerRegistry
from runledger.azureml_v1.environment import Environment as EnvironmentDefinition
from runledger.azureml_v1.not_available import cloud_members
from runledger.azureml_v1.run_configuration import (
    AmlComputeConfiguration,
    DataReferenceConfiguration,
    DockerConfiguration,
    HistoryConfiguration,
    MpiConfiguration,
    PyTorchConfiguration,
    RunConfiguration,
    TensorflowConfiguration,
)

globals().update(cloud_members(__name__, CLOUD_MEMBERS[__name__]))

__all__ = [
    *CLOUD_MEMBERS[__name__],
    "AmlComputeConfiguration",
    "CondaDependencies",
    "ContainerRegistry",
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "Data",
    "DataLocation",
    "DataReferenceConfiguration",
    "DockerConfiguration",
    "EnvironmentDefinition",
    "HdiConfiguration",
    "HistoryConfiguration",
    "JarLibrary",
    "MavenLibrary",
    "MpiConfiguration",
    "OutputData",
    "ParallelTaskConfiguration",
    "PyPiLibrary",
    "PyTorchConfiguration",
    "RCranPackage",
    "RunConfiguration",
    "SparkConfiguration",
    "SparkPackage",
    "TensorflowConfiguration",
]
