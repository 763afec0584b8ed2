"""The life of one submitted run, from Preparing to its terminal state."""

import os
import threading
import time

from runledger import host_platform
from runledger.store.encoding import encode_record
from runledger.store.files import read_json
from runledger.store.journal_writer import JournalWriter
from runledger.store.liveness import process_record, process_record_of
from runledger.supervisor.machine_queue import MachineQueue
from runledger.supervisor.specification import STD_LOG
from runledger.supervisor.system_metrics import SystemMetrics
from runledger.supervisor.working_folder import (
    SYSTEM_LOG,
    InPlaceFolder,
    SnapshotError,
    SnapshotFolder,
)

HEARTBEAT_INTERVAL_S = 10.0
POLL_INTERVAL_S = 0.25
GRACE_S = 5.0
"""Between asking the processes of a run to end and ending them."""
KILL_LIMIT_S = 10.0
LEFTOVER_PATIENCE_S = 1.0
"""How long background processes may outlive the script before they are asked to end."""
TERMINAL_ATTEMPTS = 9


class Supervision:
    """Carries out a launch. Making one records this process on the run, and raises ``OSError`` where that fails."""

    def __init__(self, specification):
        self._specification = specification
        self._run = specification.run
        self._writer = JournalWriter(self._run, "supervisor")
        self._child = None
        self._is_canceled = False
        os.makedirs(os.path.dirname(self._run.artifact_path(STD_LOG)), exist_ok=True)
        self._writer.append(encode_record(time.time(), "process", process_record("supervisor")))
        self._waiter = host_platform.ChildWaiter()
        if specification.is_in_place:
            self._folder = InPlaceFolder(specification.source_folder)
        else:
            self._folder = SnapshotFolder(self._run, specification.snapshot)

    def carry_out(self):
        """Runs to the end. Whatever happens, a terminal state is recorded."""
        host_platform.adopt_orphans()
        stop = threading.Event()
        heart = threading.Thread(target=self._beat, args=(stop,), daemon=True)
        heart.start()
        try:
            outcome = self._launch()
        except SnapshotError as error:
            outcome = _failed(str(error))
        except Exception as error:
            outcome = self._internal_failure(error)
        try:
            self._end_tree(LEFTOVER_PATIENCE_S)
            outcome = self._finalize(outcome)
        except Exception as error:
            outcome = self._internal_failure(error)
        # A heartbeat after the end would mark the run active again.
        stop.set()
        heart.join()
        self._record_end(outcome)

    def _launch(self):
        place = self._specification.queue
        if place is None:
            return self._start_script({})
        queue = MachineQueue(place.folder, place.limit, self._run.id, place.gpus, place.gpus_per_run)
        try:
            queue.enter()
        except OSError as error:
            # A machine without a queue is better than one without runs.
            self._append("warning", {"message": "The run did not wait for its turn: {} cannot be written: {}.".format(
                place.folder, error.strerror or error
            )})
            return self._start_script({})
        try:
            if not self._wait_for_turn(queue):
                return {"v": "Canceled"}
            cards = ",".join(str(card) for card in queue.gpus)
            return self._start_script({"CUDA_VISIBLE_DEVICES": cards} if cards else {})
        finally:
            # What the script has left behind is ended before another takes its place.
            self._end_tree(LEFTOVER_PATIENCE_S)
            queue.leave()

    def _wait_for_turn(self, queue):
        """Returns whether it came; ``False`` where the run was canceled before."""
        known = 0
        while True:
            ahead = queue.ahead()
            if self._is_cancel_asked():
                return False
            if ahead == 0:
                return True
            if known == 0:
                self._status("Queued")
            if ahead != known:
                self._note("Waiting for {} other run{} to end".format(ahead, "" if ahead == 1 else "s"))
                known = ahead
            self._waiter.pause(POLL_INTERVAL_S)

    def _start_script(self, variables):
        specification = self._specification
        self._status("Preparing")
        self._folder.prepare()
        if self._is_cancel_asked():
            return {"v": "Canceled"}
        self._status("Starting")
        problem = self._problem_with_command()
        if problem is not None:
            return problem
        command = specification.command_line()
        self._note("Starting {} in {}".format(command, self._folder.path))
        try:
            self._child = self._spawn(command, variables)
        except OSError as error:
            return _failed(
                "{} could not be started: {}.".format(command[0], error.strerror or error),
                "Check the interpreter of the run configuration.",
            )
        self._append("process", process_record_of("script", self._child.pid))
        self._status("Running")
        stop = threading.Event()
        meter = threading.Thread(target=self._measure, args=(stop, variables), daemon=True)
        meter.start()
        try:
            return self._wait()
        finally:
            stop.set()
            meter.join()

    def _problem_with_command(self):
        specification = self._specification
        if specification.command:
            return None
        if not os.path.isfile(specification.interpreter):
            return _failed(
                "The interpreter {} does not exist.".format(specification.interpreter),
                "Choose another one in the run configuration, or in the Python extension.",
            )
        if not os.path.isfile(os.path.join(self._folder.path, specification.script)):
            return _failed(
                "The script {} is not in {}.".format(
                    specification.script, "the source folder" if specification.is_in_place else "the snapshot"
                ),
                "Save it, and check that .amlignore or .gitignore does not name it.",
            )
        return None

    def _spawn(self, command, variables):
        import subprocess

        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        log = os.open(self._run.artifact_path(STD_LOG), flags, 0o666)
        try:
            return subprocess.Popen(
                command,
                cwd=self._folder.path,
                env=dict(self._specification.environment(self._experiment_id()), **variables),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **host_platform.spawn_options(),
            )
        finally:
            os.close(log)

    def _experiment_id(self):
        path = os.path.join(os.path.dirname(os.path.dirname(self._run.path)), "experiment.json")
        try:
            found = read_json(path, "the experiment").get("id")
        except Exception as error:
            self._note(str(error))
            return None
        return found if isinstance(found, str) else None

    def _wait(self):
        limit = self._specification.max_duration_s
        deadline = None if limit is None else time.monotonic() + limit
        while True:
            code = self._waiter.poll(self._child)
            if code is not None:
                # A script that cancels its own run may end before that is seen here.
                return {"v": "Canceled"} if self._is_cancel_asked() else self._outcome_of(code)
            if self._is_cancel_asked():
                self._note("Canceling")
                if self._run.view().status != "CancelRequested":
                    self._status("CancelRequested")
                self._end_tree(0)
                return {"v": "Canceled"}
            if deadline is not None and time.monotonic() >= deadline:
                self._note("The limit of {} s is reached".format(limit))
                self._end_tree(0)
                return _failed(
                    "The run was stopped: it went on for longer than its limit of {:g} seconds.".format(limit),
                    "Raise maxRunDurationSeconds in the run configuration.",
                )
            wait = POLL_INTERVAL_S if deadline is None else min(POLL_INTERVAL_S, max(deadline - time.monotonic(), 0))
            self._waiter.pause(wait)

    def _outcome_of(self, code):
        if code == 0:
            return {"v": "Completed", "exitCode": 0}
        from runledger.supervisor import diagnosis

        signal_name = host_platform.signal_name(-code) if code < 0 else None
        tail = diagnosis.read_tail(self._run.artifact_path(STD_LOG))
        outcome = {"v": "Failed"}
        if signal_name is None:
            outcome["exitCode"] = code
        else:
            outcome["signal"] = signal_name
        outcome["error"] = diagnosis.failure(code, signal_name, tail, self._specification, self._folder.path)
        return outcome

    def _is_cancel_asked(self):
        # A run whose folder was deleted can be neither seen nor canceled any more: it must not go on unseen.
        is_deleted = not os.path.isdir(self._run.path)
        if self._waiter.is_asked_to_end or os.path.exists(self._run.cancel_path) or is_deleted:
            self._is_canceled = True
        return self._is_canceled

    def _end_tree(self, patience_s):
        """Ends every process of the run: at first by asking, after ``patience_s`` in which they may end by themselves."""
        if self._child is None:
            return
        remaining = self._wait_for_tree(patience_s)
        if remaining:
            self._note("Asking processes to end: {}".format(sorted(remaining)))
            host_platform.signal_processes(remaining, forcibly=False)
            remaining = self._wait_for_tree(GRACE_S)
        deadline = time.monotonic() + KILL_LIMIT_S
        while remaining and time.monotonic() < deadline:
            self._note("Ending processes: {}".format(sorted(remaining)))
            host_platform.signal_processes(remaining, forcibly=True)
            remaining = self._wait_for_tree(0.2)
        if remaining:
            self._note("Processes that could not be ended: {}".format(sorted(remaining)))

    def _wait_for_tree(self, seconds):
        deadline = time.monotonic() + seconds
        while True:
            remaining = host_platform.descendants(os.getpid(), (self._child.pid,))
            # After the listing, which passes over those that have ended: none is left behind as a zombie.
            self._waiter.reap(self._child)
            left = deadline - time.monotonic()
            if not remaining or left <= 0:
                return remaining
            self._waiter.pause(min(left, 0.05))

    def _finalize(self, outcome):
        self._status("Finalizing")
        for problem in self._folder.collect(self._run):
            self._append("warning", {"message": problem})
        try:
            self._folder.remove()
        except OSError as error:
            self._note("The working folder could not be removed: {}".format(error))
        if outcome["v"] == "Completed":
            self._register_outputs()
        return outcome

    def _register_outputs(self):
        from runledger.azureml_v1.output_registration import register_outputs

        specification = self._specification
        try:
            problems = register_outputs(specification.workspace_folder, specification.environment_variables)
        except Exception as error:
            # The script has done its work: the run is complete all the same.
            problems = ["The outputs could not be registered as data sets: {}.".format(error)]
        for problem in problems:
            self._append("warning", {"message": problem})

    def _record_end(self, outcome):
        self._note("The run ends as {}".format(outcome["v"]))
        for attempt in range(TERMINAL_ATTEMPTS):
            try:
                self._writer.append(encode_record(time.time(), "status", outcome))
                break
            except OSError as error:
                self._note("The end could not be recorded: {}".format(error))
                time.sleep(min(0.25 * 2**attempt, 8.0))
        try:
            self._writer.close()
        except OSError:
            pass
        self._writer.remove_active_mark()

    def _internal_failure(self, error):
        import traceback

        self._note(traceback.format_exc())
        reason = _failed(
            "Runledger could not carry out the run: {}: {}.".format(type(error).__name__, error),
            "The run's log {} says more.".format(SYSTEM_LOG),
        )
        return {"v": "Canceled"} if self._is_canceled else reason

    def _measure(self, stop, variables):
        variables = dict(self._specification.environment_variables, **variables)
        if variables.get("RUNLEDGER_SYSTEM_METRICS", os.environ.get("RUNLEDGER_SYSTEM_METRICS")) == "0":
            return
        metrics = SystemMetrics(variables.get("CUDA_VISIBLE_DEVICES", os.environ.get("CUDA_VISIBLE_DEVICES")))
        try:
            while not stop.wait(metrics.interval):
                sample = metrics.sample()
                if sample is not None:
                    seconds, values = sample
                    self._append("metrics", {"v": values, "s": seconds})
        except Exception as error:
            # The run goes on without them.
            self._note("The use of the machine could not be measured: {}: {}".format(type(error).__name__, error))

    def _beat(self, stop):
        while not stop.wait(HEARTBEAT_INTERVAL_S):
            self._append("heartbeat", {})

    def _status(self, state):
        self._append("status", {"v": state})

    def _append(self, kind, fields):
        try:
            self._writer.append(encode_record(time.time(), kind, fields))
        except OSError as error:
            self._note("A record could not be written: {}".format(error))

    def _note(self, text):
        """A line in the system log; one that cannot be written is dropped."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        try:
            with open(self._run.artifact_path(SYSTEM_LOG), "a", encoding="utf-8", errors="backslashreplace") as log:
                log.write("{} {}\n".format(stamp, text))
        except OSError:
            pass


def _failed(message, advice=None):
    error = {"message": message}
    if advice is not None:
        error["advice"] = advice
    return {"v": "Failed", "error": error}
