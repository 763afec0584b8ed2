"""``from azureml.pipeline.steps.parallel_run_config import ParallelRunConfig``."""

from runledger.azureml_v1.pipeline.parallel_run_step import ParallelRunConfig

__all__ = ["ParallelRunConfig"]
