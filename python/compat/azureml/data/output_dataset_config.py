"""``from azureml.data.output_dataset_config import OutputFileDatasetConfig``."""

from runledger.azureml_v1.output_dataset_config import (
    OutputDatasetConfig,
    OutputFileDatasetConfig,
    OutputTabularDatasetConfig,
)

__all__ = ["OutputDatasetConfig", "OutputFileDatasetConfig", "OutputTabularDatasetConfig"]
