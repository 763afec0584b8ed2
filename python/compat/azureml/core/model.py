"""``from azureml.core.model import Model``."""

from runledger.azureml_v1.dataset_factory import Dataset
from runledger.azureml_v1.model import Model
from runledger.azureml_v1.not_available import cloud_only
from runledger.azureml_v1.unavailable_names import MODEL_METHODS

InferenceConfig = cloud_only(__name__, "InferenceConfig", MODEL_METHODS["deploy"])

__all__ = ["Dataset", "InferenceConfig", "Model"]
