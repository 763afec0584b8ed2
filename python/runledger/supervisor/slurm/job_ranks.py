"""The processes of a distributed job, on the nodes that Slurm gave it: a program of its own, with the job as JSON for its argument.

On the first node it has ``srun`` start this again as each process, which then becomes the script, knowing its rank. As on one machine,
rank 0 writes to the log of the run and the others each to one of their own; when one fails, the others are ended.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

if __name__ == "__main__":
    # At the end: the script's folder and the user's packages are not looked at, and nothing of Python's is hidden.
    sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))))

from runledger.supervisor import ranks

STD_LOG = "std_log.txt"
_PORTS = range(20000, 40000)
"""For processes of other nodes, whose free ports nobody can know here; jobs of one node differ in where they begin."""
_FAILED_TASK = re.compile(r"error: \S+: tasks? (\d+)[\d,-]*: (?:Exited with exit code (\d+)|(.+))")


def main(arguments):
    if arguments[0] == "--rank":
        return become(json.loads(arguments[1]))
    job = json.loads(arguments[0])
    count = job["processes"] + job.get("parameterServers", 0)
    if job["kind"] == "mpi" and shutil.which("mpirun"):
        os.execvp("mpirun", ranks.mpi_command(count) + job["command"])
    hosts = [address_of(name) for name in _output(["scontrol", "show", "hostnames"]).split()]
    job.update(hosts=hosts, port=ranks.free_ports(1)[0], first_port=first_port())
    command = ["srun", "--ntasks={}".format(count), "--distribution=block", "--kill-on-bad-exit=1"]
    if job.get("cpusPerTask"):
        # Not taken over from the job.
        command.append("--cpus-per-task={}".format(job["cpusPerTask"]))
    rank, code = carry_out(command + [sys.executable, "-I", os.path.abspath(__file__), "--rank", json.dumps(job)])
    if code == 0:
        return 0
    if rank is None:
        return code
    return ranks.tell(rank, count, code, None if rank == 0 else os.path.join(job["logs"], ranks.RANK_LOG.format(rank)))


def carry_out(command):
    """Runs ``srun``. Returns ``(rank, code)`` of the first process that failed, the code negative for a signal."""
    # What the job asked for of each node is not what each node gets where they cannot get the same.
    environment = {name: text for name, text in os.environ.items() if name != "SLURM_NTASKS_PER_NODE"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment)
    failed = None
    for line in process.stderr:
        text = line.decode("utf-8", "replace")
        sys.stderr.write(text)
        sys.stderr.flush()
        match = _FAILED_TASK.search(text)
        if match is not None and failed is None:
            code = int(match.group(2)) if match.group(2) else -number_of_signal(match.group(3).strip())
            failed = int(match.group(1)), code
    code = process.wait()
    return failed if failed is not None and code != 0 else (None, code)


def number_of_signal(words):
    """The signal that the system describes by ``words``; that of whoever is killed where it is none."""
    for number in signal.valid_signals():
        if signal.strsignal(number) and words.startswith(signal.strsignal(number)):
            return int(number)
    return int(signal.SIGKILL)


def become(job):
    """Turns this process into that of its rank."""
    rank = int(os.environ["SLURM_PROCID"])
    log = os.path.join(job["logs"], STD_LOG if rank == 0 else ranks.RANK_LOG.format(rank))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    os.environ.update(variables_of(job, rank))
    try:
        os.execvp(job["command"][0], job["command"])
    except OSError as error:
        sys.stderr.write("{} could not be started: {}.\n".format(job["command"][0], error.strerror or error))
        return 127


def variables_of(job, rank):
    """What the process of ``rank`` finds, as ``torchrun`` and Open MPI name it, or TensorFlow."""
    tasks = tasks_of_nodes(os.environ["SLURM_STEP_TASKS_PER_NODE"])
    if job["kind"] == "tensorflow":
        hosts = [host for host, count in zip(job["hosts"], tasks) for _ in range(count)]
        addresses = ["{}:{}".format(host, job["first_port"] + place) for place, host in enumerate(hosts)]
        return ranks.tensorflow_variables(addresses, job["processes"])[rank]
    node = int(os.environ["SLURM_NODEID"])
    return dict(
        ranks.torch_variables(rank, sum(tasks), int(os.environ["SLURM_LOCALID"]), tasks[node], node),
        MASTER_ADDR=job["hosts"][0],
        MASTER_PORT=str(job["port"]),
    )


def tasks_of_nodes(text):
    """``[2, 2, 1]`` for ``2(x2),1``."""
    counts = []
    for part in text.split(","):
        count, _, times = part.partition("(x")
        counts += [int(count)] * int(times.rstrip(")") or 1)
    return counts


def address_of(node):
    """How other nodes reach ``node``: by its name, where that is one of the network, else as Slurm does."""
    try:
        socket.getaddrinfo(node, None)
        return node
    except OSError:
        found = re.search(r"NodeAddr=(\S+)", _output(["scontrol", "--oneliner", "show", "node", node]))
        return found.group(1) if found else node


def first_port():
    return _PORTS.start + int(os.environ["SLURM_JOB_ID"]) * 64 % (len(_PORTS) - 1024)


def _output(command):
    return subprocess.run(command, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
