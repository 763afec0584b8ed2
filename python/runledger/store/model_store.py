"""Models and their versions on disk."""

import os
import shutil
import time

from runledger.errors import InvalidArgumentError, NotFoundError, RunledgerError, creation_error
from runledger.store.claims import Claims
from runledger.store.experiment_journal import append
from runledger.store.files import FORMAT, is_temporary, read_json, write_json
from runledger.store.journal_reader import read_journal
from runledger.store.names import name_key, new_uuid, random_hex, validated_name
from runledger.store.workspace_store import STORE_FOLDER, discard, publish


class ModelStore:
    """The models of the workspace in ``folder``."""

    def __init__(self, folder):
        self._folder = os.path.join(folder, STORE_FOLDER, "models")
        self._trash = os.path.join(folder, STORE_FOLDER, "trash", ".models")

    def keys(self):
        """Keys of the models, sorted; also of those that have no version left."""
        try:
            return sorted(key for key in os.listdir(self._folder) if not key.startswith("."))
        except OSError:
            return []

    def versions(self, name):
        """Versions of the model ``name``, newest first, lazily. Those that cannot be read are left out."""
        folder = self._model_folder(name)
        for number in range(Claims(os.path.join(folder, "numbers")).last(), 0, -1):
            version = ModelVersion(os.path.join(folder, "versions", str(number)))
            try:
                if version.exists():
                    version.info  # noqa: B018 (read here, so that a damaged one is passed over here)
                    yield version
            except RunledgerError:
                continue

    def version(self, name, number):
        """One version. Raises ``NotFoundError``."""
        version = ModelVersion(os.path.join(self._model_folder(name), "versions", str(int(number))))
        if not version.exists():
            raise NotFoundError("The model {!r} has no version {}.".format(name, number))
        return version

    def register(self, name, source, **fields):
        """Copies ``source``, a file or a folder, as the next version of the model ``name``, whole or not at all.

        ``fields`` replace those of ``model.json``. Raises ``InvalidNameError``, ``InvalidArgumentError``, ``NotFoundError`` or
        ``NotWritableError``.
        """
        from runledger import __version__, host_platform

        name = validated_name("model", name)
        source = os.path.abspath(source)
        if not os.path.exists(source):
            raise NotFoundError("There is no file or folder {}.".format(source))
        # A copy into itself would have no end.
        target = os.path.join(os.path.realpath(self._model_folder(name)), "versions", "")
        if target.startswith(os.path.join(os.path.realpath(source), "")):
            raise InvalidArgumentError(
                "{} holds the workspace itself, which would be copied as well.".format(source),
                "Name the file, or a folder that holds the model and nothing else.",
            )
        folder = self._model_folder(name)
        staged = os.path.join(folder, "versions", ".staging-" + random_hex())
        version_id = new_uuid()
        try:
            for part in ("numbers", "versions"):
                os.makedirs(os.path.join(folder, part), exist_ok=True)
            os.mkdir(staged)
            os.mkdir(os.path.join(staged, "journal"))
            os.mkdir(os.path.join(staged, "files"))
            _copy(source, os.path.join(staged, "files", os.path.basename(source)))
            # After the files, which may take long: numbers follow the order of publication.
            number = Claims(os.path.join(folder, "numbers")).claim(version_id)
            record = {
                "format": FORMAT,
                "id": version_id,
                "name": name,
                "version": number,
                "createdTime": time.time(),
                "user": host_platform.user_name(),
                "runId": None,
                "experiment": None,
                "path": source,
                "description": None,
                "tags": {},
                "properties": {},
                "framework": None,
                "frameworkVersion": None,
                "datasets": [],
                "createdBy": "runledger-python/" + __version__,
            }
            record.update(fields)
            write_json(os.path.join(staged, "model.json"), record)
            path = os.path.join(folder, "versions", str(number))
            publish(staged, path)
        except (OSError, shutil.Error) as error:
            discard(staged)
            raise creation_error(_first(error), "the model {!r}".format(name), folder) from None
        return ModelVersion(path)

    def delete(self, version):
        """Moves a version to the trash. Raises ``NotFoundError`` or ``NotWritableError``."""
        key = os.path.basename(os.path.dirname(os.path.dirname(version.path)))
        target = os.path.join(self._trash, key, os.path.basename(version.path))
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(version.path, target)
        except FileNotFoundError:
            raise NotFoundError("The version was deleted already.") from None
        except OSError as error:
            raise creation_error(error, "the trash's entry", target) from None

    def _model_folder(self, name):
        return os.path.join(self._folder, name_key("model", name))


class ModelVersion:
    """One version of a model, in the folder ``path``."""

    def __init__(self, path):
        self.path = path
        self._info = None

    @property
    def info(self):
        """The record of the registration. Raises ``NotFoundError``, ``UnreadableError`` or ``NewerFormatError``."""
        if self._info is None:
            self._info = read_json(os.path.join(self.path, "model.json"), "the model in {}".format(self.path))
        return self._info

    def exists(self):
        return os.path.isfile(os.path.join(self.path, "model.json"))

    def state(self):
        """``(tags, properties, description)`` as they are now."""
        info = self.info
        tags = dict(info.get("tags") or {})
        properties = dict(info.get("properties") or {})
        description = info.get("description")
        for record in read_journal(os.path.join(self.path, "journal"))[0]:
            kind, name, value = record["k"], record.get("n"), record.get("v")
            is_text = value is None or isinstance(value, str)
            if kind == "tag" and isinstance(name, str) and is_text:
                tags[name] = value
            elif kind == "untag" and isinstance(name, str):
                tags.pop(name, None)
            elif kind == "attribute" and name == "description" and is_text:
                description = value
            elif kind == "properties" and isinstance(value, dict):
                for key, text in value.items():
                    properties.setdefault(key, text)
        return tags, properties, description

    def datasets(self):
        """The data sets that it was made or is used with, as dicts: see ``docs/store-format.md``."""
        found = list(self.info.get("datasets") or [])
        for record in read_journal(os.path.join(self.path, "journal"))[0]:
            if record["k"] == "datasets" and isinstance(record.get("v"), list):
                found += record["v"]
        return [item for item in found if isinstance(item, dict) and isinstance(item.get("content"), dict)]

    def record(self, kind, **fields):
        """Appends a record to the version's journal. Raises ``NotFoundError`` or ``NotWritableError``."""
        if not self.exists():
            raise NotFoundError("The model's version in {} was deleted.".format(self.path))
        append(self.path, kind, **fields)

    def content_path(self):
        """The model: the one file or folder that was registered. Raises ``NotFoundError``."""
        folder = os.path.join(self.path, "files")
        try:
            names = [name for name in os.listdir(folder) if not is_temporary(name)]
        except OSError:
            names = []
        if not names:
            raise NotFoundError("The files of the model in {} are gone.".format(self.path))
        return os.path.join(folder, sorted(names)[0])


def _copy(source, target):
    if os.path.isdir(source):
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _first(error):
    """The ``OSError`` to tell of: copying a folder collects them."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        return OSError(str(error.args[0][0][-1]))
    return error
