"""``from azureml.core.script_run_config import ScriptRunConfig``."""

from runledger.azureml_v1.script_run_config import ScriptRunConfig

__all__ = ["ScriptRunConfig"]
