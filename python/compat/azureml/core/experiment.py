"""``from azureml.core.experiment import Experiment``."""

from runledger.azureml_v1.experiment import Experiment

__all__ = ["Experiment"]
