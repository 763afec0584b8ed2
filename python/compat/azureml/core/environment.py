"""``from azureml.core.environment import Environment``."""

from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.environment import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE, Environment

__all__ = ["CondaDependencies", "DEFAULT_CPU_IMAGE", "DEFAULT_GPU_IMAGE", "Environment"]
