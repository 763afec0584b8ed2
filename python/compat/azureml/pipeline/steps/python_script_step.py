"""``from azureml.pipeline.steps.python_script_step import PythonScriptStep``."""

from runledger.azureml_v1.pipeline.steps import PythonScriptStep

__all__ = ["PythonScriptStep"]
