"""``from azureml.data import DataType, FileDataset, OutputFileDatasetConfig, TabularDataset``."""

from runledger import __version__
from runledger.azureml_v1.dataset import FileDataset, TabularDataset
from runledger.azureml_v1.dataset_factory import DataType
from runledger.azureml_v1.output_dataset_config import OutputFileDatasetConfig

__all__ = ["DataType", "FileDataset", "OutputFileDatasetConfig", "TabularDataset", "__version__"]
