"""Launches runs through the supervisor, as the submission engine does."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile

from support import COMPAT_FOLDER, PYTHON_FOLDER, StoreTestCase, clean_environment, wait_until
from runledger import host_platform

WAITING = "import time\nprint('ready', flush=True)\nwhile True:\n    time.sleep(1)\n"


class SupervisedTestCase(StoreTestCase):
    def snapshot(self, **files):
        """A snapshot of the project's folder, without what ``leave_out`` names."""
        left_out = files.pop("leave_out", ())
        path = os.path.join(self.folder, "snapshot.zip")
        with zipfile.ZipFile(path, "w") as archive:
            for folder, subfolders, names in os.walk(self.project):
                if ".runledger" in subfolders:
                    subfolders.remove(".runledger")
                for name in names:
                    inside = os.path.relpath(os.path.join(folder, name), self.project).replace(os.sep, "/")
                    if inside not in left_out:
                        archive.write(os.path.join(folder, name), inside)
        return path

    def new_run(self, experiment="trial"):
        name = "{}_{}_{}".format(experiment, int(time.time()), os.urandom(4).hex())
        return self.store.experiment(experiment).create_run(
            name,
            type="azureml.scriptrun",
            submission={"script": "train.py", "command": None, "arguments": ["--lr", "0.1"], "target": "local"},
        )

    def specification(self, run, **changes):
        value = {
            "workspaceFolder": self.project,
            "runFolder": run.path,
            "runId": run.id,
            "experiment": run.run_json["experiment"],
            "workspaceName": "test",
            "subscriptionId": None,
            "resourceGroup": None,
            "snapshot": None,
            "sourceDirectory": self.project,
            "script": "train.py",
            "command": None,
            "arguments": [],
            "interpreter": sys.executable,
            "environmentVariables": {},
            "pythonPath": [PYTHON_FOLDER, COMPAT_FOLDER],
            "maxRunDurationSeconds": None,
        }
        value.update(changes)
        return value

    def start_supervisor(self, specification, program=("-m", "runledger.supervisor"), **options):
        """Starts a supervisor and waits for its handshake. Returns ``(process, answer)``."""
        data = specification if isinstance(specification, bytes) else json.dumps(specification).encode("utf-8")
        process = subprocess.Popen(
            [sys.executable] + list(program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(clean_environment(RUNLEDGER_HOME=self.home), PYTHONPATH=PYTHON_FOLDER),
            **options,
        )
        process.stdin.write(data)
        process.stdin.close()
        answer = json.loads(process.stdout.read().decode("utf-8"))
        process.stdout.close()
        self.addCleanup(self._end, process)
        return process, answer

    def launch(self, source, in_place=False, leave_out=(), **changes):
        """Starts ``source`` as a run. Returns ``(run, process)``."""
        self.write("train.py", source)
        run = self.new_run()
        if not in_place:
            changes.setdefault("snapshot", self.snapshot(leave_out=leave_out))
        process, answer = self.start_supervisor(self.specification(run, **changes))
        self.assertIn("pid", answer, answer)
        return run, process

    def finish(self, run, process):
        """Waits for the end of the run and returns its view."""
        process.wait(timeout=60)
        view = run.view()
        self.assertTrue(view.is_terminal, view.status)
        return view

    def carry_out(self, source, **changes):
        """Runs ``source`` to its end. Returns ``(run, view)``."""
        run, process = self.launch(source, **changes)
        return run, self.finish(run, process)

    def log_of(self, run):
        with open(run.artifact_path("logs/std_log.txt"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for_log(self, run, text):
        wait_until(
            lambda: os.path.exists(run.artifact_path("logs/std_log.txt")) and text in self.log_of(run),
            "{!r} in the log".format(text),
        )

    def statuses(self, run):
        from runledger.store.journal_reader import read_journal

        return [record["v"] for record in read_journal(run.journal_folder)[0] if record["k"] == "status"]

    def _end(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def is_gone(pid):
    return host_platform.process_start_time(pid) is None
