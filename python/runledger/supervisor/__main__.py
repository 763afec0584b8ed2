"""Reads a launch specification from stdin, answers with one line of JSON on stdout, and carries the launch out."""

import json
import os
import sys


def main():
    """``{"pid": N}`` says that the run is in this process's hands; ``{"error": "..."}``, with exit code 1, that it is not."""
    from runledger import host_platform
    from runledger.supervisor.specification import LaunchSpecification, SpecificationError

    data = sys.stdin.buffer.read()
    try:
        specification = LaunchSpecification.parse(data)
    except SpecificationError as error:
        return refuse(str(error))
    if "--in-slurm-job" in sys.argv[1:]:
        return _carry_out_job(specification)
    host_platform.detach()
    try:
        carry_out = _begin(specification, data)
    except OSError as error:
        return refuse("The run's folder {} cannot be written: {}.".format(specification.run.path, error))
    answer({"pid": os.getpid()})
    leave_streams(specification.run)
    carry_out()
    return 0


def _begin(specification, data):
    """Takes the run over. Returns what carries it out. Raises ``OSError``."""
    if specification.slurm is None:
        from runledger.supervisor.supervision import Supervision

        return Supervision(specification).carry_out
    from runledger.supervisor.slurm.watch import JobWatch

    watch = JobWatch(specification.run)
    return lambda: watch.submit(specification, json.loads(data.decode("utf-8")))


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
