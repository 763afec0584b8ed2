"""``from azureml.train.estimator import Estimator``."""

from runledger.azureml_v1.estimator import Estimator

__all__ = ["Estimator"]
