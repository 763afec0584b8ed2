"""``from azureml.core.runconfig import RunConfiguration``."""

from runledger.azureml_v1.cloud_names import RUNCONFIG_NAMES
from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.environment import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE, ContainerRegistry
from runledger.azureml_v1.environment import Environment as EnvironmentDefinition
from runledger.azureml_v1.not_available import cloud_only
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

Data = cloud_only(__name__, "Data", RUNCONFIG_NAMES["Data"])
DataLocation = cloud_only(__name__, "DataLocation", RUNCONFIG_NAMES["DataLocation"])
HdiConfiguration = cloud_only(__name__, "HdiConfiguration", RUNCONFIG_NAMES["HdiConfiguration"])
JarLibrary = cloud_only(__name__, "JarLibrary", RUNCONFIG_NAMES["JarLibrary"])
MavenLibrary = cloud_only(__name__, "MavenLibrary", RUNCONFIG_NAMES["MavenLibrary"])
OutputData = cloud_only(__name__, "OutputData", RUNCONFIG_NAMES["OutputData"])
ParallelTaskConfiguration = cloud_only(
    __name__, "ParallelTaskConfiguration", RUNCONFIG_NAMES["ParallelTaskConfiguration"]
)
PyPiLibrary = cloud_only(__name__, "PyPiLibrary", RUNCONFIG_NAMES["PyPiLibrary"])
RCranPackage = cloud_only(__name__, "RCranPackage", RUNCONFIG_NAMES["RCranPackage"])
SparkConfiguration = cloud_only(__name__, "SparkConfiguration", RUNCONFIG_NAMES["SparkConfiguration"])
SparkPackage = cloud_only(__name__, "SparkPackage", RUNCONFIG_NAMES["SparkPackage"])

__all__ = [
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
