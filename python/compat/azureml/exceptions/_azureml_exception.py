"""``from azureml.exceptions._azureml_exception import UserErrorException``: where the SDK keeps them."""

from azureml.exceptions import *  # noqa: F403 - the same names
from azureml.exceptions import __all__ as __all__
