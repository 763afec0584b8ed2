"""``azureml.core.runconfig.RunConfiguration``: how a script is run, as ``*.runconfig`` files say it."""

import os

from runledger import cli
from runledger.azureml_v1.environment import Environment
from runledger.azureml_v1.exceptions import RunConfigurationException, UserErrorException, translated
from runledger.azureml_v1.section import Section

_FOLDERS = (".azureml", "aml_config", "")
_SUFFIX = ".runconfig"


class HistoryConfiguration(Section):
    """What is kept of a run."""

    FIELDS = {
        "output_collection": ("outputCollection", True),
        "snapshot_project": ("snapshotProject", True),
        "directories_to_watch": ("directoriesToWatch", list),
    }


class DockerConfiguration(Section):
    """The container of a run, in later versions of the SDK. ``shm_size`` is a text as ``"2g"``."""

    FIELDS = {
        "use_docker": ("useDocker", False),
        "shared_volumes": ("sharedVolumes", True),
        "arguments": ("arguments", list),
        "shm_size": ("shmSize", None),
    }

    def __init__(self, use_docker=False, shared_volumes=True, arguments=None, shm_size=None):
        super().__init__()
        self.use_docker = use_docker
        self.shared_volumes = shared_volumes
        self.arguments = list(arguments or [])
        self.shm_size = shm_size


class MpiConfiguration(Section):
    """Processes of an MPI job."""

    FIELDS = {"process_count_per_node": ("processCountPerNode", 1), "node_count": ("nodeCount", 1)}

    def __init__(self, process_count_per_node=1, node_count=1):
        super().__init__()
        self.process_count_per_node = process_count_per_node
        self.node_count = node_count


class PyTorchConfiguration(Section):
    """Processes of a distributed PyTorch job."""

    FIELDS = {
        "communication_backend": ("communicationBackend", "Nccl"),
        "process_count": ("processCount", None),
        "node_count": ("nodeCount", 1),
    }

    def __init__(self, communication_backend="Nccl", process_count=None, node_count=1):
        super().__init__()
        self.communication_backend = communication_backend
        self.process_count = process_count
        self.node_count = node_count


class TensorflowConfiguration(Section):
    """Processes of a distributed TensorFlow job."""

    FIELDS = {"worker_count": ("workerCount", 1), "parameter_server_count": ("parameterServerCount", 0)}

    def __init__(self, worker_count=1, parameter_server_count=0):
        super().__init__()
        self.worker_count = worker_count
        self.parameter_server_count = parameter_server_count


class AmlComputeConfiguration(Section):
    """A cluster that Azure would make; kept, and without an effect here."""

    FIELDS = {
        "vm_size": ("vmSize", None),
        "vm_priority": ("vmPriority", None),
        "retain_cluster": ("retainCluster", False),
        "name": ("name", None),
        "cluster_max_node_count": ("clusterMaxNodeCount", None),
    }


class DataReferenceConfiguration(Section):
    """A place in a datastore, which the script finds in the variable ``AZUREML_DATAREFERENCE_<name>``.

    The script works on the datastore's own files, so that ``mode``, ``path_on_compute`` and ``overwrite`` have no effect.
    """

    FIELDS = {
        "datastore_name": ("dataStoreName", None),
        "mode": ("mode", "Mount"),
        "path_on_datastore": ("pathOnDataStore", None),
        "path_on_compute": ("pathOnCompute", None),
        "overwrite": ("overwrite", False),
    }

    def __init__(
        self, datastore_name=None, mode="mount", path_on_datastore=None, path_on_compute=None, overwrite=False
    ):
        super().__init__()
        self.datastore_name = datastore_name
        self.mode = mode
        self.path_on_datastore = path_on_datastore
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite


class RunConfiguration(Section):
    """How a script is run. Attributes are those of the files (``*.runconfig``); what is not known is kept."""

    FIELDS = {
        "script": ("script", None),
        "command": ("command", None),
        "arguments": ("arguments", list),
        "target": ("target", "local"),
        "framework": ("framework", "Python"),
        "communicator": ("communicator", "None"),
        "node_count": ("nodeCount", 1),
        "max_run_duration_seconds": ("maxRunDurationSeconds", None),
        "priority": ("priority", None),
        "auto_prepare_environment": ("autoPrepareEnvironment", True),
        "environment": ("environment", Environment),
        "environment_variables": ("environmentVariables", dict),
        "history": ("history", HistoryConfiguration),
        "docker": ("docker", DockerConfiguration),
        "mpi": ("mpi", MpiConfiguration),
        "pytorch": ("pytorch", PyTorchConfiguration),
        "tensorflow": ("tensorflow", TensorflowConfiguration),
        "amlcompute": ("amlcompute", AmlComputeConfiguration),
        "data": ("data", dict),
        "data_references": ("dataReferences", dict),
        "output_data": ("outputData", dict),
        "source_directory_data_store": ("sourceDirectoryDataStore", None),
        "credential_passthrough": ("credentialPassthrough", False),
        "identity": ("identity", None),
    }

    def __init__(
        self,
        script=None,
        arguments=None,
        framework=None,
        communicator=None,
        conda_dependencies=None,
        _history_enabled=None,
        _path=None,
        _name=None,
        command=None,
    ):
        super().__init__()
        self._path = _path
        self._name = _name
        self.script = script
        self.command = command
        self.arguments = list(arguments or [])
        self.framework = framework or self.framework
        self.communicator = communicator or self.communicator
        if conda_dependencies is not None:
            self.environment.python.conda_dependencies = conda_dependencies

    @property
    def name(self):
        return self._name

    def _read(self, value):
        super()._read(value)
        references = self.data_references if isinstance(self.data_references, dict) else {}
        self.data_references = {
            name: DataReferenceConfiguration()._read(field) if isinstance(field, dict) else field
            for name, field in references.items()
        }
        return self

    def _content(self):
        references = self.data_references or {}
        if not isinstance(references, dict):
            raise UserErrorException(
                "data_references must be a dict {{name: DataReferenceConfiguration}}, not {}.".format(
                    type(references).__name__
                )
            )
        content = super()._content()
        content["dataReferences"] = {name: _reference(name, field)._content() for name, field in references.items()}
        return content

    @property
    def auto_prepare(self):
        """An older name of ``auto_prepare_environment``."""
        return self.auto_prepare_environment

    @classmethod
    @translated
    def load(cls, path, name=None):
        """Reads the configuration ``name`` of the project in the folder ``path``, or the file ``path``.

        ``name`` may be given with or without ``.runconfig``. Raises ``RunConfigurationException``, or
        ``UserErrorException`` where there is no such file.
        """
        file = _find(os.path.abspath(os.fspath(path)), name)
        with open(file, encoding="utf-8-sig") as stream:
            text = stream.read()
        content = cli.call("yaml-parse", {"text": text})["value"]
        if not isinstance(content, dict):
            raise RunConfigurationException("{} is not a run configuration: it holds no keys.".format(file))
        base = os.path.basename(file)
        made = cls(_path=file, _name=base[: -len(_SUFFIX)] if base.endswith(_SUFFIX) else base)
        return made._read(content)

    @translated
    def save(self, path=None, name=None, separate_environment_yaml=False):
        """Writes ``<path>/.azureml/<name>.runconfig``; ``path`` is a project's folder, or the file itself.

        With ``separate_environment_yaml`` the packages go to ``conda_dependencies.yml`` beside it. Without ``path`` the
        file that it was loaded from is written. Returns the file's path.
        """
        from runledger.store.files import write_bytes

        file = self._file_to_save(path, name)
        content = self._content()
        dependencies = content["environment"]["python"].get("condaDependencies")
        try:
            os.makedirs(os.path.dirname(file), exist_ok=True)
            if separate_environment_yaml and dependencies is not None:
                saved = self.environment.python.conda_dependencies.save(os.path.dirname(file))
                del content["environment"]["python"]["condaDependencies"]
                folder = os.path.basename(os.path.dirname(file))
                content["environment"]["python"]["condaDependenciesFile"] = "/".join(
                    ([folder] if folder in _FOLDERS else []) + [os.path.basename(saved)]
                )
            write_bytes(file, cli.call("yaml-write", {"value": content})["text"].encode("utf-8"))
        except OSError as error:
            raise UserErrorException("{} cannot be written: {}.".format(file, error.strerror or error)) from None
        return file

    @staticmethod
    @translated
    def delete(path, name):
        """Removes the file of the configuration ``name`` of the project in the folder ``path``."""
        file = _find(os.path.abspath(os.fspath(path)), name)
        try:
            os.remove(file)
        except OSError as error:
            raise UserErrorException("{} cannot be removed: {}.".format(file, error.strerror or error)) from None

    def _project_folders(self):
        """Where relative paths of the configuration may start, best first: none where it is in no file."""
        if self._path is None:
            return []
        folder = os.path.dirname(self._path)
        return [os.path.dirname(folder), folder] if os.path.basename(folder) in _FOLDERS[:2] else [folder]

    def _file_to_save(self, path, name):
        name = name or self._name
        if path is None and self._path is not None:
            path = os.path.dirname(self._path)
            path = os.path.dirname(path) if os.path.basename(path) == _FOLDERS[0] else path
        path = os.path.abspath(os.curdir if path is None else os.fspath(path))
        if not os.path.isdir(path) and path.endswith(_SUFFIX):
            return path
        if not name:
            raise UserErrorException("name: a run configuration without a name cannot be saved in a folder.")
        folder = path if os.path.basename(path) in _FOLDERS[:2] else os.path.join(path, _FOLDERS[0])
        return os.path.join(folder, name if name.endswith(_SUFFIX) else name + _SUFFIX)


def _reference(name, value):
    """A value of ``data_references``: a ``DataReference`` will do. Raises ``UserErrorException``."""
    value = value.to_config() if hasattr(value, "to_config") else value
    if not isinstance(value, DataReferenceConfiguration):
        raise UserErrorException(
            "data_references[{!r}] must be a DataReferenceConfiguration, not {}.".format(name, type(value).__name__)
        )
    return value


def _find(path, name):
    """The file of a configuration. Raises ``UserErrorException``."""
    if os.path.isfile(path):
        return path
    if not name:
        raise UserErrorException("name: {} is a folder; say which run configuration of it.".format(path))
    for folder in _FOLDERS:
        for file in (name + _SUFFIX, name):
            candidate = os.path.join(path, folder, file)
            if os.path.isfile(candidate):
                return candidate
    raise UserErrorException(
        "There is no run configuration {!r} in {}. They lie in its folder .azureml, as {}.".format(
            name, path, name + _SUFFIX
        )
    )
