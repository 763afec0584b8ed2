"""``from azureml.core.resource_configuration import ResourceConfiguration``."""

from runledger.azureml_v1.resource_configuration import ResourceConfiguration

__all__ = ["ResourceConfiguration"]
