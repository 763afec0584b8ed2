"""``from azureml.pipeline.steps.estimator_step import EstimatorStep``."""

from runledger.azureml_v1.pipeline.steps import EstimatorStep

__all__ = ["EstimatorStep"]
