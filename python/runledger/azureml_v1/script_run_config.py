"""``azureml.core.ScriptRunConfig``: a script, or a command, with the configuration to run it with."""

import copy
import os

from runledger.azureml_v1 import job, run_inputs
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.output_dataset_config import bound_outputs, outputs_of
from runledger.azureml_v1.run_configuration import RunConfiguration
from runledger.store.names import new_run_id

DEFAULT_DURATION_S = 2592000


class ScriptRunConfig:
    """What ``Experiment.submit`` runs: a ``script`` of ``source_directory`` with its ``arguments``, or a ``command``.

    ``arguments`` may hold numbers. ``compute_target`` is a target or its name; one that this machine does not know
    stands for this machine, with a warning on the run. Raises ``UserErrorException`` for arguments that contradict each
    other.
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

    def _distribute(self, distribution):
        for name, kind, framework, communicator in (
            ("mpi", "MpiConfiguration", None, "OpenMpi"),
            ("pytorch", "PyTorchConfiguration", "PyTorch", getattr(distribution, "communication_backend", None)),
            ("tensorflow", "TensorflowConfiguration", "TensorFlow", "ParameterServer"),
        ):
            if type(distribution).__name__ == kind:
                setattr(self.run_config, name, distribution)
                self.run_config.framework = framework or self.run_config.framework
                self.run_config.communicator = communicator
                self.run_config.node_count = getattr(distribution, "node_count", 1)
                return
        raise UserErrorException(
            "distributed_job_config must be an MpiConfiguration, a PyTorchConfiguration or a TensorflowConfiguration, "
            "not {}.".format(type(distribution).__name__)
        )

    def _submit_to(self, experiment, tags=None, run_id=None, parent_run_id=None, **kwargs):
        """Submits to ``experiment`` (an ``Experiment``). Returns the ``ScriptRun``."""
        request = self._request(experiment, run_id)
        request.update(tags=job.tag_texts(tags), parentId=parent_run_id)
        return job.submitted(experiment, "submit", request, self._warnings(experiment.workspace))

    def _request(self, experiment, run_id=None):
        """The request of ``runledger internal submit``, without its tags and parent."""
        paths, variables = {}, {}
        if outputs_of(self._values()):
            # Their folders are named by the run.
            run_id = run_id or new_run_id(experiment.name)
            paths, variables = bound_outputs(self._values(), experiment.workspace, run_id)
        request = self._job(paths)
        request["environmentVariables"].update(variables)
        if isinstance(request.get("command"), str):
            # Here a command is a program and its arguments: one for the shell is what a file says.
            request["configuration"]["command"] = request.pop("command")
        return dict(request, runId=run_id)

    def _job(self, output_paths=None):
        """What is carried out. ``output_paths`` is ``{id of an output: its local path}``.

        Raises ``UserErrorException`` for an argument that has no text.
        """
        paths = output_paths or {}
        made = job.job(self.run_config, self.source_directory, run_inputs.variables(self._values() + self._inputs))
        texts = [paths[id(value)] if id(value) in paths else job.argument_text(value) for value in self._values()]
        if not self.command:
            return dict(made, script=self.script.replace(os.sep, "/"), arguments=texts)
        if isinstance(self.command, str):
            return dict(made, command=self.command)
        return dict(made, command=texts[0] if len(texts) == 1 else texts)

    def _values(self):
        """The arguments, or the parts of the command."""
        if not self.command:
            return list(self.arguments)
        return [] if isinstance(self.command, str) else list(self.command)

    def _warnings(self, workspace):
        warning = job.target_warning(workspace, self.run_config.target)
        return [] if warning is None else [warning]

    def __repr__(self):
        return "ScriptRunConfig(source_directory={!r}, script={!r}, arguments={!r})".format(
            self.source_directory, self.script, self.arguments
        )


def get_run_config_from_script_run(script_run_config):
    """A copy of the ``RunConfiguration`` of a ``ScriptRunConfig`` that names its script and arguments, as to be saved."""
    made = copy.deepcopy(script_run_config.run_config)
    made.script, made.arguments = script_run_config.script, list(script_run_config.arguments)
    if script_run_config.command:
        made.command = script_run_config.command
    return made
