"""What the controller tells of jobs: asked once for all that are watched together."""

import re
import time

from runledger.supervisor.slurm import commands

KEPT_S = 0.9
_FIELD = re.compile(r"(?:^|\s)([A-Za-z][\w:/]*)=(\S*)")


class Cluster:
    """Keeps an answer, or that there was none, for a moment."""

    def __init__(self):
        self._answers = {}

    def find(self, job_id):
        """The ``Job`` of an id, of a task of an array too (``12_3``). Raises ``UnknownJobError`` or ``SlurmError``."""
        array_id, _, place = job_id.partition("_")
        try:
            answer = self._ask(["scontrol", "--oneliner", "show", "job", array_id])
        except commands.SlurmError as error:
            if "invalid job id" in str(error).lower():
                raise commands.UnknownJobError(str(error)) from None
            raise
        jobs = [commands.Job(dict(_FIELD.findall(line))) for line in answer.splitlines() if line.strip()]
        for job in jobs:
            if not place or job.is_of(int(place)):
                return job
        raise commands.UnknownJobError("{} is not among the tasks of its array".format(job_id), is_removed=True)

    def waiting_before(self, job_id, partition):
        """How many jobs of the partition wait for their start before this one; ``None`` where it waits no more. Raises ``SlurmError``."""
        answer = self._ask(
            ["squeue", "--noheader", "--array", "--states=PENDING", "--partition=" + partition, "--sort=-p,i", "--format=%i"]
        )
        waiting = answer.split()
        return waiting.index(job_id) if job_id in waiting else None

    def _ask(self, command):
        key = tuple(command)
        kept = self._answers.get(key)
        if kept is None or time.monotonic() - kept[0] > KEPT_S:
            try:
                answer = commands.run(command)
            except commands.SlurmError as error:
                answer = error
            # From the answer on: a controller that is away takes its time to be found so.
            kept = time.monotonic(), answer
            self._answers[key] = kept
        if isinstance(kept[1], commands.SlurmError):
            raise kept[1]
        return kept[1]
