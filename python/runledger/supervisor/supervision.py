"""The life of one submitted run, from Preparing to its terminal state."""

import os
import threading
import time

from runledger import host_platform
from runledger.supervisor.executor import executor_of, failed
from runledger.supervisor.installed_record import QUIET_S, record_installed
from runledger.supervisor.machine_queue import MachineQueue
from runledger.supervisor.process_tree import LEFTOVER_PATIENCE_S
from runledger.supervisor.recorder import Recorder
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


class Supervision:
    """Carries out a launch. Making one records this process on the run, and raises ``OSError`` where that fails."""

    def __init__(self, specification):
        self._specification = specification
        self._run = specification.run
        self._is_canceled = False
        os.makedirs(os.path.dirname(self._run.artifact_path(STD_LOG)), exist_ok=True)
        self._recorder = Recorder(self._run)
        self._waiter = host_platform.ChildWaiter()
        self._executor = executor_of(specification, self._recorder, self._waiter)
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
            outcome = failed(str(error))
        except Exception as error:
            outcome = self._internal_failure(error)
        try:
            self._executor.end(LEFTOVER_PATIENCE_S)
            outcome = self._finalize(outcome)
        except Exception as error:
            outcome = self._internal_failure(error)
        # A heartbeat after the end would mark the run active again.
        stop.set()
        heart.join()
        self._record_end(outcome)

    def _record_end(self, outcome):
        self._recorder.end(outcome)

    def _launch(self):
        place = self._specification.queue
        if place is None:
            return self._run_script({})
        queue = MachineQueue(place.folder, place.limit, self._run.id, place.gpus, place.gpus_per_run)
        try:
            queue.enter()
        except OSError as error:
            # A machine without a queue is better than one without runs.
            self._recorder.warn(
                "The run did not wait for its turn: {} cannot be written: {}.".format(
                    place.folder, error.strerror or error
                )
            )
            return self._run_script({})
        try:
            if not self._wait_for_turn(queue):
                return {"v": "Canceled"}
            cards = ",".join(str(card) for card in queue.gpus)
            return self._run_script({"CUDA_VISIBLE_DEVICES": cards} if cards else {})
        finally:
            # What the script has left behind is ended before another takes its place.
            self._executor.end(LEFTOVER_PATIENCE_S)
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
                self._recorder.status("Queued")
            if ahead != known:
                self._recorder.note("Waiting for {} other run{} to end".format(ahead, "" if ahead == 1 else "s"))
                known = ahead
            self._waiter.pause(POLL_INTERVAL_S)

    def _run_script(self, variables):
        self._recorder.status("Preparing")
        self._folder.prepare()
        if self._is_cancel_asked():
            return {"v": "Canceled"}
        self._recorder.status("Starting")
        problem = self._executor.start(self._folder.path, variables)
        if problem is not None:
            return problem
        stop = threading.Event()
        meter = threading.Thread(target=self._measure, args=(stop, variables), daemon=True)
        meter.start()
        asking = threading.Thread(target=self._record_installed, args=(stop,), daemon=True)
        asking.start()
        try:
            return self._wait()
        finally:
            stop.set()
            meter.join()
            asking.join()

    def _wait(self):
        limit = self._specification.max_duration_s
        while True:
            outcome = self._executor.poll()
            if outcome is not None:
                # A script that cancels its own run may end before that is seen here.
                return {"v": "Canceled"} if self._is_cancel_asked() else outcome
            if self._is_cancel_asked():
                self._recorder.note("Canceling")
                if self._run.view().status != "CancelRequested":
                    self._recorder.status("CancelRequested")
                self._executor.end(0)
                return {"v": "Canceled"}
            left = self._seconds_left(limit)
            if left <= 0:
                self._recorder.note("The limit of {} s is reached".format(limit))
                self._executor.end(0)
                return failed(
                    "The run was stopped: it went on for longer than its limit of {:g} seconds.".format(limit),
                    "Raise maxRunDurationSeconds in the run configuration.",
                )
            self._waiter.pause(min(POLL_INTERVAL_S, left))

    def _seconds_left(self, limit):
        since = self._executor.running_since
        return float("inf") if limit is None or since is None else since + limit - time.monotonic()

    def _is_cancel_asked(self):
        # A run whose folder was deleted can be neither seen nor canceled any more: it must not go on unseen.
        is_deleted = not os.path.isdir(self._run.path)
        if self._waiter.is_asked_to_end or os.path.exists(self._run.cancel_path) or is_deleted:
            self._is_canceled = True
        return self._is_canceled

    def _finalize(self, outcome):
        self._recorder.status("Finalizing")
        for problem in self._folder.collect(self._run):
            self._recorder.warn(problem)
        try:
            self._folder.remove()
        except OSError as error:
            self._recorder.note("The working folder could not be removed: {}".format(error))
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
            self._recorder.warn(problem)

    def _internal_failure(self, error):
        import traceback

        self._recorder.note(traceback.format_exc())
        reason = failed(
            "Runledger could not carry out the run: {}: {}.".format(type(error).__name__, error),
            "The run's log {} says more.".format(SYSTEM_LOG),
        )
        return {"v": "Canceled"} if self._is_canceled else reason

    def _measure(self, stop, variables):
        variables = dict(self._specification.environment_variables, **variables)
        if variables.get("RUNLEDGER_SYSTEM_METRICS", os.environ.get("RUNLEDGER_SYSTEM_METRICS")) == "0":
            return
        cards = variables.get("CUDA_VISIBLE_DEVICES", os.environ.get("CUDA_VISIBLE_DEVICES"))
        metrics = SystemMetrics(self._executor.usage, cards)
        try:
            while not stop.wait(metrics.interval):
                sample = metrics.sample()
                if sample is not None:
                    seconds, values = sample
                    self._recorder.append("metrics", {"v": values, "s": seconds})
        except Exception as error:
            # The run goes on without them.
            self._recorder.note("The use of the machine could not be measured: {}: {}".format(type(error).__name__, error))

    def _record_installed(self, stop):
        """In a quiet time: at once where the script has ended already, and not at all where it was to end."""
        stop.wait(QUIET_S)
        if not self._is_canceled:
            record_installed(self._run, self._executor, self._recorder)

    def _beat(self, stop):
        while not stop.wait(HEARTBEAT_INTERVAL_S):
            self._recorder.append("heartbeat", {})
