"""The file that names a workspace: ``.azureml/config.json``, and the places where older versions kept it."""

import os

from runledger.azureml_v1.exceptions import UserErrorException

_FOLDERS = (".azureml", "aml_config", "")
DEFAULT_NAME = "config.json"
NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""What stands for the subscription of a workspace that never had one."""
NO_RESOURCE_GROUP = "local"


class WorkspaceConfig:
    """A configuration that was read. ``folder`` is the project's: the one that holds ``.azureml/``."""

    def __init__(self, path, folder, content):
        self.path = path
        self.folder = folder
        self.workspace_name = content.get("workspace_name")
        self.subscription_id = content.get("subscription_id")
        self.resource_group = content.get("resource_group")


def find_config(path=None, file_name=None):
    """Reads the configuration at ``path`` (a file, a project's folder, or its ``.azureml``) or above it.

    Returns ``None`` where there is none. Raises ``UserErrorException`` for one that cannot be read.
    """
    start = os.path.abspath(os.getcwd() if path is None else os.fspath(path))
    if os.path.isfile(start):
        return _read(start)
    if path is not None and not os.path.isdir(start):
        raise UserErrorException("The path {} does not exist.".format(start))
    folder = start
    while True:
        for subfolder in _FOLDERS:
            candidate = os.path.join(folder, subfolder, file_name or DEFAULT_NAME)
            # A plain config.json may be anybody's; inside .azureml it is always ours.
            if os.path.isfile(candidate) and (subfolder or file_name or _names_workspace(candidate)):
                return _read(candidate)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _load(path):
    import json

    with open(path, encoding="utf-8-sig") as file:
        return json.load(file)


def _names_workspace(path):
    try:
        content = _load(path)
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "workspace_name" in content


def _read(path):
    try:
        content = _load(path)
    except (OSError, ValueError) as error:
        raise UserErrorException("The workspace's configuration {} cannot be read: {}.".format(path, error)) from None
    if not isinstance(content, dict) or not isinstance(content.get("workspace_name"), str):
        raise UserErrorException(
            'The workspace\'s configuration {} names no workspace: it needs "workspace_name", and as a rule '
            '"subscription_id" and "resource_group".'.format(path)
        )
    folder, parent_name = os.path.dirname(path), os.path.basename(os.path.dirname(path))
    return WorkspaceConfig(path, os.path.dirname(folder) if parent_name in _FOLDERS[:2] else folder, content)


def write_config(folder, content, file_name=None):
    """Writes ``content`` to ``<folder>/.azureml/<file_name>`` and returns the path."""
    import json

    target = os.path.join(os.path.abspath(folder), ".azureml")
    os.makedirs(target, exist_ok=True)
    path = os.path.join(target, file_name or DEFAULT_NAME)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=4, ensure_ascii=False)
        file.write("\n")
    return path
