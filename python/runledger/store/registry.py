"""The user's registry of workspaces, through which they are found by name. It is outside every store."""

import os

from runledger.errors import RunledgerError
from runledger.host_platform import user_data_folder


def _folder():
    return os.path.join(user_data_folder(), "workspaces")


def register(store):
    """Records the workspace of ``store``. A failure is not an error: the workspace works without."""
    import hashlib

    from runledger.store.files import read_json, write_json

    folder = os.path.realpath(store.folder)
    digest = hashlib.sha256(folder.encode("utf-8", "surrogateescape")).hexdigest()
    path = os.path.join(_folder(), digest[:16] + ".json")
    entry = {"name": store.info.get("name"), "folder": folder, "id": store.info.get("id")}
    try:
        if os.path.exists(path) and read_json(path, "the registry's entry") == entry:
            return
        os.makedirs(_folder(), exist_ok=True)
        write_json(path, entry)
    except (OSError, RunledgerError):
        pass


def registered_workspaces():
    """Stores of the workspaces that the registry names and that still are where it says, by folder."""
    from runledger.store.files import read_json
    from runledger.store.workspace_store import WorkspaceStore

    found = {}
    try:
        names = os.listdir(_folder())
    except OSError:
        return []
    for name in names:
        if not name.endswith(".json") or name.startswith("."):
            continue
        try:
            entry = read_json(os.path.join(_folder(), name), "the registry's entry")
            store = WorkspaceStore(entry["folder"])
        except (RunledgerError, KeyError, TypeError):
            continue
        if store.info.get("id") == entry.get("id"):
            found[store.folder] = store
    return [found[folder] for folder in sorted(found)]
