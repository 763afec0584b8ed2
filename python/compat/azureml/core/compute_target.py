"""``from azureml.core.compute_target import ComputeTargetException``."""

from runledger.azureml_v1.compute_target import ComputeTarget
from runledger.azureml_v1.exceptions import ComputeTargetException

__all__ = ["ComputeTarget", "ComputeTargetException"]
