"""Definitions that have versions: ``<folder>/<key>/<version>.json``, versions from 1, each written once."""

import json
import os
import time

from runledger.errors import NotFoundError, creation_error
from runledger.store.files import read_json, remove_if_present, temporary_path
from runledger.store.names import experiment_key, validated_experiment_name


class VersionedDefinitions:
    """The definitions in ``folder``. ``what`` names one of them in messages, as "the environment"."""

    def __init__(self, folder, what):
        self._folder = folder
        self._what = what

    def names(self):
        """Names of the definitions, sorted, as they were spelled last."""
        try:
            keys = os.listdir(self._folder)
        except OSError:
            return []
        found = [self.latest(key) for key in keys if not key.startswith(".")]
        return sorted(definition["name"] for definition in found if definition is not None)

    def versions(self, name):
        """Versions of the definition ``name``, ascending; none where there is none. Raises ``InvalidNameError``."""
        try:
            files = os.listdir(self._path(name))
        except OSError:
            return []
        return sorted(int(file[:-5]) for file in files if file.endswith(".json") and file[:-5].isdigit())

    def latest(self, name):
        """The newest version as a dict, or ``None``."""
        versions = self.versions(name)
        return self.get(name, versions[-1]) if versions else None

    def get(self, name, version):
        """A version as a dict. Raises ``NotFoundError``, or ``UnreadableError``."""
        path = os.path.join(self._path(name), "{}.json".format(int(version)))
        if not os.path.isfile(path):
            raise NotFoundError("There is no version {} of {} {!r}.".format(version, self._what, name))
        return read_json(path, "{} {!r}".format(self._what, name))

    def add(self, name, content):
        """Stores ``content`` (a dict of plain values) as a new version, unless the newest is equal to it.

        Returns the version as a dict. Raises ``InvalidNameError`` or ``NotWritableError``.
        """
        name = validated_experiment_name(name)
        latest = self.latest(name)
        if latest is not None and {key: latest.get(key) for key in content} == json.loads(json.dumps(content)):
            return latest
        folder = self._path(name)
        try:
            os.makedirs(folder, exist_ok=True)
            version = (self.versions(name) or [0])[-1] + 1
            while not self._publish(folder, version, name, content):
                version += 1
        except OSError as error:
            raise creation_error(error, "{} {!r}".format(self._what, name), folder) from None
        return self.get(name, version)

    def _publish(self, folder, version, name, content):
        """Writes the version, whole or not at all. Returns whether it was free."""
        path = os.path.join(folder, "{}.json".format(version))
        staged = temporary_path(path)
        record = dict(content, format=1, name=name, version=version, createdTime=time.time())
        try:
            with open(staged, "x", encoding="utf-8") as file:
                json.dump(record, file, ensure_ascii=False, indent=2)
            # Unlike a rename, a link never replaces what is there.
            os.link(staged, path)
        except FileExistsError:
            return False
        finally:
            remove_if_present(staged)
        return True

    def _path(self, name):
        return os.path.join(self._folder, experiment_key(validated_experiment_name(name)))
