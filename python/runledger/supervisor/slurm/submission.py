"""Submits the job of a run, or the job array of several, and stays with it until their end."""

import time

from runledger import host_platform
from runledger.supervisor.executor import failed
from runledger.supervisor.slurm import commands
from runledger.supervisor.slurm.cluster import Cluster
from runledger.supervisor.slurm.job_script import job_options, job_script
from runledger.supervisor.slurm.watch import JobWatch, follow

PATIENCE_S = 120.0
"""With a controller that does not answer."""
RETRY_S = 2.0
_OTHER_FILES = 64
"""That are open beside a journal for each run."""
_ADVICE = "Check the file of the compute target: runledger computetarget check says what is wrong."
_ADVICE_FOR_ARRAYS = " A sweep may also have more trials than MaxArraySize (scontrol show config) lets an array have."


class JobSubmission:
    """Making one records this process on the runs, and raises ``OSError`` where that fails."""

    def __init__(self, specifications, launches):
        self._first = specifications[0]
        self._launches = launches
        host_platform.allow_open_files(len(specifications) + _OTHER_FILES)
        cluster = Cluster()
        self._watches = [JobWatch(specification.run, cluster) for specification in specifications]

    def carry_out(self):
        if self._submit():
            follow(self._watches)

    def _submit(self):
        """Returns whether there is a job; the runs have ended where there is none."""
        options = job_options(self._first, self._launches)
        script = job_script(self._first, self._launches.value)
        for watch in self._watches:
            watch.wait_in_queue()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                job_id = commands.submit(options, script)
                break
            except commands.SlurmError as error:
                for watch in self._watches:
                    watch.note("sbatch: {}".format(error))
                if not error.is_temporary or time.monotonic() > deadline:
                    self._end(
                        failed(
                            "Slurm did not take the job: {}.".format(str(error).rstrip(".")),
                            _ADVICE if self._launches.array_name is None else _ADVICE + _ADVICE_FOR_ARRAYS,
                        )
                    )
                    return False
            time.sleep(RETRY_S)
            if all([watch.is_cancel_asked() for watch in self._watches]):
                self._end({"v": "Canceled"})
                return False
            # The answer may have been lost, and not the job.
            job_id = self._found()
            if job_id is not None:
                break
        for place, watch in zip(self._launches.places, self._watches):
            watch.begin(job_id if place is None else "{}_{}".format(job_id, place))
        return True

    def _found(self):
        try:
            found = commands.find_by_name(self._first.run.id)
        except commands.SlurmError:
            return None
        return found and found.partition("_")[0]

    def _end(self, outcome):
        for watch in self._watches:
            watch.end(outcome)
