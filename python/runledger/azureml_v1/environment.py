"""``azureml.core.Environment``: what a script runs with, by name, and registered in a workspace with versions."""

import copy
import json
import os
import re

from runledger.azureml_v1.conda_dependencies import DEFAULT_FILE, CondaDependencies
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.section import Section
from runledger.azureml_v1.unavailable_names import ENVIRONMENT_METHODS
from runledger.store.versions import VersionedDefinitions

DEFINITION_FILE = "azureml_environment.json"
DEFAULT_CPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
DEFAULT_GPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.1-cudnn8-ubuntu20.04"
CURATED = ("AzureML-Minimal", "AzureML-Tutorial", "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu")
"""Environments that scripts expect to be there. Here each stands for the interpreter that submits."""


class PythonSection(Section):
    """``environment.python``: the interpreter, or the packages to be installed."""

    FIELDS = {
        "user_managed_dependencies": ("userManagedDependencies", False),
        "interpreter_path": ("interpreterPath", "python"),
        "conda_dependencies_file": ("condaDependenciesFile", None),
        "base_conda_environment": ("baseCondaEnvironment", None),
    }

    def __init__(self):
        super().__init__()
        self._conda_dependencies = None

    @property
    def conda_dependencies(self):
        """A ``CondaDependencies``: Python alone unless others were set, as scripts add to it without making one.
        ``None`` where ``conda_dependencies_file`` names a file.
        """
        if self._conda_dependencies is None and not self.conda_dependencies_file:
            # Made when it is asked for, so that an environment that nobody changed stays without packages.
            self._conda_dependencies = CondaDependencies.create()
        return self._conda_dependencies

    @conda_dependencies.setter
    def conda_dependencies(self, value):
        self._conda_dependencies = value

    def _read(self, value):
        value = dict(value or {})
        definition = value.pop("condaDependencies", None)
        if definition is not None:
            self.conda_dependencies = CondaDependencies(_underlying_structure=definition)
        return super()._read(value)

    def _content(self):
        content = super()._content()
        if self._conda_dependencies is not None and not self.user_managed_dependencies:
            content["condaDependencies"] = self._conda_dependencies.as_dict()
        return content


class ContainerRegistry(Section):
    """``environment.docker.base_image_registry``: where an image comes from. A password is never written anywhere."""

    FIELDS = {"address": ("address", None), "username": ("username", None)}

    def __init__(self):
        super().__init__()
        self.password = None

    def _read(self, value):
        # Taken out of what is kept of unknown keys, which is written again.
        known = {key: field for key, field in (value or {}).items() if str(key).lower() != "password"}
        self.password = next((field for key, field in (value or {}).items() if key not in known), None)
        return super()._read(known)


class DockerSection(Section):
    """``environment.docker``: the container to run in."""

    FIELDS = {
        "enabled": ("enabled", False),
        "base_image": ("baseImage", None),
        "base_dockerfile": ("baseDockerfile", None),
        "shared_volumes": ("sharedVolumes", True),
        "gpu_support": ("gpuSupport", False),
        "shm_size": ("shmSize", None),
        "arguments": ("arguments", list),
        "base_image_registry": ("baseImageRegistry", ContainerRegistry),
    }


class SparkSection(Section):
    """``environment.spark``."""

    FIELDS = {
        "repositories": ("repositories", list),
        "packages": ("packages", list),
        "precache_packages": ("precachePackages", True),
    }


@refuses("Environment", ENVIRONMENT_METHODS)
class Environment(Section):
    """An environment. Its sections are ``python``, ``docker`` and ``spark``. ``name`` follows the store's rules."""

    FIELDS = {
        "name": ("name", None),
        "version": ("version", None),
        "environment_variables": ("environmentVariables", dict),
        "python": ("python", PythonSection),
        "docker": ("docker", DockerSection),
        "spark": ("spark", SparkSection),
        "inferencing_stack_version": ("inferencingStackVersion", None),
    }

    def __init__(self, name=None, **kwargs):
        super().__init__()
        if name is not None and not isinstance(name, str):
            raise UserErrorException("name must be a str, not {}.".format(type(name).__name__))
        self.name = name

    @classmethod
    @translated
    def from_conda_specification(cls, name, file_path):
        """The packages of a conda environment file."""
        made = cls(name)
        made.python.conda_dependencies = CondaDependencies(file_path)
        return made

    @classmethod
    @translated
    def from_pip_requirements(cls, name, file_path, pip_version=None):
        """The packages of a requirements file of pip, and of those that it includes. Lines are kept as they are."""
        made = cls(name)
        dependencies = CondaDependencies()
        dependencies.set_pip_requirements(_requirement_lines(os.fspath(file_path)))
        if pip_version is not None:
            dependencies.add_conda_package("pip={}".format(pip_version))
        made.python.conda_dependencies = dependencies
        return made

    @classmethod
    @translated
    def from_existing_conda_environment(cls, name, conda_environment_name):
        """The interpreter of a conda environment of this machine. Raises ``UserErrorException`` where there is none."""
        from runledger.azureml_v1.conda_environments import interpreter_of

        interpreter = interpreter_of(conda_environment_name)
        made = cls(name)
        made.python.user_managed_dependencies = True
        made.python.interpreter_path = interpreter
        return made

    @classmethod
    @translated
    def from_docker_image(
        cls, name, image, container_registry=None, conda_specification=None, pip_requirements=None
    ):
        """A container of ``image``. Packages are those of a file of either kind, on top of the image's own."""
        if not isinstance(image, str) or not image.strip():
            raise UserErrorException("image: the name of an image is needed, as 'python:3.11'.")
        made = _with_packages_of(cls, name, conda_specification, pip_requirements)
        made.docker.base_image = image
        if container_registry is not None:
            made.docker.base_image_registry = container_registry
        return made

    @classmethod
    @translated
    def from_dockerfile(cls, name, dockerfile, conda_specification=None, pip_requirements=None):
        """A container of the image that ``dockerfile`` (a path, or the text) describes, with packages as ``from_docker_image``."""
        made = _with_packages_of(cls, name, conda_specification, pip_requirements)
        made.docker.base_dockerfile = _dockerfile_text(dockerfile)
        return made

    @staticmethod
    @translated
    def get(workspace, name, version=None, label=None):
        """A registered environment, the newest version by default. Raises ``UserErrorException``."""
        store = _store(workspace)
        if _is_curated(name) and store.latest(name) is None:
            # In each of the versions that Azure ML provided.
            return _curated(name, version)
        if version is None or label is not None:
            found = store.latest(name)
            if found is None:
                raise UserErrorException(
                    "The workspace {} has no environment {!r}. Register one with Environment.register.".format(
                        workspace.name, name
                    )
                )
        else:
            found = store.get(name, version)
        return environment_of_definition(found)

    @staticmethod
    @translated
    def list(workspace):
        """``{name: Environment}``: the newest version of each, and those that Azure ML provided."""
        store = _store(workspace)
        found = _Environments({name: _curated(name) for name in CURATED})
        found.update((name, environment_of_definition(store.latest(name))) for name in store.names())
        return found

    @translated
    def register(self, workspace):
        """Stores the environment in ``workspace``, as a new version unless nothing changed. Returns it with its version."""
        if not self.name:
            raise UserErrorException("name: an environment without a name cannot be registered.")
        return environment_of_definition(_store(workspace).add(self.name, _without_version(self._content())))

    @translated
    def build(self, workspace=None, image_build_compute=None):
        """Makes the environment on this machine now: runs with it start faster. Returns ``ImageBuildDetails``.

        What makes a container is ignored, with a warning. Raises ``UserErrorException`` where it cannot be made.
        """
        from runledger.azureml_v1.environment_build import build

        return build(self)

    def build_local(self, workspace=None, platform=None, **kwargs):
        """As ``build``."""
        return self.build(workspace)

    def clone(self, new_name):
        """A copy under another name, without a version."""
        made = copy.deepcopy(self)
        made.name, made.version = new_name, None
        return made

    @staticmethod
    @translated
    def load_from_directory(path):
        """The environment that ``save_to_directory`` wrote to the folder ``path``."""
        folder = os.fspath(path)
        file = os.path.join(folder, DEFINITION_FILE)
        try:
            with open(file, encoding="utf-8-sig") as stream:
                definition = json.load(stream)
        except (OSError, ValueError) as error:
            raise UserErrorException(
                "{} cannot be read as an environment: {}.".format(file, getattr(error, "strerror", None) or error)
            ) from None
        if not isinstance(definition, dict):
            raise UserErrorException("{} holds no environment: it is not a JSON object.".format(file))
        made = environment_of_definition(definition)
        dependencies = os.path.join(folder, DEFAULT_FILE)
        if os.path.isfile(dependencies):
            made.python.conda_dependencies = CondaDependencies(dependencies)
        return made

    @translated
    def save_to_directory(self, path, overwrite=False):
        """Writes ``azureml_environment.json``, and ``conda_dependencies.yml`` where there are any, to the folder ``path``."""
        from runledger.store.files import write_bytes

        folder = os.fspath(path)
        file = os.path.join(folder, DEFINITION_FILE)
        if os.path.exists(file) and not overwrite:
            raise UserErrorException("{} is there already. Pass overwrite=True to replace it.".format(file))
        content = self._content()
        dependencies = content["python"].pop("condaDependencies", None)
        try:
            os.makedirs(folder, exist_ok=True)
            write_bytes(file, (json.dumps(content, indent=4, ensure_ascii=False) + "\n").encode("utf-8"))
        except OSError as error:
            raise UserErrorException("{} cannot be written: {}.".format(file, error.strerror or error)) from None
        if dependencies is not None:
            self.python.conda_dependencies.save(os.path.join(folder, DEFAULT_FILE))

    def __repr__(self):
        return json.dumps(self._content(), indent=4, ensure_ascii=False)


class _Environments(dict):
    """``{name: Environment}``. Looking up one of those that Azure ML provided finds it, whatever its version."""

    def __missing__(self, name):
        if not _is_curated(name):
            raise KeyError(name)
        self[name] = _curated(name)
        return self[name]

    def get(self, name, default=None):
        """As that of a dict."""
        return self[name] if name in self or _is_curated(name) else default


def _store(workspace):
    folder = os.path.join(workspace._store.folder, ".runledger", "environments")
    return VersionedDefinitions(folder, "the environment")


def environment_of_definition(definition):
    """The ``Environment`` of a section ``environment``, ``{key: value}``."""
    made = Environment()
    made._read({key: value for key, value in definition.items() if key not in ("format", "createdTime")})
    if made.version is not None:
        made.version = str(made.version)
    return made


def _without_version(content):
    return {key: value for key, value in content.items() if key not in ("name", "version")}


def _with_packages_of(kind, name, conda_specification, pip_requirements):
    if conda_specification is not None and pip_requirements is not None:
        raise UserErrorException("conda_specification and pip_requirements exclude each other: give one of them.")
    if conda_specification is not None:
        return kind.from_conda_specification(name, conda_specification)
    if pip_requirements is not None:
        return kind.from_pip_requirements(name, pip_requirements)
    made = kind(name)
    # What the image has is what the script gets.
    made.python.user_managed_dependencies = True
    return made


def _dockerfile_text(dockerfile):
    """A text of one line is a path, unless it is an instruction."""
    if isinstance(dockerfile, str) and (
        "\n" in dockerfile or re.match(r"\s*(FROM|ARG)\s", dockerfile, re.IGNORECASE)
    ):
        return dockerfile
    try:
        # Read now, as the environment may be used from anywhere.
        with open(os.fspath(dockerfile), encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError, TypeError) as error:
        raise UserErrorException(
            "dockerfile: {} cannot be read: {}.".format(dockerfile, getattr(error, "strerror", None) or error)
        ) from None


def _is_curated(name):
    return isinstance(name, str) and name.lower().startswith("azureml-")


def _curated(name, version=None):
    made = Environment(name)
    made.version = "1" if version is None else str(version)
    made.python.conda_dependencies = CondaDependencies.create()
    return made


def _requirement_lines(path, above=()):
    if path in above:
        return []
    try:
        with open(path, encoding="utf-8-sig") as file:
            lines = [line.strip() for line in file]
    except (OSError, UnicodeDecodeError) as error:
        raise UserErrorException(
            "file_path: {} cannot be read: {}.".format(path, getattr(error, "strerror", None) or error)
        ) from None
    found = []
    for line in lines:
        included = re.match(r"(?:-r|--requirement)[\s=]+(?!\w+://)(\S.*)$", line)
        if included:
            # The file is read where it is, as the environment may be used from anywhere.
            found.extend(_requirement_lines(os.path.join(os.path.dirname(path), included.group(1)), (*above, path)))
        elif line and not line.startswith("#"):
            found.append(line)
    return found
