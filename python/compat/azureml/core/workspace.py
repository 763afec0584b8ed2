"""``from azureml.core.workspace import Workspace``."""

from runledger.azureml_v1.workspace import Workspace

__all__ = ["Workspace"]
