"""Workspaces and experiments on disk: finding, creating and listing them, and creating runs."""

import os
import time

from runledger.errors import AlreadyExistsError, NotFoundError, RunledgerError, creation_error
from runledger.store.claims import Claims
from runledger.store.files import FORMAT, read_json, write_bytes, write_json
from runledger.store.names import (
    experiment_key,
    new_uuid,
    random_hex,
    validated_experiment_name,
    validated_run_id,
)
from runledger.store.run_folder import RunFolder

STORE_FOLDER = ".runledger"


def find_workspace_folder(start):
    """The nearest folder at or above ``start`` that holds a store, or ``None``."""
    folder = os.path.abspath(start)
    while True:
        if os.path.isfile(os.path.join(folder, STORE_FOLDER, "workspace.json")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def publish(staged, path):
    """Renames the folder ``staged`` to ``path``. Returns whether it did: another creator may have been faster."""
    try:
        os.rename(staged, path)
    except OSError:
        if not os.path.isdir(path):
            raise
        return False
    return True


def discard(staged):
    import shutil

    shutil.rmtree(staged, ignore_errors=True)


class WorkspaceStore:
    """The store of the workspace in ``folder``. Raises ``NotFoundError`` or ``NewerFormatError`` when opened."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self._experiments = os.path.join(self.folder, STORE_FOLDER, "experiments")
        path = os.path.join(self.folder, STORE_FOLDER, "workspace.json")
        self.info = read_json(path, "the workspace in {}".format(self.folder))
        """The content of ``workspace.json``."""

    @classmethod
    def create(cls, folder, name, subscription_id=None, resource_group=None, location="local", tags=None):
        """Creates the workspace ``name`` in ``folder``, which exists. Raises ``AlreadyExistsError``."""
        folder = os.path.abspath(folder)
        path = os.path.join(folder, STORE_FOLDER)
        staged = os.path.join(folder, ".runledger-staging-" + random_hex())
        try:
            os.mkdir(staged)
            for part in ("active", "experiments", "snapshots", "trash"):
                os.mkdir(os.path.join(staged, part))
            write_bytes(os.path.join(staged, ".gitignore"), b"*\n")
            write_json(
                os.path.join(staged, "workspace.json"),
                {
                    "format": FORMAT,
                    "id": new_uuid(),
                    "name": name,
                    "createdTime": time.time(),
                    "subscriptionId": subscription_id,
                    "resourceGroup": resource_group,
                    "location": location,
                    "tags": tags or {},
                },
            )
            is_created = publish(staged, path)
        except OSError as error:
            discard(staged)
            raise creation_error(error, "the workspace", folder) from None
        if not is_created:
            discard(staged)
            raise AlreadyExistsError("{} holds a workspace already.".format(folder))
        from runledger.store.registry import register

        store = cls(folder)
        register(store)
        return store

    def experiments(self):
        """The experiments, by name. Those that cannot be read are left out."""
        found = []
        try:
            keys = os.listdir(self._experiments)
        except OSError:
            keys = []
        for key in keys:
            if not key.startswith("."):
                try:
                    found.append(ExperimentStore(self, key))
                except (RunledgerError, ValueError):
                    continue
        return sorted(found, key=lambda experiment: experiment.key)

    def experiment(self, name):
        """The experiment ``name``, made if it does not exist. Raises ``InvalidNameError`` or ``NotWritableError``."""
        name = validated_experiment_name(name)
        key = experiment_key(name)
        path = os.path.join(self._experiments, key)
        if not os.path.isdir(path):
            self._create_experiment(name, path)
        return ExperimentStore(self, key)

    def existing_experiment(self, name):
        """The experiment ``name``. Raises ``NotFoundError``."""
        key = experiment_key(name)
        if not os.path.isdir(os.path.join(self._experiments, key)):
            raise NotFoundError("The workspace in {} has no experiment {!r}.".format(self.folder, name))
        return ExperimentStore(self, key)

    def find_run(self, run_id):
        """The folder of the run ``run_id``, in whichever experiment. Raises ``NotFoundError``."""
        validated_run_id(run_id)
        try:
            keys = os.listdir(self._experiments)
        except OSError:
            keys = []
        for key in keys:
            if not key.startswith("."):
                run = RunFolder(self.folder, key, run_id)
                if run.exists():
                    return run
        raise NotFoundError("The workspace in {} has no run {!r}.".format(self.folder, run_id))

    def _create_experiment(self, name, path):
        staged = os.path.join(self._experiments, ".staging-" + random_hex())
        try:
            os.makedirs(self._experiments, exist_ok=True)
            os.mkdir(staged)
            os.mkdir(os.path.join(staged, "numbers"))
            os.mkdir(os.path.join(staged, "runs"))
            write_json(
                os.path.join(staged, "experiment.json"),
                {"format": FORMAT, "id": new_uuid(), "name": name, "createdTime": time.time()},
            )
            if not publish(staged, path):
                discard(staged)
        except OSError as error:
            discard(staged)
            raise creation_error(error, "the experiment {!r}".format(name), self.folder) from None


class ExperimentStore:
    """The experiment whose folder is ``key``. Raises ``NotFoundError`` or ``UnreadableError`` when opened."""

    def __init__(self, workspace, key):
        self.workspace = workspace
        self.key = key
        self.path = os.path.join(workspace.folder, STORE_FOLDER, "experiments", key)
        info = read_json(os.path.join(self.path, "experiment.json"), "the experiment {!r}".format(key))
        self.name = info.get("name") if isinstance(info.get("name"), str) else key
        """As it was spelled first."""
        self.id = info.get("id") if isinstance(info.get("id"), str) else key
        self._claims = Claims(os.path.join(self.path, "numbers"))

    def run(self, run_id):
        """The folder of the run ``run_id``. Raises ``NotFoundError``."""
        run = RunFolder(self.workspace.folder, self.key, run_id)
        if not run.exists():
            raise NotFoundError("The experiment {!r} has no run {!r}.".format(self.name, run_id))
        return run

    def runs_newest_first(self):
        """Folders of the experiment's runs, deleted ones left out, from the highest number down."""
        for number in range(self._claims.last(), 0, -1):
            try:
                with open(self._claims.path(number), encoding="utf-8") as file:
                    run_id = file.read().strip()
                run = RunFolder(self.workspace.folder, self.key, run_id)
            except (OSError, ValueError):
                continue
            if run.exists():
                yield run

    def create_run(self, run_id=None, parent=None, **fields):
        """Claims a number, creates the run and returns its folder. ``fields`` replace those of ``run.json``.

        Without ``run_id`` it is a new UUID. ``parent`` is the folder of the run that it is a child of. Raises ``NotWritableError``, or ``AlreadyExistsError`` for a given id.
        """
        from runledger import __version__, host_platform

        run = RunFolder(self.workspace.folder, self.key, run_id or new_uuid())
        if run_id is not None and run.exists():
            # Before a number is claimed, which would name the run twice.
            raise AlreadyExistsError("The experiment {!r} has a run {!r} already.".format(self.name, run.id))
        staged = os.path.join(self.path, "runs", ".staging-" + random_hex())
        try:
            number = self._claims.claim(run.id)
            os.mkdir(staged)
            os.mkdir(os.path.join(staged, "journal"))
            os.mkdir(os.path.join(staged, "artifacts"))
            record = {
                "format": FORMAT,
                "id": run.id,
                "number": number,
                "experiment": self.name,
                "type": None,
                "displayName": None,
                "description": None,
                "parentId": None if parent is None else parent.id,
                "createdTime": time.time(),
                "user": host_platform.user_name(),
                "host": host_platform.host_name(),
                "createdBy": "runledger-python/" + __version__,
                "tags": {},
                "properties": {},
                "submission": None,
            }
            record.update(fields)
            write_json(os.path.join(staged, "run.json"), record)
            is_created = publish(staged, run.path)
        except OSError as error:
            discard(staged)
            raise creation_error(error, "the run", self.path) from None
        if not is_created:
            discard(staged)
            raise AlreadyExistsError("The experiment {!r} has a run {!r} already.".format(self.name, run.id))
        if parent is not None:
            try:
                parent.add_child(run.id)
            except OSError as error:
                raise creation_error(error, "the child run", parent.path) from None
        return run
