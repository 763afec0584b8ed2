"""``from azureml.pipeline.core.pipeline import Pipeline``."""

from runledger.azureml_v1.pipeline.pipeline import Pipeline

__all__ = ["Pipeline"]
