"""``from azureml.data.data_reference import DataReference``."""

from runledger.azureml_v1.data_reference import DataReference

__all__ = ["DataReference"]
