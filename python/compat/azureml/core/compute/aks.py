"""``from azureml.core.compute.aks import AksCompute``."""

from runledger.azureml_v1.compute_target import AksCompute

__all__ = ["AksCompute"]
