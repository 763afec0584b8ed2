"""``from azureml.train.sklearn import SKLearn``."""

from runledger.azureml_v1.estimator import SKLearn

__all__ = ["SKLearn"]
