"""``from azureml.data.file_dataset import FileDataset``."""

from runledger.azureml_v1.dataset import FileDataset

__all__ = ["FileDataset"]
