"""``from azureml.train.estimator import Estimator``."""

from runledger.azureml_v1.estimator import Estimator, Mpi

__all__ = ["Estimator", "Mpi"]
