"""``from azureml.core.compute.amlcompute import AmlCompute``."""

from runledger.azureml_v1.compute_target import AmlCompute

__all__ = ["AmlCompute"]
