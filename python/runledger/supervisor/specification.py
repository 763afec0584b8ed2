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
        self.interpreter = _absolute(value, "interpreter", None)
        self.environment_variables = _field(value, "environmentVariables", dict, {})
        self.python_path = _texts(value.get("pythonPath", []), "pythonPath")
        self.max_duration_s = _field(value, "maxRunDurationSeconds", (int, float), None)
        self.queue = QueuePlace.parse(value.get("queue"))
        self.distribution = Distribution.parse(value.get("distribution"))
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

    @classmethod
    def parse(cls, data):
        """Reads ``data`` (bytes). Raises ``SpecificationError``."""
        try:
            value = json.loads(data.decode("utf-8"))
        except ValueError as error:
            raise SpecificationError("The launch specification is not JSON: {}.".format(error)) from None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification is not a JSON object.")
        return cls(value)

    @property
    def is_in_place(self):
        return self.snapshot is None

    def command_line(self):
        """The program and its arguments: the script's, or those of what starts its processes."""
        command = self._script_command()
        if self.distribution is None:
            return command
        logs = os.path.dirname(self.run.artifact_path(STD_LOG))
        job = json.dumps(dict(self.distribution.job, command=command, logs=logs))
        # Apart from the source folder, whose `signal.py` would be taken for Python's.
        return [sys.executable, "-I", os.path.join(os.path.dirname(os.path.abspath(__file__)), "ranks.py"), job]

    def _script_command(self):
        """As a program, ``python`` is the run's interpreter, whatever the path has."""
        if self.command:
            is_python = self.command[0] == "python" and self.interpreter
            return [self.interpreter if is_python else self.command[0]] + self.command[1:] + self.arguments
        return [self.interpreter, self.script] + self.arguments

    def environment(self, experiment_id):
        """The variables of the script's process."""
        variables = {
            name: text
            for name, text in os.environ.items()
            if name not in _DROPPED and not name.startswith(_DROPPED_PREFIX)
        }
        variables["PYTHONUNBUFFERED"] = "1"
        variables.setdefault("PYTHONIOENCODING", "utf-8")
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


def _activation(interpreter, variables):
    """What activating the virtual environment of ``interpreter`` sets, so that commands find its programs first."""
    if not interpreter:
        return {}
    programs = os.path.dirname(interpreter)
    folder = os.path.dirname(programs)
    if not os.path.isfile(os.path.join(folder, "pyvenv.cfg")):
        return {}
    path = variables.get("PATH", "")
    return {"VIRTUAL_ENV": folder, "PATH": programs + (os.pathsep + path if path else "")}


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
