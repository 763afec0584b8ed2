"""``from azureml.data.dataset_factory import DataType``."""

from runledger.azureml_v1.dataset_factory import DataType, FileDatasetFactory, TabularDatasetFactory

__all__ = ["DataType", "FileDatasetFactory", "TabularDatasetFactory"]
