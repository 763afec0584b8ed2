"""``from azureml.core.script_run import ScriptRun``."""

from runledger.azureml_v1.run import ScriptRun

__all__ = ["ScriptRun"]
