"""``from azureml.core.compute.computeinstance import ComputeInstance``."""

from runledger.azureml_v1.compute_target import ComputeInstance

__all__ = ["ComputeInstance"]
