"""Definitions of compute targets: ``.runledger/compute/<key>.json``, each another name for this machine, and
``<name>.yml``, which say how runs get to another one. Of those the ``runledger`` command is asked, as they are YAML.
"""

import datetime
import os

from runledger.azureml_v1.exceptions import ComputeTargetException, UserErrorException
from runledger.errors import RunledgerError
from runledger.store.files import read_json, remove_if_present, write_json
from runledger.store.names import experiment_key, validated_experiment_name

LOCAL = "local"
_LOCAL_DEFINITION = {"name": LOCAL, "type": LOCAL}


def write(workspace, definition):
    """Keeps ``definition``, a dict of plain values with a ``name``. Raises ``ComputeTargetException``."""
    path = _path(workspace, definition["name"])
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_json(path, definition)
    except OSError as error:
        raise ComputeTargetException(
            "The compute target {!r} cannot be kept in {}: {}.".format(definition["name"], path, error.strerror), error
        ) from None


def existing(workspace, name):
    """The definition of ``name``. Raises ``ComputeTargetException`` where there is none."""
    if name == LOCAL:
        return _LOCAL_DEFINITION
    path = _path(workspace, name)
    if has_file(workspace, name):
        return next(found for found in _of_files(workspace) if found["name"].lower() == name.lower())
    if not os.path.isfile(path):
        raise ComputeTargetException(
            "ComputeTargetNotFound: the workspace has no compute target {!r}. Runs are carried out on this machine, "
            "which is the target local; ComputeTarget.create makes another name for it.".format(name)
        )
    return _definition(path, name)


def is_defined(workspace, name):
    """Whether there is a target ``name``. One that no target can have is not defined."""
    try:
        if has_file(workspace, name):
            return True
        existing(workspace, name)
    except (ComputeTargetException, RunledgerError):
        return False
    return True


def remove(workspace, name):
    """Forgets the definition of ``name``."""
    remove_if_present(_path(workspace, name))


def _definition(path, name):
    try:
        definition = read_json(path, "the compute target {!r}".format(name))
    except RunledgerError as error:
        raise ComputeTargetException(str(error), error) from None
    if not isinstance(definition.get("name"), str) or not isinstance(definition.get("type"), str):
        raise ComputeTargetException("The compute target {!r} cannot be read: {} is damaged.".format(name, path))
    return definition


def definitions(workspace):
    """The definitions of ``workspace``, by name. Those that cannot be read are left out."""
    folder = _folder(workspace)
    try:
        files = sorted(name for name in os.listdir(folder) if name.endswith(".json") and not name.startswith("."))
    except OSError:
        return []
    found = _of_files(workspace) if _file_names(workspace) else []
    for file in files:
        try:
            found.append(_definition(os.path.join(folder, file), file[:-5]))
        except ComputeTargetException:
            continue
    return found


def _file_names(workspace):
    """Names of the targets that files of YAML define, in lower case."""
    try:
        files = os.listdir(_folder(workspace))
    except OSError:
        return set()
    parts = [os.path.splitext(file.lower()) for file in files if not file.startswith(".")]
    return {stem for stem, extension in parts if extension in (".yml", ".yaml") and stem != LOCAL}


def has_file(workspace, name):
    """Whether a file of YAML defines the target ``name``."""
    return hasattr(workspace, "_store") and name.lower() in _file_names(workspace)


def refuse_file(workspace, name):
    """Raises ``ComputeTargetException`` for a target that a script must not change."""
    if has_file(workspace, name):
        raise ComputeTargetException(
            "The compute target {!r} is defined by a file in {}: change or delete that.".format(name, _folder(workspace))
        )


def _of_files(workspace):
    from runledger import cli

    return cli.call("compute-targets", {"workspaceFolder": workspace._store.folder})["targets"]


def _folder(workspace):
    return os.path.join(workspace._store.folder, ".runledger", "compute")


def _path(workspace, name):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
    try:
        return os.path.join(_folder(workspace), experiment_key(validated_experiment_name(name)) + ".json")
    except RunledgerError as error:
        raise ComputeTargetException("A compute target cannot be called {!r}: {}".format(name, error), error) from None


def time_text(seconds):
    """ISO 8601 with its offset; ``None`` for ``None``."""
    if seconds is None:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()
