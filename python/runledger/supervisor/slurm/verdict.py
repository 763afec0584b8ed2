"""How a job ended as Slurm tells it, as the end of its run."""

import re

from runledger import host_platform
from runledger.supervisor import diagnosis
from runledger.supervisor.executor import failed

_STATES = {
    "OUT_OF_MEMORY": (
        "used more memory than it had asked for{memory}",
        "Ask for more (memory in the file of the compute target), or try smaller batches or less data.",
    ),
    "TIMEOUT": (
        "reached its time limit{limit}",
        "Ask for more (time in the file of the compute target), and let the script write checkpoints.",
    ),
    "DEADLINE": ("reached its deadline", "Submit the run again."),
    "NODE_FAIL": ("lost a node{nodes}: it failed, or Slurm cannot reach it", "Submit the run again."),
    "BOOT_FAIL": ("could not start, because a node{nodes} did not boot", "Submit the run again."),
    "PREEMPTED": (
        "had to make room for another with a higher priority",
        "Submit the run again, or choose another partition or qos.",
    ),
    "REVOKED": ("was taken back by its cluster", "Submit the run again."),
}


_OWN_LINE = re.compile(r"\d{4}-\d\d-\d\dT[\d:]{8}Z ")
"""Of the system log, which the job's output goes to as well."""


def outcome_of(job_id, job, is_canceled):
    """The terminal ``status`` record of a run whose job has ended and that recorded no end itself."""
    subject = "The Slurm job {}".format(job_id)
    if job.state == "CANCELLED":
        if is_canceled:
            return {"v": "Canceled"}
        if job.reason == "DependencyNeverSatisfied":
            return {"v": "Canceled", "error": {"message": "A job that the Slurm job {} waited for did not complete.".format(job_id)}}
        return _canceled_outside(subject)
    found = _STATES.get(job.state)
    if found is not None:
        what, advice = found
        what = what.format(
            memory=" ({})".format(job.memory) if job.memory else "",
            limit=" of {}".format(job.time_limit) if job.time_limit else "",
            nodes=" ({})".format(job.nodes) if job.nodes else "",
        )
        return failed("{} {}.".format(subject, what), advice)
    if is_canceled:
        return {"v": "Canceled"}
    if job.exit_code == 128 + 9:
        return {"v": "Failed", "signal": "SIGKILL", "error": diagnosis.failure(None, "SIGKILL", "", None, None)}
    if job.signal:
        how = "by the signal {}".format(host_platform.signal_name(job.signal))
    else:
        how = "with exit code {}".format(job.exit_code)
    message = "{} ended {} and without a record of how the run ended.".format(subject, how)
    return failed(message, "The end of the run's log logs/system_log.txt may say more.")


def never_started(job_id, job, log_tail):
    """The end of a run whose job ended before the supervisor on its node began."""
    said = [line.strip() for line in log_tail.splitlines() if line.strip() and not _OWN_LINE.match(line)]
    words = " Its last words: {}".format(said[-1][:500]) if said else ""
    return failed(
        "The Slurm job {} ended before the run began, with exit code {}.{}".format(job_id, job.exit_code, words),
        "Check python and setup in the file of the compute target, and that the nodes see the workspace's folder.",
    )


def gone(job_id, was_removed, is_canceled):
    """The end of a run whose job nobody knows any more. ``was_removed``: from its array, before it began."""
    if is_canceled:
        return {"v": "Canceled"}
    if was_removed:
        return _canceled_outside("The Slurm job {}".format(job_id))
    return failed(
        "Slurm does not know the job {} any more, and the run recorded no end.".format(job_id),
        "Submit the run again.",
    )


def _canceled_outside(subject):
    return {"v": "Canceled", "error": {"message": "{} was canceled outside Runledger.".format(subject)}}


def not_submitted(is_canceled):
    """The end of a run that has no job, and nobody who would submit one."""
    if is_canceled:
        return {"v": "Canceled"}
    return failed(
        "The process that submitted the run's job to Slurm ended before it was submitted.", "Submit the run again."
    )
