"""``from azureml.core.container_registry import ContainerRegistry``."""

from runledger.azureml_v1.environment import ContainerRegistry

__all__ = ["ContainerRegistry"]
