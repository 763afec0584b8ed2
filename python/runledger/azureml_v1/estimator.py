"""``azureml.train``'s estimators: an older way to say what ``ScriptRunConfig`` says."""

import os

from runledger.azureml_v1.conda_dependencies import CondaDependencies
from runledger.azureml_v1.exceptions import TrainingException, UserErrorException
from runledger.azureml_v1.run_configuration import (
    MpiConfiguration,
    PyTorchConfiguration,
    RunConfiguration,
    TensorflowConfiguration,
)
from runledger.azureml_v1.script_run_config import ScriptRunConfig


class Estimator:
    """A script with its parameters. ``script_params`` is ``{"--name": value}``; an empty value is a flag.

    The packages, those of files (which are below ``source_directory``) and those of the estimator's framework go to the
    environment, unless ``environment_definition`` is given or the environment is ``user_managed``. What describes machines and
    containers is accepted and ignored. Raises ``TrainingException`` without a script.
    """

    _FRAMEWORK = ()

    def __init__(
        self,
        source_directory,
        *,
        compute_target=None,
        vm_size=None,
        vm_priority=None,
        entry_script=None,
        script_params=None,
        conda_packages=None,
        pip_packages=None,
        conda_dependencies_file=None,
        conda_dependencies_file_path=None,
        pip_requirements_file=None,
        pip_requirements_file_path=None,
        user_managed=False,
        environment_definition=None,
        environment_variables=None,
        inputs=None,
        max_run_duration_seconds=None,
        node_count=1,
        process_count_per_node=1,
        distributed_backend=None,
        distributed_training=None,
        **kwargs,
    ):
        if not entry_script:
            raise TrainingException("entry_script: name the script to run.")
        configuration = RunConfiguration(script=os.fspath(entry_script), arguments=_arguments(script_params))
        configuration.max_run_duration_seconds = max_run_duration_seconds
        if environment_definition is not None:
            configuration.environment = environment_definition
        elif user_managed:
            configuration.environment.python.user_managed_dependencies = True
        else:
            packages = [self._FRAMEWORK, pip_packages or ()]
            requirements_file = pip_requirements_file or pip_requirements_file_path
            if requirements_file:
                packages.append(_lines(source_directory, "pip_requirements_file", requirements_file))
            conda_file = conda_dependencies_file or conda_dependencies_file_path
            if conda_file or conda_packages or any(packages):
                configuration.environment.python.conda_dependencies = _dependencies(
                    None if not conda_file else os.path.join(source_directory, os.fspath(conda_file)),
                    conda_packages or (),
                    [package for some in packages for package in some],
                )
        configuration.environment_variables = dict(environment_variables or {})
        if distributed_training is None and distributed_backend is not None:
            distributed_training = _backend(distributed_backend, process_count_per_node)
        self._config = ScriptRunConfig(
            source_directory,
            run_config=configuration,
            compute_target=compute_target,
            distributed_job_config=None if distributed_training is None else distributed_training._distribution(node_count),
        )
        self._config._inputs = list(inputs or [])

    @property
    def run_config(self):
        """The ``RunConfiguration``."""
        return self._config.run_config

    @property
    def source_directory(self):
        return self._config.source_directory

    @property
    def conda_dependencies(self):
        """The ``CondaDependencies``; ``None`` where a file has them."""
        return self.run_config.environment.python.conda_dependencies

    def _submit_to(self, experiment, tags=None, **kwargs):
        return self._config._submit_to(experiment, tags, **kwargs)

    def __repr__(self):
        return "{}(entry_script={!r}, arguments={!r})".format(
            type(self).__name__, self._config.script, self._config.arguments
        )


class SKLearn(Estimator):
    """An estimator for scikit-learn, which is in its environment."""

    _FRAMEWORK = ("scikit-learn", "joblib")


class PyTorch(Estimator):
    """An estimator for PyTorch."""


class TensorFlow(Estimator):
    """An estimator for TensorFlow."""


class Chainer(Estimator):
    """An estimator for Chainer."""


class Mpi:
    """``distributed_training=Mpi()``: that many processes for each of ``node_count`` nodes, by MPI."""

    def __init__(self, process_count_per_node=1):
        self.process_count_per_node = process_count_per_node

    def _distribution(self, node_count):
        return MpiConfiguration(self.process_count_per_node, node_count)


class ParameterServer:
    """``distributed_training=ParameterServer()``: workers and parameter servers of TensorFlow, told by ``TF_CONFIG``."""

    def __init__(self, worker_count=1, parameter_server_count=1):
        self.worker_count = worker_count
        self.parameter_server_count = parameter_server_count

    def _distribution(self, node_count):
        return TensorflowConfiguration(self.worker_count, self.parameter_server_count)


class Gloo:
    """``distributed_training=Gloo()``: a process of PyTorch for each of ``node_count`` nodes."""

    def _distribution(self, node_count):
        return PyTorchConfiguration(type(self).__name__, node_count, node_count)


class Nccl(Gloo):
    """``distributed_training=Nccl()``: a process of PyTorch for each of ``node_count`` nodes."""


def _backend(name, process_count_per_node):
    """What ``distributed_backend="mpi"`` and its kin stand for."""
    kinds = {"mpi": Mpi, "ps": ParameterServer, "gloo": Gloo, "nccl": Nccl}
    kind = kinds.get(str(name).lower())
    if kind is None:
        raise TrainingException("distributed_backend {!r} is none of: {}.".format(name, ", ".join(kinds)))
    return Mpi(process_count_per_node) if kind is Mpi else kind()


def _dependencies(conda_file, conda_packages, pip_packages):
    if conda_file is None:
        return CondaDependencies.create(conda_packages=conda_packages, pip_packages=pip_packages)
    made = CondaDependencies(conda_file)
    for package in conda_packages:
        made.add_conda_package(package)
    for package in pip_packages:
        made.add_pip_package(package)
    return made


def _lines(folder, argument, path):
    """The requirements in a file, without comments."""
    try:
        with open(os.path.join(folder, os.fspath(path)), encoding="utf-8") as file:
            lines = [line.split(" #")[0].strip() for line in file]
    except OSError as error:
        raise UserErrorException("{}: {} cannot be read: {}.".format(argument, path, error.strerror), error) from None
    return [line for line in lines if line and not line.startswith("#")]


def _arguments(parameters):
    if parameters is not None and not isinstance(parameters, dict):
        raise UserErrorException("script_params must be a dict, not {}.".format(type(parameters).__name__))
    arguments = []
    for name, value in (parameters or {}).items():
        arguments.append(name)
        if value is not None and not (isinstance(value, str) and value == ""):
            arguments.append(value)
    return arguments
