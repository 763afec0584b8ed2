"""What to launch, as the caller wrote it on stdin."""

import json
import os
import sys

from runledger.integrations.mlflow_uri import uri_of
from runledger.store.names import InvalidNameError
from runledger.store.run_folder import RunFolder

STD_LOG = "logs/std_log.txt"
_REQUIRED = object()
_DROPPED_PREFIX = "VSCODE_"
_DROPPED = ("ELECTRON_RUN_AS_NODE",)
"""Variables of the editor that would change what the script starts."""


class SpecificationError(Exception):
    """The specification cannot be used; the message is for a person."""


class LaunchSpecification:
    """A validated launch. Paths are absolute; ``script`` is a POSIX path relative to ``source_folder``, or ``None``."""

    def __init__(self, value):
        self.workspace_folder = _absolute(value, "workspaceFolder")
        self.run_id = _field(value, "runId", str)
        self.experiment = _field(value, "experiment", str)
        self.workspace_name = _field(value, "workspaceName", str)
        self.subscription_id = _field(value, "subscriptionId", str, None)
        self.resource_group = _field(value, "resourceGroup", str, None)
        self.snapshot = _absolute(value, "snapshot", None)
        self.source_folder = _absolute(value, "sourceDirectory")
        self.script = _field(value, "script", str, None)
        self.command = _field(value, "command", list, None)
        self.arguments = _texts(value.get("arguments", []), "arguments")
        # Empty where a command needs none, in a container without Python.
        self.interpreter = _absolute(dict(value, interpreter=value.get("interpreter") or None), "interpreter", None)
        self.environment_variables = _field(value, "environmentVariables", dict, {})
        self.python_path = _texts(value.get("pythonPath", []), "pythonPath")
        self.max_duration_s = _field(value, "maxRunDurationSeconds", (int, float), None)
        self.queue = QueuePlace.parse(value.get("queue"))
        self.distribution = Distribution.parse(value.get("distribution"))
        self.slurm = SlurmPart.parse(value.get("slurm"))
        self.after = _texts(value.get("after", []), "after")
        self.container = Container.parse(value.get("container"))
        if self.command is not None:
            _texts(self.command, "command")
        if bool(self.command) == bool(self.script):
            raise SpecificationError("The launch specification needs one of script and command.")
        if self.script and not self.interpreter:
            raise SpecificationError("The launch specification has a script and no interpreter.")
        for name, text in self.environment_variables.items():
            if not isinstance(text, str) or not name or "=" in name or "\0" in name + text:
                raise SpecificationError("environmentVariables: {!r} cannot be set.".format(name))
        self.run = self._run_folder(_absolute(value, "runFolder"))

    @property
    def is_in_place(self):
        return self.snapshot is None

    def command_line(self):
        """The program and its arguments: the script's, or those of what starts its processes."""
        command = self._script_command()
        if self.distribution is None:
            return command
        logs = os.path.dirname(self.run.artifact_path(STD_LOG))
        job = dict(self.distribution.job, command=command, logs=logs)
        program = ["ranks.py"]
        if self.slurm is not None:
            program = ["slurm", "job_ranks.py"]
            job["cpusPerTask"] = self.slurm.cpus_per_task
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), *program)
        # Apart from the source folder, whose `signal.py` would be taken for Python's.
        python = sys.executable if self.container is None else self.interpreter
        return [python, "-I", path, json.dumps(job)]

    def _script_command(self):
        """As a program, ``python`` is the run's interpreter, whatever the path has."""
        if self.command:
            is_python = self.command[0] == "python" and self.interpreter
            return [self.interpreter if is_python else self.command[0]] + self.command[1:] + self.arguments
        return [self.interpreter, self.script] + self.arguments

    def environment(self, experiment_id):
        """The variables of the script's process: what it gets from this one, and its own."""
        variables = {
            name: text
            for name, text in os.environ.items()
            if name not in _DROPPED and not name.startswith(_DROPPED_PREFIX)
        }
        variables.setdefault("PYTHONIOENCODING", "utf-8")
        return self._with_own(variables, experiment_id)

    def container_environment(self, experiment_id):
        """The variables that a script in a container gets beside those of its image."""
        # Nobody's home is writable there by a user whom the image does not know.
        variables = {"PATH": self.container.path, "HOME": "/tmp", "PYTHONIOENCODING": "utf-8"}
        return self._with_own(variables, experiment_id)

    def _with_own(self, variables, experiment_id):
        variables["PYTHONUNBUFFERED"] = "1"
        variables.update(_activation(self.interpreter, variables))
        variables.update(self.environment_variables)
        # What the script logs with MLflow belongs to the run, unless somebody sends it elsewhere.
        variables.setdefault("MLFLOW_TRACKING_URI", uri_of(self.workspace_folder))
        paths = list(self.python_path)
        for path in variables.get("PYTHONPATH", "").split(os.pathsep):
            if path and path not in paths:
                paths.append(path)
        if paths:
            variables["PYTHONPATH"] = os.pathsep.join(paths)
        variables.update(
            {
                "RUNLEDGER_WORKSPACE": self.workspace_folder,
                "RUNLEDGER_EXPERIMENT": self.experiment,
                "RUNLEDGER_RUN_ID": self.run_id,
                "AZUREML_RUN_ID": self.run_id,
                "AZUREML_ARM_WORKSPACE_NAME": self.workspace_name,
                "AZUREML_ARM_PROJECT_NAME": self.experiment,
            }
        )
        for name, text in (
            ("AZUREML_ARM_SUBSCRIPTION", self.subscription_id),
            ("AZUREML_ARM_RESOURCEGROUP", self.resource_group),
            ("AZUREML_EXPERIMENT_ID", experiment_id),
        ):
            if text:
                variables[name] = text
        return variables

    def _run_folder(self, path):
        key = os.path.basename(os.path.dirname(os.path.dirname(path)))
        try:
            run = RunFolder(self.workspace_folder, key, self.run_id)
        except InvalidNameError as error:
            raise SpecificationError(str(error)) from None
        if os.path.realpath(run.path) != os.path.realpath(path):
            raise SpecificationError(
                "The run's folder {} is not that of the run {} in {}.".format(path, self.run_id, self.workspace_folder)
            )
        if not run.exists():
            raise SpecificationError("The run's folder {} holds no run.json.".format(path))
        return run


class Distribution:
    """The processes that the script is started as; see ``ranks``. ``job`` is what it takes, without the command."""

    KINDS = ("pytorch", "mpi", "tensorflow")

    def __init__(self, value):
        kind = _field(value, "kind", str)
        processes = _field(value, "processes", int)
        servers = _field(value, "parameterServers", int, 0)
        if kind not in self.KINDS or processes < 1 or servers < 0:
            raise SpecificationError("The launch specification's distribution is none: {!r}.".format(value))
        self.job = {"kind": kind, "processes": processes, "parameterServers": servers}

    @classmethod
    def parse(cls, value):
        """``None`` where it is one process. Raises ``SpecificationError``."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification's distribution is not an object.")
        return cls(value)


class Container:
    """The container that the script runs in: of ``image``, with ``options`` of ``run``. ``path``: the image's search path."""

    def __init__(self, value):
        self.cli = _absolute(value, "cli")
        self.image = _field(value, "image", str)
        self.options = _texts(value.get("options", []), "container.options")
        self.path = _field(value, "path", str)

    @classmethod
    def parse(cls, value):
        """``None`` where the script runs in none. Raises ``SpecificationError``."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification's container is not an object.")
        return cls(value)


class QueuePlace:
    """How many runs may go on at once on the machine, and which cards they share out; see ``MachineQueue``."""

    def __init__(self, value):
        self.folder = _absolute(value, "folder")
        self.limit = _field(value, "limit", int)
        self.gpus = _field(value, "gpus", list, [])
        self.gpus_per_run = _field(value, "gpusPerRun", int, 0)

    @classmethod
    def parse(cls, value):
        """``None`` where the run waits for nobody. Raises ``SpecificationError``."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification's queue is not an object.")
        return cls(value)


class SlurmPart:
    """How the run's job is asked for, and what starts it on its first node."""

    def __init__(self, value):
        self.options = _texts(value.get("options", []), "slurm.options")
        self.lines = _texts(value.get("lines", []), "slurm.lines")
        self.setup = _texts(value.get("setup", []), "slurm.setup")
        self.python = _field(value, "python", str, None)
        self.cpus_per_task = _field(value, "cpusPerTask", int, None)

    @classmethod
    def parse(cls, value):
        """``None`` where the run is no job of Slurm's. Raises ``SpecificationError``."""
        if value is None:
            return None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification's slurm is not an object.")
        return cls(value)


def _activation(interpreter, variables):
    """What activating the environment of ``interpreter`` sets, of venv or of conda, so that commands find its programs first."""
    if not interpreter:
        return {}
    programs = os.path.dirname(interpreter)
    folder = os.path.dirname(programs)
    if os.path.isfile(os.path.join(folder, "pyvenv.cfg")):
        named = {"VIRTUAL_ENV": folder}
        first = [programs]
    elif os.path.isdir(os.path.join(folder, "conda-meta")):
        named = {"CONDA_PREFIX": folder, "CONDA_DEFAULT_ENV": _conda_name(folder)}
        first = [programs]
    elif os.path.isdir(os.path.join(programs, "conda-meta")):
        # On Windows the interpreter lies in the environment's own folder, beside those of its programs.
        named = {"CONDA_PREFIX": programs, "CONDA_DEFAULT_ENV": _conda_name(programs)}
        first = [programs] + [os.path.join(programs, *part) for part in (("Library", "bin"), ("Scripts",))]
    else:
        return {}
    path = variables.get("PATH", "")
    return dict(named, PATH=os.pathsep.join(first + ([path] if path else [])))


def _conda_name(folder):
    """As conda names it: by its path where it is not among the environments that have names."""
    if os.path.isdir(os.path.join(folder, "condabin")):
        return "base"
    parent, name = os.path.split(folder)
    return name if os.path.basename(parent) == "envs" else folder


def _field(value, name, kind, default=_REQUIRED):
    found = value.get(name)
    if found is None and default is not _REQUIRED:
        return default
    if not isinstance(found, kind) or isinstance(found, bool):
        raise SpecificationError("The launch specification's {} is missing, or of the wrong type.".format(name))
    return found


def _absolute(value, name, default=_REQUIRED):
    path = _field(value, name, str, default)
    if path is not None and not os.path.isabs(path):
        raise SpecificationError("The launch specification's {} is not an absolute path: {!r}.".format(name, path))
    return path


def _texts(value, name):
    if not isinstance(value, list) or not all(isinstance(item, str) and "\0" not in item for item in value):
        raise SpecificationError("The launch specification's {} is not a list of texts.".format(name))
    return value
