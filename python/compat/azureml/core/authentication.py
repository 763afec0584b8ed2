"""``from azureml.core.authentication import InteractiveLoginAuthentication``: accepted, and never asked anything."""

from runledger.azureml_v1.authentication import (
    AbstractAuthentication,
    AzureCliAuthentication,
    InteractiveLoginAuthentication,
    MsiAuthentication,
    ServicePrincipalAuthentication,
)
from runledger.azureml_v1.exceptions import AuthenticationException

__all__ = [
    "AbstractAuthentication",
    "AuthenticationException",
    "AzureCliAuthentication",
    "InteractiveLoginAuthentication",
    "MsiAuthentication",
    "ServicePrincipalAuthentication",
]
