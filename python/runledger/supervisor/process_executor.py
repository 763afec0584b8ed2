"""The script as a process of this machine, with everything that it starts."""

import os
import time

from runledger import host_platform
from runledger.store.files import read_json
from runledger.store.liveness import process_record_of
from runledger.supervisor.control_group import ControlGroup
from runledger.supervisor.executor import Executor, failed
from runledger.supervisor.process_tree import ProcessTree
from runledger.supervisor.specification import STD_LOG

ASK_TIMEOUT_S = 60


class ProcessExecutor(Executor):
    """The script's output goes straight to its log. Processes that it leaves behind are found as descendants of this one, and in its group."""

    def __init__(self, specification, recorder, waiter):
        self._specification = specification
        self._run = specification.run
        self._recorder = recorder
        self._waiter = waiter
        self._folder = None
        self._child = None
        self._control_group = None
        self._running_since = None

    @property
    def running_since(self):
        return self._running_since

    def start(self, folder, variables):
        self._folder = folder
        problem = self._problem_with_command()
        if problem is not None:
            return problem
        command = self._specification.command_line()
        self._recorder.note("Starting {} in {}".format(command, folder))
        self._control_group = ControlGroup.enter_new(self._run.id)
        try:
            self._child = self._spawn(command, variables)
            self._running_since = time.monotonic()
            self._recorder.append("process", self._record())
        except OSError as error:
            return failed(
                "{} could not be started: {}.".format(command[0], error.strerror or error),
                "Check the interpreter of the run configuration.",
            )
        finally:
            # After the record: to move can take the system a while.
            self._leave_control_group()
        self._recorder.status("Running")
        return None

    def poll(self):
        code = self._waiter.poll(self._child)
        return None if code is None else self._outcome_of(code)

    def end(self, patience_s):
        if self._child is not None:
            ProcessTree(self._child, self._waiter, self._recorder.note, self._control_group).end(patience_s)
        if self._control_group is not None:
            self._control_group.remove()

    def usage(self):
        return host_platform.tree_usage(os.getpid())

    def ask(self, program):
        if not self._specification.interpreter:
            return None
        return output_of([self._specification.interpreter, "-W", "ignore"] + program)

    def _problem_with_command(self):
        specification = self._specification
        if specification.command:
            return None
        if not os.path.isfile(specification.interpreter):
            return failed(
                "The interpreter {} does not exist.".format(specification.interpreter),
                "Choose another one in the run configuration, or in the Python extension.",
            )
        return problem_with_script(specification, self._folder)

    def _record(self):
        record = process_record_of("script", self._child.pid)
        if self._control_group is not None:
            # Who cancels the run when this process is gone finds there what is to be ended.
            record["cgroup"] = self._control_group.path
        return record

    def _spawn(self, command, variables):
        import subprocess

        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        log = os.open(self._run.artifact_path(STD_LOG), flags, 0o666)
        try:
            return subprocess.Popen(
                command,
                cwd=self._folder,
                env=dict(self._specification.environment(experiment_id(self._run, self._recorder)), **variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **host_platform.spawn_options(),
            )
        finally:
            os.close(log)

    def _leave_control_group(self):
        if self._control_group is None:
            if host_platform.IS_LINUX:
                self._recorder.note("No control group can be had here: processes are found by their parents")
            return
        try:
            self._control_group.leave()
        except OSError as error:
            self._recorder.note("This process stays in the script's control group: {}".format(error))

    def _outcome_of(self, code):
        signal_name = host_platform.signal_name(-code) if code < 0 else None
        return script_outcome(code, signal_name, self._specification, self._folder)


def output_of(command):
    """What a command prints that is soon done; ``None`` where it fails. It gets nothing of the SDK on its path."""
    import subprocess

    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_TIMEOUT_S,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def problem_with_script(specification, folder):
    """An outcome where the script is not in the working folder."""
    if os.path.isfile(os.path.join(folder, specification.script)):
        return None
    return failed(
        "The script {} is not in {}.".format(
            specification.script, "the source folder" if specification.is_in_place else "the snapshot"
        ),
        "Save it, and check that .amlignore or .gitignore does not name it.",
    )


def script_outcome(code, signal_name, specification, folder):
    """The outcome of a script that ended with ``code``, or by the signal ``signal_name``; the reason is in the end of its log."""
    if code == 0:
        return {"v": "Completed", "exitCode": 0}
    from runledger.supervisor import diagnosis

    tail = diagnosis.read_tail(specification.run.artifact_path(STD_LOG))
    outcome = {"v": "Failed"}
    if signal_name is None:
        outcome["exitCode"] = code
    else:
        outcome["signal"] = signal_name
    outcome["error"] = diagnosis.failure(code, signal_name, tail, specification, folder)
    return outcome


def experiment_id(run, recorder):
    """The id of the run's experiment; ``None`` where it cannot be read."""
    path = os.path.join(os.path.dirname(os.path.dirname(run.path)), "experiment.json")
    try:
        found = read_json(path, "the experiment").get("id")
    except Exception as error:
        recorder.note(str(error))
        return None
    return found if isinstance(found, str) else None
