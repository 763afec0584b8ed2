"""The processes of a distributed job, on this machine: a program of its own, with the job as JSON for its argument.

The supervisor starts this in place of the script, and looks after its processes as after any. The first process writes to the log of the
run, the others each to one of their own, ``logs/std_log_rank_<n>.txt``. When one fails the others are asked to end.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

LOCALHOST = "127.0.0.1"
RANK_LOG = "std_log_rank_{}.txt"
GRACE_S = 5.0
POLL_S = 0.1
TAIL_BYTES = 16 * 1024
_MPI_RANKS = (
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
)


def main(arguments):
    job = json.loads(arguments[0])
    command, count = job["command"], job["processes"]
    if job["kind"] == "mpi":
        if shutil.which("mpirun"):
            os.execvp("mpirun", mpi_command(count) + command)
        sys.stderr.write("mpirun is not on the path: the processes know their ranks, and cannot speak MPI to each other.\n")
    return Ranks(command, variables_of(job), job["logs"]).carry_out()


def mpi_command(count):
    """How MPI itself starts ``count`` processes: whatever speaks MPI has to be started so."""
    version = subprocess.run(["mpirun", "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    command = ["mpirun", "-n", str(count)]
    if b"Open MPI" in version:
        # More than there are processors, and whoever the user is: that is the user's business.
        command += ["--oversubscribe"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command += ["--allow-run-as-root"]
    return command


def variables_of(job):
    """The variables of each process, by rank."""
    count = job["processes"]
    if job["kind"] == "tensorflow":
        ports = free_ports(count + job.get("parameterServers", 0))
        return tensorflow_variables(["{}:{}".format(LOCALHOST, port) for port in ports], count)
    port = str(free_ports(1)[0])
    return [
        dict(torch_variables(rank, count, rank, count, 0), MASTER_ADDR=LOCALHOST, MASTER_PORT=port)
        for rank in range(count)
    ]


def torch_variables(rank, count, local_rank, local_count, node):
    """As ``torchrun`` names them; and as Open MPI does, for scripts that look at those alone."""
    variables = {
        "RANK": str(rank),
        "LOCAL_RANK": str(local_rank),
        "WORLD_SIZE": str(count),
        "LOCAL_WORLD_SIZE": str(local_count),
        "NODE_RANK": str(node),
        "GROUP_RANK": str(node),
    }
    for (rank_name, size_name), own_rank, own_count in zip(_MPI_RANKS, (rank, local_rank), (count, local_count)):
        variables[rank_name] = str(own_rank)
        variables[size_name] = str(own_count)
    return variables


def tensorflow_variables(addresses, workers):
    """``addresses`` of all processes by rank, the workers' first."""
    parameter_servers = len(addresses) - workers
    cluster = {"worker": addresses[:workers]}
    if parameter_servers:
        cluster["ps"] = addresses[workers:]
    tasks = [("worker", index) for index in range(workers)] + [("ps", index) for index in range(parameter_servers)]
    return [
        {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})} for kind, index in tasks
    ]


def free_ports(count):
    """Ports of the loopback interface that were free a moment ago."""
    sockets = []
    try:
        for _ in range(count):
            found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sockets.append(found)
            found.bind((LOCALHOST, 0))
        return [found.getsockname()[1] for found in sockets]
    finally:
        for found in sockets:
            found.close()


class Ranks:
    """Processes that end together: all by themselves, or the others when one has failed."""

    def __init__(self, command, variables, logs):
        self._command = command
        self._variables = variables
        self._logs = logs
        self._processes = []
        self._is_asked_to_end = False

    def carry_out(self):
        """Returns the exit code of the first that failed, else 0."""
        signal.signal(signal.SIGTERM, self._on_terminate)
        try:
            for rank, variables in enumerate(self._variables):
                self._processes.append(self._start(rank, variables))
        except OSError as error:
            self._end_others()
            sys.stderr.write("{} could not be started: {}.\n".format(self._command[0], error.strerror or error))
            return 127
        while True:
            codes = [process.poll() for process in self._processes]
            failed = next((rank for rank, code in enumerate(codes) if code), None)
            if failed is not None or self._is_asked_to_end:
                self._end_others()
                return 0 if failed is None else self._tell(failed, codes[failed])
            if all(code is not None for code in codes):
                return 0
            time.sleep(POLL_S)

    def _on_terminate(self, number, frame):
        self._is_asked_to_end = True

    def _start(self, rank, variables):
        environment = dict(os.environ, **variables)
        if rank == 0:
            return subprocess.Popen(self._command, env=environment)
        with open(self._log(rank), "ab") as log:
            return subprocess.Popen(self._command, env=environment, stdout=log, stderr=log)

    def _log(self, rank):
        return os.path.join(self._logs, RANK_LOG.format(rank))

    def _end_others(self):
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_S
        for process in self._processes:
            try:
                process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _tell(self, rank, code):
        return tell(rank, len(self._processes), code, self._log(rank) if rank > 0 else None)


def tell(rank, count, code, log_path):
    """Brings the end of the log of ``rank`` into that of the run, where its failure is looked for, and returns its exit code.

    One that was ended by a signal, with a negative ``code``, ends this process so, for the reason to be told as for any script.
    """
    how = "exit code {}".format(code) if code > 0 else "signal {}".format(-code)
    sys.stderr.write("\nRank {} of {} failed with {}.\n".format(rank, count, how))
    if log_path is not None:
        with open(log_path, "rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - TAIL_BYTES))
            tail = log.read().decode("utf-8", "replace")
        sys.stderr.write("The end of logs/{}:\n{}".format(RANK_LOG.format(rank), tail))
    sys.stderr.flush()
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
