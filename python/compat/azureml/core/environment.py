"""``from azureml.core.environment import Environment``."""

from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.environment import (
    DEFAULT_CPU_IMAGE,
    DEFAULT_GPU_IMAGE,
    DockerSection,
    Environment,
    PythonSection,
)

__all__ = [
    "CondaDependencies",
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "DockerSection",
    "Environment",
    "PythonSection",
]
