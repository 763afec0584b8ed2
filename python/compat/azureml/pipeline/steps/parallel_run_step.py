"""``from azureml.pipeline.steps.parallel_run_step import ParallelRunStep``."""

from runledger.azureml_v1.pipeline.parallel_run_step import ParallelRunStep

__all__ = ["ParallelRunStep"]
