"""``from azureml.core.compute.remote import RemoteCompute``."""

from runledger.azureml_v1.compute_target import RemoteCompute

__all__ = ["RemoteCompute"]
