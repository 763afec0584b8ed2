"""Reads a launch specification from stdin, answers with one line of JSON on stdout, and carries the launch out."""

import json
import os
import sys


def main():
    """``{"pid": N}`` says that the run is in this process's hands; ``{"error": "..."}``, with exit code 1, that it is not."""
    from runledger import host_platform
    from runledger.supervisor.launches import Launches
    from runledger.supervisor.specification import SpecificationError

    data = sys.stdin.buffer.read()
    try:
        launches = Launches.parse(data)
        if "--in-slurm-job" in sys.argv[1:]:
            return _carry_out_job(launches.specification(os.environ.get("SLURM_ARRAY_TASK_ID")))
        specifications = [launches.specification(place) for place in launches.places]
    except SpecificationError as error:
        return refuse(str(error))
    host_platform.detach()
    try:
        carry_out = _begin(specifications, launches)
    except OSError as error:
        return refuse("The run's folder {} cannot be written: {}.".format(specifications[0].run.path, error))
    answer({"pid": os.getpid()})
    leave_streams(specifications[0].run)
    carry_out()
    return 0


def _begin(specifications, launches):
    """Takes the runs over. Returns what carries them out. Raises ``OSError``."""
    if specifications[0].slurm is None:
        from runledger.supervisor.supervision import Supervision

        return Supervision(specifications[0]).carry_out
    from runledger.supervisor.slurm.submission import JobSubmission

    return JobSubmission(specifications, launches).carry_out


def _carry_out_job(specification):
    """On the node: the job lives as long as this process, and nobody waits for an answer."""
    from runledger.supervisor.slurm.job_supervision import JobSupervision

    leave_streams(specification.run)
    supervision = JobSupervision(specification)
    supervision.carry_out()
    return supervision.exit_code


def answer(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def refuse(message):
    answer({"error": message})
    return 1


def leave_streams(run):
    """Lets go of the caller's streams: it may wait for their end. What this process prints goes to the system log."""
    from runledger.supervisor.working_folder import SYSTEM_LOG

    null = os.open(os.devnull, os.O_RDWR)
    try:
        log = os.open(run.artifact_path(SYSTEM_LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError:
        log = os.dup(null)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.dup2(log, 2)
    os.close(null)
    os.close(log)


if __name__ == "__main__":
    sys.exit(main())
