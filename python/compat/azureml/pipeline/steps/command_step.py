"""``from azureml.pipeline.steps.command_step import CommandStep``."""

from runledger.azureml_v1.pipeline.steps import CommandStep

__all__ = ["CommandStep"]
