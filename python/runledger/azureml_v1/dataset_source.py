"""Where the data of a data set is: paths of datastores and of this machine, and addresses of the web."""

import glob
import hashlib
import json
import os
import shutil
import uuid

from runledger.azureml_v1.data_reference import DataPath, DataReference
from runledger.azureml_v1.datastore import Datastore, files_below
from runledger.azureml_v1.exceptions import UserErrorException

_WILDCARDS = "*?["


def sources(path):
    """``([source], workspace)`` of what the SDK takes for a path. A source is a dict of plain values.

    A path is a local one, an address, ``(datastore, path)``, a ``DataPath`` or ``DataReference``, or a list of them.
    The workspace is that of the datastores, else ``None``. Raises ``UserErrorException``.
    """
    found, workspace = [], None
    for item in path if isinstance(path, list) else [path]:
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], (list, tuple)):
            items = [(item[0], part) for part in item[1]]
        else:
            items = [item]
        for one in items:
            source, its_workspace = _source(one)
            found.append(source)
            workspace = workspace or its_workspace
    if not found:
        raise UserErrorException("path: name at least one path.")
    return found, workspace


def _source(item):
    if isinstance(item, (DataReference, DataPath)):
        datastore = item.datastore if isinstance(item, DataReference) else item._datastore
        item = (datastore, item.path_on_datastore)
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Datastore):
        datastore, path = item
        datastore._local_path(path)
        return {"datastore": datastore.name, "path": str(path or "")}, datastore.workspace
    if isinstance(item, os.PathLike):
        item = os.fspath(item)
    if not isinstance(item, str):
        raise UserErrorException(
            "path must be a path, an address, (datastore, path), or a list of these, not {!r}.".format(item)
        )
    if "://" in item:
        scheme = item.split("://", 1)[0].lower()
        if scheme == "file":
            from urllib.request import url2pathname

            return {"path": os.path.abspath(url2pathname(item[7:]))}, None
        if scheme not in ("http", "https"):
            raise UserErrorException(
                "{}: data can be read from files, datastores, and http or https addresses.".format(item)
            )
        return {"url": item}, None
    return {"path": os.path.abspath(os.path.expanduser(item))}, None


def identity(content, name=None):
    """A UUID of the definition ``content``, registered as ``name``."""
    text = json.dumps([name, content], sort_keys=True, ensure_ascii=True)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "runledger:dataset:" + text))


def files(all_sources, workspace):
    """``[(local path, path within the data set)]`` of the files. Raises ``UserErrorException`` where there are none."""
    found = []
    for source in all_sources:
        if "url" in source:
            path = _fetched(source["url"], workspace)
            matches = [(path, os.path.basename(path))]
        else:
            matches = _matches(_pattern(source, workspace))
        if not matches:
            raise UserErrorException("There is no file {}.".format(_shown(source, workspace)))
        found.extend(matches)
    return found


def _pattern(source, workspace):
    if "datastore" not in source:
        return source["path"]
    if workspace is None:
        raise UserErrorException("The datastore {!r} needs a workspace.".format(source["datastore"]))
    return Datastore(workspace, source["datastore"])._local_path(source["path"])


def _shown(source, workspace):
    return source.get("url") or _pattern(source, workspace)


def _matches(pattern):
    if os.path.isfile(pattern):
        return [(pattern, os.path.basename(pattern))]
    if os.path.isdir(pattern):
        base, paths = pattern, files_below(pattern)
    else:
        base = pattern
        while any(character in base for character in _WILDCARDS):
            base = os.path.dirname(base)
        paths = []
        for match in sorted(glob.glob(pattern, recursive=True)):
            paths.extend(files_below(match) if os.path.isdir(match) else [match])
    return [(path, os.path.relpath(path, base)) for path in sorted(set(paths))]


def only_file(content, workspace):
    """The local path of the one file that ``content`` names; ``None`` where it names a folder, a pattern or several."""
    if len(content["sources"]) != 1:
        return None
    source = content["sources"][0]
    path = _fetched(source["url"], workspace) if "url" in source else _pattern(source, workspace)
    return path if os.path.isfile(path) else None


def folder_of(content, found, identifier, workspace):
    """A local folder with the files ``found`` and nothing else: their own one, or one with links to them."""
    only = content["sources"][0]
    if len(content["sources"]) == 1 and not content["operations"] and "url" not in only:
        path = _pattern(only, workspace)
        if os.path.isdir(path):
            return path
    folder = os.path.join(_cache(workspace), ".views", identifier)
    staged = "{}.{}.tmp".format(folder, uuid.uuid4().hex)
    try:
        for path, relative in found:
            target = os.path.join(staged, relative)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _link_or_copy(path, target)
        _replace_folder(staged, folder)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise UserErrorException("The files of the data set cannot be put into {}: {}.".format(folder, error)) from None
    return folder


def _link_or_copy(path, target):
    try:
        os.symlink(path, target)
    except (OSError, NotImplementedError):
        # Windows lets few users make links.
        shutil.copyfile(path, target)


def _replace_folder(staged, folder):
    """Puts ``staged`` in place of ``folder``; one that has the same links stays, as runs may be reading it."""
    links = _links(staged)
    if links is not None and os.path.isdir(folder) and _links(folder) == links:
        shutil.rmtree(staged, ignore_errors=True)
        return
    aside = staged + ".old"
    if os.path.isdir(folder):
        os.rename(folder, aside)
    os.rename(staged, folder)
    shutil.rmtree(aside, ignore_errors=True)


def _links(folder):
    """``{path below the folder: where it leads}``; ``None`` where something is a copy."""
    paths = files_below(folder)
    if not all(os.path.islink(path) for path in paths):
        return None
    return {os.path.relpath(path, folder): os.readlink(path) for path in paths}


def _fetched(address, workspace):
    """The local copy of what is at ``address``, fetched once. Raises ``UserErrorException``."""
    from urllib.error import URLError
    from urllib.parse import unquote, urlsplit
    from urllib.request import urlopen

    name = os.path.basename(unquote(urlsplit(address).path)) or "data"
    folder = os.path.join(_cache(workspace), ".web", hashlib.sha256(address.encode("utf-8")).hexdigest()[:32])
    path = os.path.join(folder, name)
    if os.path.isfile(path):
        return path
    staged = "{}.{}.tmp".format(path, uuid.uuid4().hex)
    try:
        os.makedirs(folder, exist_ok=True)
        with urlopen(address, timeout=60) as response, open(staged, "xb") as file:
            shutil.copyfileobj(response, file)
        os.replace(staged, path)
    except (OSError, URLError, ValueError) as error:
        raise UserErrorException("{} cannot be fetched: {}.".format(address, error), error) from None
    finally:
        if os.path.exists(staged):
            os.unlink(staged)
    return path


def _cache(workspace):
    """The folder of what can be made again: in the workspace's, else beside the user's temporary files."""
    if workspace is not None:
        return os.path.join(workspace._store.folder, ".runledger", "data")
    import tempfile

    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return os.path.join(tempfile.gettempdir(), "runledger-data-{}".format(user))
