"""``from azureml.core.script_run_config import ScriptRunConfig``."""

from runledger.azureml_v1.script_run_config import ScriptRunConfig, get_run_config_from_script_run

__all__ = ["ScriptRunConfig", "get_run_config_from_script_run"]
