"""Addresses of runs and workspaces in the editor, and of the SDK's documentation."""

import os

_DOCUMENTATION = "https://learn.microsoft.com/python/api/azureml-core/azureml.core.{}"


def run_link(run_id):
    """A link that opens the run's page in the editor. ``RUNLEDGER_URI_SCHEME`` names the editor's scheme."""
    return "{}://runledger.runledger/run/{}".format(_scheme(), _percent_encoded(run_id))


def folder_link(folder):
    """A link that opens ``folder`` in the editor."""
    path = os.path.abspath(folder).replace(os.sep, "/").strip("/")
    return "{}://file/{}/".format(_scheme(), _percent_encoded(path, "/:"))


def file_link(path):
    """The ``file:`` address of ``path``."""
    path = os.path.abspath(path).replace(os.sep, "/").lstrip("/")
    return "file:///" + _percent_encoded(path, "/:")


def documentation_link(class_name):
    """The reference of the SDK's class ``class_name``, as ``run.Run``."""
    return _DOCUMENTATION.format(class_name.lower())


def _scheme():
    return os.environ.get("RUNLEDGER_URI_SCHEME") or "vscode"


def _percent_encoded(text, kept=""):
    kept = "-_.~" + kept
    return "".join(
        chr(byte) if byte < 128 and (chr(byte).isalnum() or chr(byte) in kept) else "%{:02X}".format(byte)
        for byte in text.encode("utf-8", "surrogateescape")
    )
