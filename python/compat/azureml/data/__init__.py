"""``from azureml.data import DataType, FileDataset, TabularDataset``."""

from runledger.azureml_v1.dataset import FileDataset, TabularDataset
from runledger.azureml_v1.dataset_factory import DataType

__all__ = ["DataType", "FileDataset", "TabularDataset"]
