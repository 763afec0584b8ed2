"""``from azureml.core.dataset import Dataset``."""

from runledger.azureml_v1.dataset_factory import Dataset

__all__ = ["Dataset"]
