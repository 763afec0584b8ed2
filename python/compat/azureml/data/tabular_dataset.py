"""``from azureml.data.tabular_dataset import TabularDataset``."""

from runledger.azureml_v1.dataset import TabularDataset

__all__ = ["TabularDataset"]
