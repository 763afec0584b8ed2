"""``from azureml.data import DataType, FileDataset, OutputFileDatasetConfig, TabularDataset``."""

from runledger import __version__
from runledger.azureml_v1.cloud_names import CLOUD_MEMBERS
from runledger.azureml_v1.dataset import FileDataset, TabularDataset
from runledger.azureml_v1.dataset_factory import DataType
from runledger.azureml_v1.lazy_names import lazy_names
from runledger.azureml_v1.not_available import cloud_members
from runledger.azureml_v1.output_dataset_config import OutputFileDatasetConfig

globals().update(cloud_members(__name__, CLOUD_MEMBERS[__name__]))
__getattr__ = lazy_names(__name__, {})

__all__ = [
    *CLOUD_MEMBERS[__name__],
    "DataType",
    "FileDataset",
    "OutputFileDatasetConfig",
    "TabularDataset",
    "__version__",
]
