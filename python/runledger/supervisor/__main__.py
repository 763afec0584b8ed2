"""Reads a launch specification from stdin, answers with one line of JSON on stdout, and carries the launch out."""

import json
import os
import sys


def main():
    """``{"pid": N}`` says that the run is in this process's hands; ``{"error": "..."}``, with exit code 1, that it is not."""
    from runledger import host_platform
    from runledger.supervisor.specification import LaunchSpecification, SpecificationError

    try:
        specification = LaunchSpecification.parse(sys.stdin.buffer.read())
    except SpecificationError as error:
        return _refuse(str(error))
    host_platform.detach()
    from runledger.supervisor.supervision import Supervision

    try:
        supervision = Supervision(specification)
    except OSError as error:
        return _refuse("The run's folder {} cannot be written: {}.".format(specification.run.path, error))
    _answer({"pid": os.getpid()})
    _leave_streams(specification.run)
    supervision.carry_out()
    return 0


def _answer(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _refuse(message):
    _answer({"error": message})
    return 1


def _leave_streams(run):
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
