"""``from azureml.telemetry import set_diagnostics_collection``: nothing is sent anywhere."""

__all__ = ["INSTRUMENTATION_KEY", "set_diagnostics_collection"]

INSTRUMENTATION_KEY = ""
"""There is nowhere to send to."""


def set_diagnostics_collection(send_diagnostics=True, verbosity=None):
    """Does nothing: there are no diagnostics to be sent."""
