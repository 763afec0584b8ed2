"""Looks after the job of a run from its submission to its end, on the machine that submits.

The supervisor on the node carries the run out and records what happens. What it cannot tell is told here: that the job waits, and why;
and how it ended where the node's supervisor was ended with it. Killed, this is replaced by another, which knows the job by its id.
"""

import os
import time

from runledger.store import clock
from runledger.supervisor import diagnosis
from runledger.supervisor.executor import failed
from runledger.supervisor.recorder import Recorder
from runledger.supervisor.slurm import commands, verdict
from runledger.supervisor.slurm.node_journal import NodeJournal
from runledger.supervisor.working_folder import SYSTEM_LOG

JOB_PROPERTY = "slurm.jobId"
LOOK_INTERVAL_S = 0.25
"""For the end of the run, and for somebody who cancels it; both are files."""
HEARTBEAT_INTERVAL_S = 10.0
SHORTEST_ASKING_S, LONGEST_ASKING_S = 1.0, 30.0
_AGE_SHARE = 1 / 10
"""How long it is between two questions to the controller, of the time that things have been as they are."""
SILENCE_S = 15.0
"""Of the supervisor on the node, after which Slurm is asked at once."""
RECORD_PATIENCE_S = 1.0
"""For the last records of a node to come over the network, after Slurm has told of the end of the job."""

_HOPELESS = {
    "BadConstraints": "no node has what it asks for",
    "PartitionNodeLimit": "it asks for more nodes than the partition has or allows",
    "PartitionTimeLimit": "it asks for more time than the partition allows",
    "PartitionDown": "the partition is down",
    "PartitionInactive": "the partition is inactive",
    "AccountNotAllowed": "its account may not use the partition",
    "QOSNotAllowed": "its qos may not be used in the partition",
    "InvalidAccount": "its account is not valid",
    "InvalidQOS": "its qos is not valid",
    "ReqNodeNotAvail": "nodes that it needs are not available",
    "Nodes_required_for_job_are_DOWN": "nodes that it needs are down, drained or reserved",
    "DependencyNeverSatisfied": "a job that it waits for did not complete",
    "JobHeldUser": "it is held (scontrol release lets it go)",
    "JobHeldAdmin": "an administrator holds it",
    "MaxMemPerLimit": "it asks for more memory than is allowed",
}
"""Reasons to wait that do not pass by themselves, or not soon."""


def follow(watches):
    """Looks after jobs until all of their runs have ended."""
    while watches:
        watches = [watch for watch in watches if not watch.is_over()]
        if watches:
            time.sleep(LOOK_INTERVAL_S)


class JobWatch:
    """Watches the job of a run. Making one records this process on the run, and raises ``OSError`` where that fails."""

    def __init__(self, run, cluster, job_id=None):
        self._run = run
        self._cluster = cluster
        self._job_id = job_id
        self._node = NodeJournal(run)
        self._began = time.monotonic()
        self._next_question = self._began + SHORTEST_ASKING_S
        self._next_heartbeat = self._began + HEARTBEAT_INTERVAL_S
        self._next_cancel = 0.0
        self._is_canceled = False
        self._queue_words = None
        self._queued_time = 0.0
        self._warned = set()
        self._verdict = None
        self._verdict_time = 0.0
        os.makedirs(os.path.dirname(run.artifact_path(SYSTEM_LOG)), exist_ok=True)
        self._recorder = Recorder(run, "watcher")

    def wait_in_queue(self):
        """To be told before the job is there: what its node records comes later."""
        self._queued({"v": "Queued"})

    def begin(self, job_id):
        """The run has a job."""
        self._job_id = job_id
        self._recorder.append("properties", {"v": {JOB_PROPERTY: job_id}})
        self.note("Slurm job {}".format(job_id))

    def resume(self):
        """Goes on with a job that another submitted; its id is asked for where it is not known."""
        self._next_question = 0.0

    def note(self, text):
        self._recorder.note(text)

    def end(self, outcome):
        self._recorder.end(outcome)

    def is_over(self):
        """Looks once. Returns whether the run has ended."""
        try:
            return self._look()
        except Exception as error:
            import traceback

            self.note(traceback.format_exc())
            self.end(
                failed(
                    "Runledger could not look after the Slurm job {}: {}: {}.".format(
                        self._job_id, type(error).__name__, error
                    ),
                    "The run's log {} says more.".format(SYSTEM_LOG),
                )
            )
            return True

    def _look(self):
        self._read_node()
        # Of a run that was deleted there is nothing more to tell.
        if self._node.has_ended or not os.path.isdir(self._run.path):
            self._recorder.close()
            return True
        if self._verdict is not None:
            if time.monotonic() < self._verdict_time + RECORD_PATIENCE_S:
                return False
            self.end(self._verdict)
            return True
        if self.is_cancel_asked():
            self._cancel()
        now = time.monotonic()
        if now >= self._next_question:
            self._ask()
            self._next_question = time.monotonic() + self._interval()
        if not self._node.has_begun and now >= self._next_heartbeat:
            self._recorder.append("heartbeat", {})
            self._next_heartbeat = now + HEARTBEAT_INTERVAL_S
        return False

    def _read_node(self):
        known = self._node.status
        self._node.read()
        if self._node.status != known and self._node.status_time <= self._queued_time:
            # The job began while Slurm still told that it waits.
            self._recorder.status(self._node.status)

    def _interval(self):
        if self._is_canceled or self._node.status == "Finalizing":
            return SHORTEST_ASKING_S
        if self._node.has_begun and clock.now() - self._node.last_time > SILENCE_S:
            return SHORTEST_ASKING_S * 2
        return min(max((time.monotonic() - self._began) * _AGE_SHARE, SHORTEST_ASKING_S), LONGEST_ASKING_S)

    def _ask(self):
        """Keeps how the run ended where Slurm tells that its job has, until the node has had time to record that itself."""
        try:
            if self._job_id is None:
                self._job_id = commands.find_by_name(self._run.id)
            if self._job_id is None:
                self._conclude(verdict.not_submitted(self.is_cancel_asked()))
                return
            job = self._cluster.find(self._job_id)
            if job.is_waiting:
                self._tell_place(job)
                return
        except commands.UnknownJobError as error:
            was_removed = error.is_removed and not self._node.has_begun
            self._conclude(verdict.gone(self._job_id, was_removed, self.is_cancel_asked()))
            return
        except commands.SlurmError as error:
            # The controller restarts. The job goes on, and so does the run.
            self.note("Slurm does not answer: {}".format(error))
            return
        if job.has_ended:
            self.note("Slurm ended the job as {}".format(job.state))
            self._conclude(self._outcome_of(job))

    def _outcome_of(self, job):
        if self._node.has_begun or job.state not in ("FAILED", "COMPLETED"):
            return verdict.outcome_of(self._job_id, job, self.is_cancel_asked())
        return verdict.never_started(self._job_id, job, diagnosis.read_tail(self._run.artifact_path(SYSTEM_LOG)))

    def _conclude(self, outcome):
        self._verdict = outcome
        self._verdict_time = time.monotonic()

    def _tell_place(self, job):
        before = self._cluster.waiting_before(self._job_id, job.partition)
        self._read_node()
        if before is None or self._node.last_time > self._queued_time:
            # It has begun meanwhile.
            return
        reason = job.reason.split(",")[0]
        place = "next" if before == 0 else "after {} other{}".format(before, "" if before == 1 else "s")
        words = "In the queue of {}, {}{}".format(job.partition, place, " ({})".format(reason) if reason != "None" else "")
        if words != self._queue_words:
            self._queue_words = words
            self._recorder.note(words)
            self._queued({"v": "Queued", "reason": words})
        if reason in _HOPELESS and reason not in self._warned:
            self._warned.add(reason)
            message = "The Slurm job {} may wait for ever: {} ({}).".format(self._job_id, _HOPELESS[reason], reason)
            self._recorder.warn(message)

    def _cancel(self):
        """Lets Slurm end the job, once; again only where it did not answer. The node sees for itself that it is to end."""
        now = time.monotonic()
        if self._job_id is None or now < self._next_cancel:
            return
        try:
            commands.cancel(self._job_id)
            self._recorder.note("Canceled the Slurm job {}".format(self._job_id))
            self._next_cancel = float("inf")
            self._next_question = 0.0
        except commands.SlurmError as error:
            self._recorder.note("scancel: {}".format(error))
            self._next_cancel = now + SHORTEST_ASKING_S * 5

    def is_cancel_asked(self):
        # A run whose folder was deleted must not go on unseen.
        if not self._is_canceled and (os.path.exists(self._run.cancel_path) or not os.path.isdir(self._run.path)):
            self._is_canceled = True
        return self._is_canceled

    def _queued(self, fields):
        self._queued_time = clock.now()
        self._recorder.append("status", fields)
