"""The script that Slurm starts on the first node of a job: the lines of the target's settings, then the supervisor."""

import json
import os
import shlex

from runledger.supervisor.working_folder import SYSTEM_LOG

_END = "END_OF_THE_LAUNCH"


def job_options(specification):
    """The options of ``sbatch`` that a job has whatever the settings say, after theirs."""
    run = specification.run
    return specification.slurm.options + [
        "--kill-on-invalid-dep=yes",
        "--job-name=" + run.id,
        "--chdir=" + run.path,
        # Slurm puts values in the place of what begins with a percent sign.
        "--output=" + run.artifact_path(SYSTEM_LOG).replace("%", "%%"),
        "--open-mode=append",
    ]


def job_script(specification, launch):
    """``launch`` is the specification as it was given.

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
