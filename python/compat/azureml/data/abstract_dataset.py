"""``from azureml.data.abstract_dataset import AbstractDataset``."""

from runledger.azureml_v1.dataset import AbstractDataset

__all__ = ["AbstractDataset"]
