"""``from azureml.train.widgets import RunDetails``."""

from runledger.azureml_v1.widgets import RunDetails

__all__ = ["RunDetails"]
