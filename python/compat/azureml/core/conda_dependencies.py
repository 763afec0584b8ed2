"""``from azureml.core.conda_dependencies import CondaDependencies``."""

from runledger.azureml_v1.conda_dependencies import CondaDependencies

__all__ = ["CondaDependencies"]
