"""The script in a container, by any program that takes the commands of Docker's."""

import json
import os
import re
import subprocess
import time

from runledger import host_platform
from runledger.store.liveness import process_record_of
from runledger.supervisor import container_init
from runledger.supervisor.executor import Executor, failed
from runledger.supervisor.process_executor import experiment_id, output_of, problem_with_script, script_outcome
from runledger.supervisor.process_tree import GRACE_S
from runledger.supervisor.specification import STD_LOG
from runledger.supervisor.working_folder import SYSTEM_LOG

LABEL = "runledger.run"
_COMMAND_TIMEOUT_S = 30
_CLIENT_FAILED = 125
_NONE_OF_THE_NAME = re.compile("no such (container|object)", re.IGNORECASE)
_STARTED_S = 5
"""A client that ends sooner could not start the container, mostly."""
_LOOK_INTERVAL_S = 1
_SILENCE_LIMIT_S = 120
"""How long an engine may be silent before the run has failed."""
_OWN_VARIABLES = ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
_OWN_PREFIXES = ("LD_", "DOCKER_", "CONTAINER", "BUILDAH_", "PODMAN_", "XDG_", "HTTP", "http", "NO_PROXY", "no_proxy")
"""Variables that the program itself goes by: the script's stand in the command line, all others in the environment alone."""


class ContainerExecutor(Executor):
    """The container's first process is ``container_init``, where the image has Python; else it is the command itself.

    What tells how it ended is the engine, and not the client that waits for it: that one may be killed, and the container goes on.
    """

    def __init__(self, specification, recorder, waiter):
        self._specification = specification
        self._container = specification.container
        self._run = specification.run
        self._recorder = recorder
        self._waiter = waiter
        self._name = "runledger-{}".format("".join(c if c.isalnum() or c in "_.-" else "-" for c in self._run.id))
        self._folder = None
        self._client = None
        self._running_since = None
        self._root_pid = None
        self._said_from = 0
        self._is_removed = False
        self._silent_since = None
        self._next_look = 0.0

    @property
    def running_since(self):
        return self._running_since

    def start(self, folder, variables):
        self._folder = folder
        specification = self._specification
        problem = None if specification.command else problem_with_script(specification, folder)
        if problem is not None:
            return problem
        self._recorder.note("Starting a container of {}: {}".format(self._container.image, self._name))
        try:
            self._said_from = os.path.getsize(self._run.artifact_path(SYSTEM_LOG))
        except OSError:
            pass
        try:
            self._client = self._spawn(variables)
        except OSError as error:
            return failed(
                "{} could not be started: {}.".format(self._container.cli, error.strerror or error),
                "Check that Docker, or what stands for it, is installed.",
            )
        self._running_since = time.monotonic()
        self._recorder.append("process", process_record_of("script", self._client.pid))
        self._recorder.status("Running")
        return None

    def poll(self):
        code = self._waiter.poll(self._client)
        if code is None or time.monotonic() < self._next_look:
            return None
        has_answered, state = self._state()
        if not has_answered and self._was_running():
            return self._silence()
        self._silent_since = None
        if state is not None and state.get("Status") in ("running", "paused"):
            # The client was ended, and not the container.
            self._recorder.note("Waiting for the container again")
            self._client = subprocess.Popen(
                [self._container.cli, "wait", self._name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                **host_platform.spawn_options()
            )
            return None
        return self._outcome_of(state, code)

    def _was_running(self):
        return time.monotonic() - self._running_since >= _STARTED_S

    def _silence(self):
        """``None`` as long as an engine that does not answer is waited for: it may be restarting."""
        now = time.monotonic()
        cli = self._container.cli
        if self._silent_since is None:
            self._silent_since = now
            self._recorder.note("{} does not tell of the container; waiting for it".format(cli))
        if now - self._silent_since < _SILENCE_LIMIT_S:
            self._next_look = now + _LOOK_INTERVAL_S
            return None
        return failed(
            "{} has not told of the container {} for {} s.".format(cli, self._name, _SILENCE_LIMIT_S),
            "Start the engine again, and look whether the container still runs: {} ps.".format(cli),
        )

    def end(self, patience_s):
        if self._client is None or self._is_removed:
            return
        if not self._wait_for_client(patience_s):
            # The first process passes it on, and has its own patience.
            self._command(["stop", "-t", str(int(GRACE_S) + 2), self._name])
            self._wait_for_client(1)
        is_known, said = self._command(["rm", "--force", self._name])
        if not is_known and "no such container" not in said.lower():
            self._recorder.warn(
                "The container {0} could not be removed: {1}. Look whether it still runs: {2} ps.".format(
                    self._name, said.strip().rstrip(".") or "no answer", self._container.cli
                )
            )
        self._is_removed = True
        if not self._wait_for_client(1):
            host_platform.signal_processes([self._client.pid], forcibly=True)
            self._wait_for_client(5)

    def usage(self):
        """Where the engine's processes are this machine's, and not those of one inside it."""
        if self._root_pid is None:
            _, state = self._state()
            pid = state.get("Pid") if state else None
            self._root_pid = pid if isinstance(pid, int) and pid > 0 and self._is_container(pid) else 0
        return host_platform.tree_usage(self._root_pid) if self._root_pid else None

    def ask(self, program):
        interpreter = self._specification.interpreter
        if interpreter is None:
            return None
        asked = [interpreter, "-W", "ignore"] + program
        container = self._container
        said = output_of([container.cli, "exec", "--env", "PYTHONPATH=", self._name] + asked)
        if said:
            return said
        # The script has ended already.
        again = [container.cli, "run", "--rm", "--log-driver", "none"] + container.options
        return output_of(again + ["--entrypoint", asked[0], container.image] + asked[1:])

    def _is_container(self, pid):
        try:
            with open("/proc/{}/cmdline".format(pid), "rb") as file:
                return self._run.id.encode() in file.read()
        except OSError:
            return False

    def _spawn(self, variables):
        own = dict(self._specification.container_environment(experiment_id(self._run, self._recorder)), **variables)
        passed, spelled = {}, []
        for name, text in own.items():
            if name in _OWN_VARIABLES or name.startswith(_OWN_PREFIXES):
                spelled.append("{}={}".format(name, text))
            else:
                # By its name alone: so no value is seen in the list of processes.
                passed[name] = text
                spelled.append(name)
        command = [self._container.cli, "run", "--name", self._name, "--label", "{}={}".format(LABEL, self._run.id)]
        command += ["--pull", "never", "--log-driver", "none", "--workdir", self._folder]
        command += self._container.options
        for text in spelled:
            command += ["--env", text]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        log = os.open(self._run.artifact_path(STD_LOG), flags, 0o666)
        said = os.open(self._run.artifact_path(SYSTEM_LOG), flags, 0o666)
        try:
            has_python = self._specification.interpreter is not None
            return subprocess.Popen(
                command + self._contained_command(),
                env=dict(os.environ, **passed),
                stdin=subprocess.DEVNULL,
                stdout=said if has_python else log,
                stderr=said if has_python else log,
                **host_platform.spawn_options()
            )
        finally:
            os.close(log)
            os.close(said)

    def _contained_command(self):
        command = self._specification.command_line()
        interpreter = self._specification.interpreter
        if interpreter is None:
            return ["--entrypoint", command[0], self._container.image] + command[1:]
        program = os.path.abspath(container_init.__file__)
        sdk_folder = os.path.dirname(os.path.dirname(os.path.dirname(program)))
        init = ["-I", program, sdk_folder, self._run.artifact_path(STD_LOG), self._run.cancel_path]
        return ["--entrypoint", interpreter, self._container.image] + init + command

    def _outcome_of(self, state, client_code):
        if state is None or (client_code == _CLIENT_FAILED and not _has_started(state)):
            return failed(
                "The container could not be started, or was removed: {}".format(
                    self._last_words() or "{} ended with exit code {}.".format(self._container.cli, client_code)
                ),
                "The run's log {} says more.".format(SYSTEM_LOG),
            )
        code = state.get("ExitCode")
        code = code if isinstance(code, int) else client_code
        if code == container_init.NOT_STARTED:
            words = self._last_words()
            if words:
                return failed(words, "Check the command, and what is in the image {}.".format(self._container.image))
        signal_name = host_platform.signal_name(code - 128) if 128 < code < 128 + 65 else None
        outcome = script_outcome(code, signal_name, self._specification, self._folder)
        if state.get("OOMKilled") is True or container_init.SAYS + container_init.OUT_OF_MEMORY in self._said():
            self._tell_of_memory(outcome)
        return outcome

    def _tell_of_memory(self, outcome):
        if outcome["v"] == "Completed":
            self._recorder.warn("Memory ran out in the container, and a process of the script was ended for it.")
            return
        if outcome.get("signal") == "SIGKILL":
            outcome["error"]["message"] = "Memory ran out in the container: the script was ended by the signal SIGKILL."
        outcome["error"]["advice"] = (
            "A process was ended because the container's memory ran out. Try smaller batches or less data, or give the container "
            "more: --memory among the arguments of the run configuration or of the compute target."
        )

    def _last_words(self):
        """What the container's first process, or else the client, said last of what went wrong."""
        lines = self._said()
        own = [line[len(container_init.SAYS) :] for line in lines if line.startswith(container_init.SAYS)]
        errors = [line for line in lines if "error" in line.lower()]
        return (own or errors or [""])[-1].strip()

    def _said(self):
        try:
            with open(self._run.artifact_path(SYSTEM_LOG), "rb") as file:
                file.seek(self._said_from)
                return file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return []

    def _state(self):
        """``(whether the engine answered, what it says of the container)``; ``None`` where there is none of the name."""
        has_answered, text = self._command(["inspect", "--type", "container", "--format", "{{json .State}}", self._name])
        if not has_answered:
            return _NONE_OF_THE_NAME.search(text) is not None, None
        try:
            state = json.loads(text)
        except ValueError:
            return False, None
        return True, state if isinstance(state, dict) else None

    def _command(self, arguments):
        """``(whether it succeeded, what it said)``."""
        try:
            done = subprocess.run(
                [self._container.cli] + arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=_COMMAND_TIMEOUT_S,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return False, str(error)
        said = done.stdout if done.returncode == 0 else done.stderr
        return done.returncode == 0, said.decode("utf-8", "replace")

    def _wait_for_client(self, seconds):
        """Returns whether it has ended."""
        deadline = time.monotonic() + seconds
        while self._waiter.poll(self._client) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._waiter.pause(min(left, 0.1))
        return True


def _has_started(state):
    started = state.get("StartedAt")
    return isinstance(started, str) and not started.startswith("0001-")
