"""Which models a caller asked for, and where they are."""

import os

from runledger.azureml_v1.exceptions import UserErrorException
from runledger.errors import NotFoundError
from runledger.store.model_store import ModelStore


class ModelFilter:
    """Conditions on versions of models; all that are given must hold. Raises ``UserErrorException`` for a wrong one."""

    def __init__(
        self, name=None, tags=None, properties=None, run_id=None, framework=None, version=None, dataset_id=None
    ):
        if name is not None and not isinstance(name, str):
            raise UserErrorException("name must be a str, not {}.".format(type(name).__name__))
        try:
            self._version = None if version is None else int(version)
        except (TypeError, ValueError):
            raise UserErrorException("version must be a whole number, not {!r}.".format(version)) from None
        self._name = name
        self._tags = _conditions("tags", tags)
        self._properties = _conditions("properties", properties)
        self._run_id = run_id
        self._framework = framework
        self._dataset_id = dataset_id

    def matching(self, workspace):
        """Versions by the model's name, newest first."""
        store = model_store(workspace)
        if self._name is not None and self._version is not None:
            try:
                candidates = iter([store.version(self._name, self._version)])
            except NotFoundError:
                candidates = iter(())
        else:
            names = store.keys() if self._name is None else [self._name]
            candidates = (version for name in names for version in store.versions(name))
        return (version for version in candidates if self._matches(version))

    def _matches(self, stored):
        info = stored.info
        if self._version not in (None, info["version"]) or self._run_id not in (None, info.get("runId")):
            return False
        if self._framework not in (None, info.get("framework")):
            return False
        if self._dataset_id is not None and self._dataset_id not in [item["id"] for item in stored.datasets()]:
            return False
        if not self._tags and not self._properties:
            return True
        tags, properties, _ = stored.state()
        return _hold(tags, self._tags) and _hold(properties, self._properties)

    def text(self):
        version = "" if self._version is None else " of version {}".format(self._version)
        name = "that matches" if self._name is None else repr(self._name)
        return name + version


def _conditions(argument, wanted):
    """``[(name, value or None)]``. A text ``name=value``, as the command line has it, is a pair too."""
    if wanted is None:
        return []
    if isinstance(wanted, str):
        wanted = [wanted]
    if not isinstance(wanted, (dict, list, tuple)):
        raise UserErrorException("{} must be a list or a dict, not {!r}.".format(argument, wanted))
    if isinstance(wanted, dict):
        wanted = [[name, value] for name, value in wanted.items()]
    found = []
    for condition in wanted:
        if isinstance(condition, str):
            found.append((condition, None))
        elif isinstance(condition, (list, tuple)) and 1 <= len(condition) <= 2:
            found.append((str(condition[0]), str(condition[1]) if len(condition) == 2 else None))
        else:
            raise UserErrorException(
                "{} must be a list of names and of pairs [name, value], not {!r}.".format(argument, wanted)
            )
    return found


def _hold(found, conditions):
    return all(name in found and value in (None, found[name]) for name, value in conditions)


def model_store(workspace):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
    return ModelStore(workspace._store.folder)


def nearest_workspace():
    from runledger.azureml_v1.workspace import Workspace
    from runledger.errors import RunledgerError
    from runledger.tracking import environment

    try:
        return Workspace._of_store(environment.nearest_store(os.getcwd()))
    except RunledgerError:
        return None


def in_folder(folder, name, version):
    """``<folder>/<name>/<version>/<content>``, as deployed models lie; or ``<folder>/<name>`` itself."""
    base = os.path.join(folder, name)
    try:
        versions = sorted((int(entry) for entry in os.listdir(base) if entry.isdigit()), reverse=True)
    except OSError:
        versions = []
    for number in versions:
        if version in (None, number, str(number)):
            content = sorted(os.listdir(os.path.join(base, str(number))))
            if content:
                return os.path.abspath(os.path.join(base, str(number), content[0]))
    return os.path.abspath(base) if os.path.exists(base) and not versions else None
