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
from runledger.supervisor.slurm.job_script import job_options, job_script
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
SUBMIT_PATIENCE_S = 120.0

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
    "JobHeldUser": "it is held (scontrol release lets it go)",
    "JobHeldAdmin": "an administrator holds it",
    "MaxMemPerLimit": "it asks for more memory than is allowed",
}
"""Reasons to wait that do not pass by themselves, or not soon."""


class JobWatch:
    """Watches the job of a run. Making one records this process on the run, and raises ``OSError`` where that fails."""

    def __init__(self, run, job_id=None):
        self._run = run
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
        os.makedirs(os.path.dirname(run.artifact_path(SYSTEM_LOG)), exist_ok=True)
        self._recorder = Recorder(run, "watcher")

    def submit(self, specification, launch):
        """Submits the job, and stays with it until its end."""
        self._carry_out(lambda: self._submitted(specification, launch))

    def resume(self):
        """Goes on with a job that another submitted."""
        self._carry_out(self._found)

    def _carry_out(self, begin):
        try:
            outcome = begin()
            if outcome is None:
                outcome = self._follow()
        except Exception as error:
            import traceback

            self._recorder.note(traceback.format_exc())
            outcome = failed(
                "Runledger could not look after the Slurm job {}: {}: {}.".format(self._job_id, type(error).__name__, error),
                "The run's log {} says more.".format(SYSTEM_LOG),
            )
        if outcome is None:
            self._recorder.close()
        else:
            self._recorder.end(outcome)

    def _submitted(self, specification, launch):
        """Returns the end of the run where there will be no job, else ``None``."""
        options, script = job_options(specification), job_script(specification, launch)
        # Before the job is there: what its node records comes later.
        self._queued({"v": "Queued"})
        deadline = time.monotonic() + SUBMIT_PATIENCE_S
        while True:
            try:
                self._job_id = commands.submit(options, script)
                break
            except commands.SlurmError as error:
                self._recorder.note("sbatch: {}".format(error))
                if not error.is_temporary or time.monotonic() > deadline:
                    return failed(
                        "Slurm did not take the job: {}.".format(str(error).rstrip(".")),
                        "Check the file of the compute target: runledger computetarget check says what is wrong.",
                    )
            time.sleep(2.0)
            if self._is_cancel_asked():
                return {"v": "Canceled"}
            # The answer may have been lost, and not the job.
            self._job_id = self._found_by_name()
            if self._job_id is not None:
                break
        self._recorder.append("properties", {"v": {JOB_PROPERTY: self._job_id}})
        self._recorder.note("Slurm job {}".format(self._job_id))
        return None

    def _found(self):
        """Returns the end of the run where there is no job, else ``None``."""
        if self._job_id is None:
            self._job_id = commands.find_by_name(self._run.id)
        if self._job_id is not None:
            return None
        self._node.read()
        if self._node.has_ended:
            return None
        return {"v": "Canceled"} if self._is_cancel_asked() else failed(
            "The process that submitted the run's job to Slurm ended before it was submitted.", "Submit the run again."
        )

    def _found_by_name(self):
        try:
            return commands.find_by_name(self._run.id)
        except commands.SlurmError:
            return None

    def _follow(self):
        """Returns how the run ended, or ``None`` where the node has recorded that."""
        while True:
            self._read_node()
            # Of a run that was deleted there is nothing more to tell.
            if self._node.has_ended or not os.path.isdir(self._run.path):
                return None
            if self._is_cancel_asked():
                self._cancel()
            now = time.monotonic()
            if now >= self._next_question:
                outcome = self._ask()
                if outcome is not None:
                    return outcome
                self._next_question = time.monotonic() + self._interval()
            if not self._node.has_begun and now >= self._next_heartbeat:
                self._recorder.append("heartbeat", {})
                self._next_heartbeat = now + HEARTBEAT_INTERVAL_S
            time.sleep(LOOK_INTERVAL_S)

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
        """Returns how the run ended where Slurm tells that its job has, and the node has recorded nothing."""
        try:
            job = commands.find(self._job_id)
            if job.is_waiting:
                self._tell_place(job)
                return None
        except commands.UnknownJobError:
            return None if self._is_recorded() else verdict.forgotten(self._job_id)
        except commands.SlurmError as error:
            # The controller restarts. The job goes on, and so does the run.
            self._recorder.note("Slurm does not answer: {}".format(error))
            return None
        if not job.has_ended or self._is_recorded():
            return None
        self._recorder.note("Slurm ended the job as {}".format(job.state))
        if self._node.has_begun or job.state not in ("FAILED", "COMPLETED"):
            return verdict.outcome_of(self._job_id, job, self._is_cancel_asked())
        return verdict.never_started(self._job_id, job, diagnosis.read_tail(self._run.artifact_path(SYSTEM_LOG)))

    def _is_recorded(self):
        """Whether the node has recorded the end after all."""
        deadline = time.monotonic() + RECORD_PATIENCE_S
        while True:
            self._node.read()
            if self._node.has_ended or time.monotonic() > deadline:
                return self._node.has_ended
            time.sleep(LOOK_INTERVAL_S)

    def _tell_place(self, job):
        before = commands.waiting_before(self._job_id, job.partition)
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
        if now < self._next_cancel:
            return
        try:
            commands.cancel(self._job_id)
            self._recorder.note("Canceled the Slurm job {}".format(self._job_id))
            self._next_cancel = float("inf")
            self._next_question = 0.0
        except commands.SlurmError as error:
            self._recorder.note("scancel: {}".format(error))
            self._next_cancel = now + SHORTEST_ASKING_S * 5

    def _is_cancel_asked(self):
        # A run whose folder was deleted must not go on unseen.
        if not self._is_canceled and (os.path.exists(self._run.cancel_path) or not os.path.isdir(self._run.path)):
            self._is_canceled = True
        return self._is_canceled

    def _queued(self, fields):
        self._queued_time = clock.now()
        self._recorder.append("status", fields)
