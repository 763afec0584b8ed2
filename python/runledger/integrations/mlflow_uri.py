"""The address by which MLflow finds a workspace: ``runledger:///<folder>``. Needs no MLflow."""

from pathlib import Path

SCHEME = "runledger"


def mlflow_tracking_uri(workspace=None):
    """What ``mlflow.set_tracking_uri`` takes for the workspace in the folder ``workspace`` (default: the nearest).

    Raises ``NotFoundError`` where there is none.
    """
    from runledger.api import store_of

    return uri_of(store_of(workspace).folder)


def uri_of(folder):
    """The address of the workspace in ``folder``, absolute."""
    return SCHEME + Path(folder).as_uri()[len("file") :]


def folder_of(uri):
    """The folder that an address names."""
    # With all of HTTP, these take twice the memory of Python itself: those who only make addresses do without.
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    parts = urlsplit(uri)
    return url2pathname(("//" + parts.netloc if parts.netloc else "") + parts.path)
