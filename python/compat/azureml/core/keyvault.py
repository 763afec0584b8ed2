"""``from azureml.core.keyvault import Keyvault``."""

from runledger.azureml_v1.keyvault import Keyvault

__all__ = ["Keyvault"]
