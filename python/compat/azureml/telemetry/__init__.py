"""``from azureml.telemetry import set_diagnostics_collection``: nothing is sent anywhere."""

__all__ = ["set_diagnostics_collection"]


def set_diagnostics_collection(send_diagnostics=True, verbosity=None):
    """Does nothing: there are no diagnostics to be sent."""
