"""``azureml.core.keyvault.Keyvault``: secrets are environment variables, which Runledger neither keeps nor records."""

import os
import re

from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.not_available import refusal

_SET = "Set an environment variable before the script is started; get_secret reads it."


class Keyvault:
    """The environment variables of this process."""

    def get_secret(self, name):
        """The variable ``name``, else the one in upper case with underscores. Raises ``UserErrorException``."""
        if not isinstance(name, str) or not name:
            raise UserErrorException("name must be a non-empty str, not {!r}.".format(name))
        variable = re.sub(r"[^0-9A-Za-z]", "_", name).upper()
        for candidate in (name, variable):
            if candidate in os.environ:
                return os.environ[candidate]
        raise UserErrorException(
            "There is no secret {!r}. Set the environment variable {} before the script is started.".format(
                name, variable
            )
        )

    def get_secrets(self, secrets):
        """``{name: value}``. Raises ``UserErrorException`` for one that is missing."""
        return {name: self.get_secret(name) for name in secrets}

    def set_secret(self, name, value):
        """Raises ``NotAvailableException``: nothing is kept."""
        raise refusal("Keyvault.set_secret", _SET)

    def set_secrets(self, secrets_batch):
        """Raises ``NotAvailableException``: nothing is kept."""
        raise refusal("Keyvault.set_secrets", _SET)

    def delete_secret(self, name):
        """Raises ``NotAvailableException``: nothing is kept."""
        raise refusal("Keyvault.delete_secret", "Unset the environment variable.")

    def list_secrets(self):
        """Raises ``NotAvailableException``: not every variable is a secret."""
        raise refusal("Keyvault.list_secrets", "Ask for each secret by its name with get_secret.")
