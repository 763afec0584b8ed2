"""``from azureml.core.compute.compute import ComputeTarget``."""

from runledger.azureml_v1.compute_target import ComputeTarget

__all__ = ["ComputeTarget"]
