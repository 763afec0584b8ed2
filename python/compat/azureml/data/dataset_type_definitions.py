"""``from azureml.data.dataset_type_definitions import PromoteHeadersBehavior``."""

from runledger.azureml_v1.dataset_factory import PromoteHeadersBehavior

__all__ = ["PromoteHeadersBehavior"]
