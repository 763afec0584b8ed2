"""The script that Slurm starts on the first node of a job: the lines of the target's settings, then the supervisor."""

import json
import os
import shlex

from runledger.supervisor.working_folder import SYSTEM_LOG

_END = "END_OF_THE_LAUNCH"


def job_options(specification, launches):
    """The options of ``sbatch`` that a job has whatever the settings say, after theirs. ``specification``: of the first run."""
    run = specification.run
    name = launches.array_name or run.id
    # Slurm puts values in the place of what begins with a percent sign.
    log = run.artifact_path(SYSTEM_LOG).replace("%", "%%")
    options = specification.slurm.options + ["--kill-on-invalid-dep=yes", "--job-name=" + name, "--chdir=" + run.path]
    if launches.array_name is not None:
        log = log.replace(run.id, name + "_%a")
        limit = "" if launches.limit is None else "%{}".format(launches.limit)
        options.append("--array={}{}".format(_ranges(launches.places), limit))
    if specification.after:
        options.append("--dependency=afterok:" + ":".join(specification.after))
    return options + ["--output=" + log, "--open-mode=append"]


def _ranges(places):
    """``0-2,5`` for ``[0, 1, 2, 5]``."""
    ranges = []
    for place in places:
        if ranges and ranges[-1][1] == place - 1:
            ranges[-1][1] = place
        else:
            ranges.append([place, place])
    return ",".join(str(first) if first == last else "{}-{}".format(first, last) for first, last in ranges)


def job_script(specification, launch):
    """``launch`` is what was given, of one run or of several.

    It travels within the script, which Slurm keeps from others: the values of environment variables are in no file of the run.
    """
    slurm = specification.slurm
    sdk = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    lines = ["#!/bin/bash", "#SBATCH --no-requeue"]
    lines += ["#SBATCH " + line for line in slurm.lines]
    lines += slurm.setup
    lines += [
        "export PYTHONPATH={}${{PYTHONPATH:+:$PYTHONPATH}}".format(shlex.quote(sdk)),
        "exec {} -m runledger.supervisor --in-slurm-job <<'{}'".format(
            shlex.quote(slurm.python or specification.interpreter), _END
        ),
        json.dumps(launch),
        _END,
    ]
    return "\n".join(lines) + "\n"
