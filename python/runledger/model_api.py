"""Models in the native API: registering, finding and describing them."""

import os

from runledger.api import store_of
from runledger.errors import InvalidArgumentError, NotFoundError
from runledger.store.model_store import ModelStore


def register_model(name, path, description=None, tags=None, framework=None, workspace=None):
    """Copies the file or folder ``path`` into the workspace, as the next version of the model ``name``. Returns the
    ``Model``.

    Inside a run use ``run.register_model``, which keeps where the model came from. Raises ``NotFoundError``,
    ``InvalidNameError`` and ``InvalidArgumentError``.
    """
    return register(store_of(workspace), name, os.fspath(path), description, tags, framework)


def get_model(name, version=None, workspace=None):
    """The newest version of the model ``name``, or the one given. Raises ``NotFoundError``."""
    store = store_of(workspace)
    models = ModelStore(store.folder)
    if version is not None:
        return Model(models.version(name, version))
    newest = next(models.versions(name), None)
    if newest is None:
        raise NotFoundError("The workspace in {} has no model {!r}.".format(store.folder, name))
    return Model(newest)


def list_models(name=None, workspace=None):
    """All versions, by the model's name and newest first: a list of ``Model``. With ``name``, those of one model."""
    models = ModelStore(store_of(workspace).folder)
    keys = models.keys() if name is None else [name]
    return [Model(version) for key in keys for version in models.versions(key)]


def register(store, name, source, description=None, tags=None, framework=None, run=None):
    """Registers ``source``, a path. ``run`` is ``(id, experiment, name of the run's file)`` where a run made it."""
    if tags is not None and not isinstance(tags, dict):
        raise InvalidArgumentError("tags must be a dict, not {}.".format(type(tags).__name__))
    fields = {
        "description": None if description is None else str(description),
        "tags": {str(key): None if value is None else str(value) for key, value in (tags or {}).items()},
        "framework": None if framework is None else str(framework),
    }
    if run is not None:
        fields["runId"], fields["experiment"], fields["path"] = run
    return Model(ModelStore(store.folder).register(name, source, **fields))


class Model:
    """One version of a registered model."""

    def __init__(self, stored):
        self._stored = stored

    @property
    def name(self):
        return self._stored.info["name"]

    @property
    def version(self):
        """Counts from 1 for each name."""
        return self._stored.info["version"]

    @property
    def path(self):
        """The file or folder that was registered, absolute: load it from there. Raises ``NotFoundError``."""
        return self._stored.content_path()

    @property
    def run_id(self):
        """The run that made it, or ``None``."""
        return self._stored.info.get("runId")

    @property
    def framework(self):
        return self._stored.info.get("framework")

    @property
    def tags(self):
        """``{name: text or None}``."""
        return self._stored.state()[0]

    @property
    def description(self):
        return self._stored.state()[2]

    def set_tag(self, name, value=None):
        """Sets a tag, with or without a value."""
        self._stored.record("tag", n=str(name), v=None if value is None else str(value))

    def remove_tag(self, name):
        self._stored.record("untag", n=str(name))

    def set_description(self, text):
        self._stored.record("attribute", n="description", v=None if text is None else str(text))

    def delete(self):
        """Moves the version to the trash. Its number is not given again. Raises ``NotFoundError``."""
        ModelStore(self._workspace_folder()).delete(self._stored)

    def _workspace_folder(self):
        # <workspace>/.runledger/models/<key>/versions/<n>
        folder = self._stored.path
        for _ in range(5):
            folder = os.path.dirname(folder)
        return folder

    def __eq__(self, other):
        return isinstance(other, Model) and other._stored.path == self._stored.path

    def __hash__(self):
        return hash(self._stored.path)

    def __repr__(self):
        return "<runledger.Model {!r} version {}>".format(self.name, self.version)
