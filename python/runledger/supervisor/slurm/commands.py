"""What Slurm is asked and told, through its own commands, and what they answer."""

import os
import re
import subprocess

TIMEOUT_S = 60
"""A command gives up by itself some ten seconds after the controller is gone."""
_KEPT = ("SLURM_CONF", "SLURM_CLUSTERS")
_PLACES = re.compile(r"(\d+)(?:-(\d+)(?::(\d+))?)?$")
_UNREACHABLE = re.compile(
    r"unable to contact|unable to connect|connection refused|communication|timed out|socket|try again|unexpected message",
    re.IGNORECASE,
)


class SlurmError(Exception):
    """What a command said, for a person. ``is_temporary``: the controller did not answer, and may yet."""

    def __init__(self, message, is_temporary):
        super().__init__(message)
        self.is_temporary = is_temporary


class UnknownJobError(SlurmError):
    """Slurm has forgotten the job, as it does some minutes after its end.

    ``is_removed``: of a task it has only the rest of the array, as where the task is canceled while it waits.
    """

    def __init__(self, message, is_removed=False):
        super().__init__(message, False)
        self.is_removed = is_removed


class Job:
    """What ``scontrol`` tells of a job, or of tasks of an array that are alike."""

    def __init__(self, fields):
        self.array_places = fields.get("ArrayTaskId")
        self.state = fields.get("JobState", "")
        self.reason = fields.get("Reason", "")
        self.partition = fields.get("Partition", "")
        self.nodes = _text(fields.get("NodeList"))
        self.time_limit = _text(fields.get("TimeLimit"))
        self.memory = _text(fields.get("MinMemoryNode") or fields.get("MinMemoryCPU"))
        code, _, signal = fields.get("ExitCode", "").partition(":")
        self.exit_code = int(code) if code.isdigit() else None
        self.signal = int(signal) if signal.isdigit() else 0

    def is_of(self, place):
        """Whether the task at ``place`` of its array is among those that this tells of."""
        for part in (self.array_places or "").split("%")[0].split(","):
            found = _PLACES.match(part)
            if found is not None:
                first, last, step = (int(text) if text else None for text in found.groups())
                if place in range(first, (first if last is None else last) + 1, step or 1):
                    return True
        return False

    @property
    def is_waiting(self):
        return self.state in ("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT")

    @property
    def has_ended(self):
        return self.state in (
            "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE",
            "REVOKED",
        )


def submit(options, script):
    """Submits a job. Returns its id. Raises ``SlurmError``."""
    answer = run(["sbatch", "--parsable"] + options, script)
    # With several clusters it is `id;cluster`.
    job_id = answer.strip().split("\n")[-1].split(";")[0]
    if not job_id.isdigit():
        raise SlurmError("sbatch answered {!r}.".format(answer[:200]), False)
    return job_id


def find_by_name(run_id):
    """The id of the user's job that is the run's, alone or in the array of its sweep; ``None`` where there is none. Raises ``SlurmError``."""
    name, _, place = run_id.rpartition("_")
    names = run_id + ("," + name if name else "")
    answer = run(["squeue", "--noheader", "--me", "--states=all", "--array", "--name=" + names, "--format=%i %j"])
    for line in answer.splitlines():
        job_id, _, job_name = line.strip().partition(" ")
        if job_name == run_id or job_name == name and job_id.endswith("_" + place):
            return job_id
    return None


def cancel(job_id):
    """Ends a job. One that has ended, or is not known, is as well. Raises ``SlurmError``."""
    run(["scancel", "--quiet", job_id])


def run(command, text=None):
    """What a command prints. Raises ``SlurmError``."""
    try:
        found = subprocess.run(
            command,
            input=None if text is None else text.encode("utf-8"),
            stdin=subprocess.DEVNULL if text is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=TIMEOUT_S,
        )
    except FileNotFoundError:
        raise SlurmError("{} is not on the path of this machine.".format(command[0]), False) from None
    except OSError as error:
        raise SlurmError("{} could not be started: {}.".format(command[0], error.strerror or error), False) from None
    except subprocess.TimeoutExpired:
        raise SlurmError("{} did not answer within {} s.".format(command[0], TIMEOUT_S), True) from None
    if found.returncode != 0:
        said = _words(found.stderr) or _words(found.stdout) or "it ended with exit code {}".format(found.returncode)
        raise SlurmError(said, bool(_UNREACHABLE.search(said)))
    return found.stdout.decode("utf-8", "replace")


def environment():
    """The environment of a command, and so of the job that it submits.

    Where a job submits another, what Slurm told the first would be taken for wishes; this process's ``PYTHONPATH`` is its own.
    """
    variables = {
        name: text
        for name, text in os.environ.items()
        if name != "PYTHONPATH" and (name in _KEPT or not name.startswith(("SLURM_", "SLURMD_")))
    }
    # The places of an array are told in full, however many they are.
    variables["SLURM_BITSTR_LEN"] = "0"
    return variables


def _words(data):
    """What a command said, as one line, without its own name before each."""
    lines = data.decode("utf-8", "replace").splitlines()
    said = [re.sub(r"^\w+: (?:error: )?", "", line.strip()) for line in lines]
    return "; ".join(line.rstrip(".") for line in said if line)


def _text(value):
    return None if value in (None, "", "(null)", "None", "N/A", "UNLIMITED", "0") else value
