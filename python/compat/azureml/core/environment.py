"""``from azureml.core.environment import Environment``."""

from runledger.azureml_v1.cloud_names import CLOUD_MEMBERS
from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.environment import (
    DEFAULT_CPU_IMAGE,
    DEFAULT_GPU_IMAGE,
    DockerSection,
    Environment,
    PythonSection,
)
from runledger.azureml_v1.not_available import cloud_members

globals().update(cloud_members(__name__, CLOUD_MEMBERS[__name__]))

__all__ = [
    *CLOUD_MEMBERS[__name__],
    "CondaDependencies",
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "DockerSection",
    "Environment",
    "PythonSection",
]
