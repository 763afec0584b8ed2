"""Log-ins of the SDK. Nothing is logged in to: arguments are accepted and dropped, nothing is asked or read."""


class AbstractAuthentication:
    """The base of the log-ins."""

    def get_authentication_header(self):
        """Empty: no request is sent."""
        return {}


class InteractiveLoginAuthentication(AbstractAuthentication):
    def __init__(self, force=False, tenant_id=None, cloud=None):
        pass


class AzureCliAuthentication(AbstractAuthentication):
    def __init__(self, cloud=None):
        pass


class MsiAuthentication(AbstractAuthentication):
    def __init__(self, identity_config=None, cloud=None):
        pass


class ServicePrincipalAuthentication(AbstractAuthentication):
    def __init__(
        self,
        tenant_id,
        service_principal_id,
        service_principal_password,
        cloud=None,
        _enable_caching=True,
    ):
        pass


class TokenAuthentication(AbstractAuthentication):
    def __init__(self, get_token_for_audience=None, cloud=None):
        pass


class AzureMLTokenAuthentication(AbstractAuthentication):
    def __init__(self, *args, **kwargs):
        pass
