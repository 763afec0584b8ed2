"""``from azureml.data.dataset_consumption_config import DatasetConsumptionConfig``."""

from runledger.azureml_v1.dataset import DatasetConsumptionConfig

__all__ = ["DatasetConsumptionConfig"]
