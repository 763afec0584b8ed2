"""``azureml.pipeline.steps``: a script, a command or an estimator as a step of a pipeline."""

import os

from runledger.azureml_v1.estimator import Estimator
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.pipeline.step import PipelineStep
from runledger.azureml_v1.script_run_config import ScriptRunConfig


class PythonScriptStep(PipelineStep):
    """Runs ``script_name`` of ``source_directory`` (else the pipeline's, else the current folder) with ``arguments``.

    The arguments may hold texts, numbers, ``PipelineParameter``, ``PipelineData``, ``OutputFileDatasetConfig``, data
    sets and references. ``params`` are variables of the script's environment, with ``AML_PARAMETER_`` before their
    names. The step is not run again where its code, arguments, inputs and configuration are those of an earlier run,
    unless ``allow_reuse`` is false. ``compute_target`` is one that the workspace has a file for, or stands for this machine; ``runconfig_pipeline_params`` describe
    machines and are ignored.
    """

    def __init__(
        self,
        script_name,
        name=None,
        arguments=None,
        compute_target=None,
        runconfig=None,
        runconfig_pipeline_params=None,
        inputs=None,
        outputs=None,
        params=None,
        source_directory=None,
        allow_reuse=True,
        version=None,
        hash_paths=None,
    ):
        if not isinstance(script_name, (str, os.PathLike)) or not os.fspath(script_name):
            raise UserErrorException("script_name: name the script of the step, not {!r}.".format(script_name))
        self._script_name = os.fspath(script_name)
        super().__init__(
            name or self._script_name,
            inputs,
            outputs,
            arguments,
            params,
            runconfig,
            compute_target,
            source_directory,
            allow_reuse,
            version,
            hash_paths,
        )

    @property
    def script_name(self):
        return self._script_name

    def _script(self):
        return self._script_name, None


class CommandStep(PipelineStep):
    """Runs ``command``: a program and its arguments as a list, or a line for the shell; else that of ``runconfig``.

    A list may hold what the arguments of a ``PythonScriptStep`` may. A list whose first item has a space in it is a
    line for the shell too. ``runconfig`` is a ``RunConfiguration``, or a ``ScriptRunConfig`` that has a command. The other
    arguments are those of ``PythonScriptStep``.
    """

    def __init__(
        self,
        command=None,
        name=None,
        compute_target=None,
        runconfig=None,
        runconfig_pipeline_params=None,
        inputs=None,
        outputs=None,
        params=None,
        source_directory=None,
        allow_reuse=True,
        version=None,
    ):
        command = command or getattr(runconfig, "command", None)
        if isinstance(runconfig, ScriptRunConfig):
            source_directory = source_directory or runconfig.source_directory
            inputs = list(inputs or []) + runconfig._inputs
            runconfig = runconfig.run_config
        if not command or not isinstance(command, (str, list, tuple)):
            raise UserErrorException("command: a CommandStep needs a text or a list, not {!r}.".format(command))
        self._is_line = isinstance(command, str) or len(command) == 1 or " " in str(command[0]).strip()
        parts = [command] if isinstance(command, str) else list(command)
        super().__init__(
            name or str(parts[0]).split()[0],
            inputs,
            outputs,
            parts,
            params,
            runconfig,
            compute_target,
            source_directory,
            allow_reuse,
            version,
        )

    def _script(self):
        return None, self._arguments


class EstimatorStep(PipelineStep):
    """Runs the script of ``estimator`` with its parameters, and after them ``estimator_entry_script_arguments``."""

    def __init__(
        self,
        name=None,
        estimator=None,
        estimator_entry_script_arguments=None,
        runconfig_pipeline_params=None,
        inputs=None,
        outputs=None,
        compute_target=None,
        allow_reuse=True,
        version=None,
    ):
        if not isinstance(estimator, Estimator):
            raise UserErrorException("estimator must be an Estimator, not {}.".format(type(estimator).__name__))
        config = estimator._config
        self._script_name = config.script
        super().__init__(
            name or config.script,
            list(inputs or []) + config._inputs,
            outputs,
            config.arguments + list(estimator_entry_script_arguments or []),
            None,
            config.run_config,
            compute_target,
            config.source_directory,
            allow_reuse,
            version,
        )

    def _script(self):
        return self._script_name, None
