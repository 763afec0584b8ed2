"""``azureml.core.ScriptRunConfig``: a script, or a command, with the configuration to run it with."""

import os
import sys

from runledger import cli
from runledger.azureml_v1 import compute_definitions
from runledger.azureml_v1 import run_inputs
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.run import ScriptRun
from runledger.azureml_v1.run_configuration import RunConfiguration

LOCAL = "local"
DEFAULT_DURATION_S = 2592000


class ScriptRunConfig:
    """What ``Experiment.submit`` runs: a ``script`` of ``source_directory`` with its ``arguments``, or a ``command``.

    ``arguments`` may hold numbers. ``compute_target`` is a target or its name; one that this machine does not know stands for
    this machine, with a warning on the run. Raises ``UserErrorException`` for arguments that contradict each other.
    """

    def __init__(
        self,
        source_directory,
        script=None,
        arguments=None,
        run_config=None,
        _telemetry_values=None,
        compute_target=None,
        environment=None,
        distributed_job_config=None,
        resume_from=None,
        max_run_duration_seconds=DEFAULT_DURATION_S,
        command=None,
        docker_runtime_config=None,
    ):
        if command is not None and (script is not None or arguments is not None):
            raise UserErrorException("command cannot be given together with script and arguments.")
        if run_config is not None and not isinstance(run_config, RunConfiguration):
            raise UserErrorException("run_config must be a RunConfiguration, not {}.".format(type(run_config).__name__))
        self.run_config = RunConfiguration() if run_config is None else run_config
        self.source_directory = os.curdir if source_directory is None else os.fspath(source_directory)
        self.script = self.run_config.script if script is None else os.fspath(script)
        self.arguments = list(self.run_config.arguments if arguments is None else arguments)
        self.command = self.run_config.command if command is None else command
        self.resume_from = resume_from
        self._inputs = []
        """Data that the script finds among its inputs, and that is none of its arguments."""
        if self.script is None and not self.command:
            raise UserErrorException("script: name the script to run, or a command.")
        if compute_target is not None:
            self.run_config.target = compute_target
        if environment is not None:
            self.run_config.environment = environment
        if docker_runtime_config is not None:
            self.run_config.docker = docker_runtime_config
        if max_run_duration_seconds not in (None, DEFAULT_DURATION_S):
            self.run_config.max_run_duration_seconds = max_run_duration_seconds
        if distributed_job_config is not None:
            self._distribute(distributed_job_config)

    def _distribute(self, job):
        for name, kind in (
            ("mpi", "MpiConfiguration"),
            ("pytorch", "PyTorchConfiguration"),
            ("tensorflow", "TensorflowConfiguration"),
        ):
            if type(job).__name__ == kind:
                setattr(self.run_config, name, job)
                self.run_config.node_count = getattr(job, "node_count", 1)
                return
        raise UserErrorException(
            "distributed_job_config must be an MpiConfiguration, a PyTorchConfiguration or a TensorflowConfiguration, "
            "not {}.".format(type(job).__name__)
        )

    def _submit_to(self, experiment, tags=None, run_id=None, parent_run_id=None, **kwargs):
        """Submits to ``experiment`` (an ``Experiment``). Returns the ``ScriptRun``."""
        request = self._request(experiment)
        warning = self._target_warning(experiment.workspace)
        request.update(
            tags=_texts("tags", tags),
            runId=run_id,
            parentId=parent_run_id,
        )
        answer = cli.call("submit", request)
        run = ScriptRun._of_folder(experiment, experiment._store.run(answer["id"]))
        if warning is not None:
            run._recorder.warning(warning)
        for message in answer["warnings"] + ([] if warning is None else [warning]):
            sys.stderr.write("Warning: {}\n".format(message))
        return run

    def _request(self, experiment):
        """The request of ``runledger internal submit``, without what tells one run from another."""
        configuration = self.run_config._content()
        for key in ("script", "arguments", "command"):
            configuration.pop(key, None)
        configuration["target"] = LOCAL
        self._find_packages(configuration["environment"]["python"])
        request = {
            "workspaceFolder": experiment.workspace._store.folder,
            "experiment": experiment.name,
            "sourceDirectory": os.path.abspath(self.source_directory),
            "arguments": [] if self.command else [_argument(value) for value in self.arguments],
            "interpreterCandidates": [sys.executable] if sys.executable else [],
        }
        if not self.command:
            request["script"] = self.script.replace(os.sep, "/")
        elif isinstance(self.command, str):
            configuration["command"] = self.command
        elif len(self.command) == 1:
            configuration["command"] = str(self.command[0])
        else:
            request["command"] = [_argument(value) for value in self.command]
        request["configuration"] = configuration
        request["environmentVariables"] = run_inputs.variables(self._values() + self._inputs)
        return request

    def _find_packages(self, python):
        """Makes the path of a conda environment file absolute: it starts at the project's folder, which need not be the source."""
        path = python.get("condaDependenciesFile")
        for folder in [self.source_directory] + self.run_config._project_folders():
            file = os.path.abspath(os.path.join(folder, path)) if path else None
            if file and os.path.isfile(file):
                python["condaDependenciesFile"] = file
                return

    def _values(self):
        """The arguments, or the parts of the command."""
        if not self.command:
            return list(self.arguments)
        return [] if isinstance(self.command, str) else list(self.command)

    def _target_warning(self, workspace):
        target = self.run_config.target
        name = getattr(target, "name", target)
        if name in (None, "", LOCAL) or compute_definitions.is_defined(workspace, str(name)):
            return None
        return "There is no compute target {!r} here: the run is carried out on this machine.".format(str(name))

    def __repr__(self):
        return "ScriptRunConfig(source_directory={!r}, script={!r}, arguments={!r})".format(
            self.source_directory, self.script, self.arguments
        )


def _argument(value):
    """An argument as the script's command line has it."""
    as_argument = getattr(value, "_argument", None)
    return as_argument() if as_argument is not None else str(value)


def _texts(name, values):
    if values is None:
        return None
    if not isinstance(values, dict):
        raise UserErrorException("{} must be a dict, not {}.".format(name, type(values).__name__))
    return {str(key): "" if value is None else str(value) for key, value in values.items()}
