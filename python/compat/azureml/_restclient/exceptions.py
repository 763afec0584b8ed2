"""``from azureml._restclient.exceptions import ServiceException``."""

from runledger.azureml_v1.exceptions import ServiceException

__all__ = ["ServiceException"]
