"""``azureml.core.conda_dependencies.CondaDependencies``: the packages of an environment."""

import os
import re

from runledger import cli
from runledger.azureml_v1.exceptions import UserErrorException, translated

DEFAULT_PYTHON = "3.8"
DEFAULT_FILE = "conda_dependencies.yml"
_SDK_PACKAGE = "azureml-defaults"


class CondaDependencies:
    """A conda environment file: its name, channels, conda packages, and packages of pip.

    ``conda_dependencies_file_path`` is read; without it, Python alone. Raises ``UserErrorException`` for a file that is
    missing or is no environment file.
    """

    CHANNELS = ("anaconda", "conda-forge")

    @translated
    def __init__(self, conda_dependencies_file_path=None, _underlying_structure=None):
        content = _underlying_structure
        if conda_dependencies_file_path is not None:
            content = _read(os.fspath(conda_dependencies_file_path))
        if content is None:
            content = {
                "name": "project_environment",
                "channels": list(self.CHANNELS),
                "dependencies": ["python=" + DEFAULT_PYTHON],
            }
        if not isinstance(content, dict) or not isinstance(content.get("dependencies", []), list):
            raise UserErrorException(
                "{} is not a conda environment: it needs a list of dependencies.".format(
                    conda_dependencies_file_path or "The definition"
                )
            )
        self._content_of_file = content
        content.setdefault("dependencies", [])

    @classmethod
    def create(
        cls,
        pip_indexurl=None,
        pip_packages=None,
        conda_packages=None,
        python_version=DEFAULT_PYTHON,
        pin_sdk_version=True,
        **kwargs,
    ):
        """Dependencies on packages of pip and conda, lists of texts as ``"numpy==1.24"``."""
        made = cls()
        made.set_python_version(python_version)
        for package in pip_packages if pip_packages is not None else [_SDK_PACKAGE]:
            made.add_pip_package(package)
        for package in conda_packages or []:
            made.add_conda_package(package)
        if pip_indexurl is not None:
            made.set_pip_option("--index-url " + pip_indexurl)
        return made

    @property
    def conda_packages(self):
        """Packages of conda, Python among them, in order."""
        return [entry for entry in self._content_of_file["dependencies"] if isinstance(entry, str)]

    @property
    def pip_packages(self):
        """Packages of pip, without its options, in order."""
        return [line for line in self._pip() if not line.startswith("-")]

    @property
    def pip_options(self):
        return [line for line in self._pip() if line.startswith("-")]

    @property
    def conda_channels(self):
        return list(self._content_of_file.get("channels") or [])

    def add_pip_package(self, pip_package):
        """Adds a package of pip; one of the same name is replaced."""
        self._put(self._pip(True), _checked("pip_package", pip_package))

    def remove_pip_package(self, pip_package):
        self._remove(self._pip(), pip_package)

    def add_conda_package(self, conda_package):
        """Adds a package of conda; one of the same name is replaced."""
        self._put(self._content_of_file["dependencies"], _checked("conda_package", conda_package))

    def remove_conda_package(self, conda_package):
        self._remove(self._content_of_file["dependencies"], conda_package)

    def add_channel(self, channel):
        channels = self._content_of_file.setdefault("channels", [])
        if channel not in channels:
            channels.append(channel)

    def remove_channel(self, channel):
        if channel in self._content_of_file.get("channels", []):
            self._content_of_file["channels"].remove(channel)

    def set_pip_option(self, pip_option):
        """Adds a line of options, as ``"--index-url https://..."``."""
        lines = self._pip(True)
        if pip_option not in lines:
            lines.insert(0, _checked("pip_option", pip_option))

    def set_pip_requirements(self, pip_requirements):
        """Replaces the packages of pip."""
        self._pip(True)[:] = [_checked("pip_requirements", line) for line in pip_requirements]

    def set_python_version(self, version):
        """The version of Python, as ``"3.8"``."""
        if not isinstance(version, (str, int, float)) or isinstance(version, bool):
            raise UserErrorException("version must be a str, not {}.".format(type(version).__name__))
        dependencies = self._content_of_file["dependencies"]
        dependencies[:] = [entry for entry in dependencies if not _is_named(entry, "python")]
        dependencies.insert(0, "python={}".format(version))

    def get_python_version(self):
        """The version of Python as it is written, or ``None``."""
        for entry in self.conda_packages:
            if _is_named(entry, "python"):
                return entry[len("python") :].lstrip("=<>~! ") or None
        return None

    def as_dict(self):
        """The content of the file, as plain values."""
        return self._content_of_file

    @translated
    def serialize_to_string(self):
        """The text of the file, YAML."""
        return cli.call("yaml-write", {"value": self._content_of_file})["text"]

    @translated
    def save_to_file(self, base_directory, conda_file_path=DEFAULT_FILE):
        """Writes the file ``conda_file_path`` in ``base_directory``. Returns its path there."""
        self.save(os.path.join(os.fspath(base_directory), conda_file_path))
        return conda_file_path

    @translated
    def save(self, path=None):
        """Writes the file ``path`` (a folder: ``conda_dependencies.yml`` in it). Returns its path."""
        from runledger.store.files import write_bytes

        path = os.path.abspath(os.curdir if path is None else os.fspath(path))
        path = os.path.join(path, DEFAULT_FILE) if os.path.isdir(path) else path
        text = self.serialize_to_string()
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_bytes(path, text.encode("utf-8"))
        except OSError as error:
            raise UserErrorException("{} cannot be written: {}.".format(path, error.strerror or error)) from None
        return path

    def _pip(self, is_made=False):
        dependencies = self._content_of_file["dependencies"]
        for entry in dependencies:
            if isinstance(entry, dict) and isinstance(entry.get("pip"), list):
                return entry["pip"]
        if not is_made:
            return []
        lines = []
        dependencies.append({"pip": lines})
        return lines

    def _put(self, entries, package):
        name = _name_of(package)
        for place, entry in enumerate(entries):
            if isinstance(entry, str) and _name_of(entry) == name:
                entries[place] = package
                return
        # Packages of pip come last in the file.
        place = next((place for place, entry in enumerate(entries) if isinstance(entry, dict)), len(entries))
        entries.insert(place, package)

    def _remove(self, entries, package):
        entries[:] = [entry for entry in entries if not _is_named(entry, _name_of(package))]

    def __eq__(self, other):
        return isinstance(other, CondaDependencies) and self._content_of_file == other._content_of_file

    __hash__ = None

    def __repr__(self):
        return "CondaDependencies({!r})".format(self._content_of_file)


def _read(path):
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UserErrorException(
            "The conda environment file {} cannot be read: {}.".format(path, getattr(error, "strerror", None) or error)
        ) from None
    return cli.call("yaml-parse", {"text": text})["value"]


def _checked(argument, value):
    if not isinstance(value, str) or not value.strip():
        raise UserErrorException("{} must be a str that is not empty, not {!r}.".format(argument, value))
    return value.strip()


def _name_of(package):
    """``numpy`` of ``numpy[extra]>=1.2``, compared as pip compares."""
    text = package.split("::")[-1].strip()
    return re.sub(r"[-_.]+", "-", re.split(r"[\s=<>~!\[;@]", text, maxsplit=1)[0]).lower()


def _is_named(entry, name):
    return isinstance(entry, str) and _name_of(entry) == name
