"""Watches the job of a run again whose watcher died: a program that reads the run as JSON, as the supervisor reads a launch."""

import json
import os
import sys


def start(run):
    """Starts a watcher for the job of ``run`` (a ``RunFolder``), and waits until it has taken it over. Raises ``OSError``."""
    import subprocess

    from runledger.supervisor.slurm.watch import JOB_PROPERTY

    request = {
        "workspaceFolder": run.workspace_folder,
        "runFolder": run.path,
        "runId": run.id,
        "jobId": run.view().properties.get(JOB_PROPERTY),
    }
    sdk = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    process = subprocess.Popen(
        [sys.executable, "-m", "runledger.supervisor.slurm.resume"],
        cwd=run.path,
        env=dict(os.environ, PYTHONPATH=sdk),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    process.stdin.write(json.dumps(request).encode("utf-8"))
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()


def main():
    from runledger import host_platform
    from runledger.store.run_folder import RunFolder
    from runledger.supervisor.__main__ import answer, leave_streams, refuse
    from runledger.supervisor.slurm.cluster import Cluster
    from runledger.supervisor.slurm.watch import JobWatch, follow

    value = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    key = os.path.basename(os.path.dirname(os.path.dirname(value["runFolder"])))
    run = RunFolder(value["workspaceFolder"], key, value["runId"])
    if not run.exists():
        return refuse("The run's folder {} holds no run.json.".format(run.path))
    host_platform.detach()
    try:
        watch = JobWatch(run, Cluster(), value["jobId"])
    except OSError as error:
        return refuse("The run's folder {} cannot be written: {}.".format(run.path, error))
    answer({"pid": os.getpid()})
    leave_streams(run)
    watch.resume()
    follow([watch])
    return 0


if __name__ == "__main__":
    sys.exit(main())
