"""What the tests share: temporary stores, scripts in processes of their own, and waiting on events."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PYTHON_FOLDER = os.path.join(ROOT, "python")
COMPAT_FOLDER = os.path.join(PYTHON_FOLDER, "compat")
FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
SHARED_FIXTURES = os.path.join(ROOT, "test", "fixtures", "store-format")
DEADLINE_S = 60.0

for _folder in (COMPAT_FOLDER, PYTHON_FOLDER):
    if _folder not in sys.path:
        sys.path.insert(0, _folder)

from runledger.store.workspace_store import WorkspaceStore  # noqa: E402

_OWN_VARIABLES = ("RUNLEDGER_", "AZUREML_")
_COMMAND = {"RUNLEDGER_CLI": os.environ["RUNLEDGER_TEST_CLI"]} if os.environ.get("RUNLEDGER_TEST_CLI") else {}
"""What ``npm test`` built of the command; otherwise its sources are found, which take longer to start."""


def clean_environment(**variables):
    """This process's variables without any of a run, with the packages on the path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_VARIABLES)}
    environment["PYTHONPATH"] = os.pathsep.join((PYTHON_FOLDER, COMPAT_FOLDER))
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    # Tests hold runs for as long as they look at them.
    environment["RUNLEDGER_MAX_CONCURRENT_RUNS"] = "100"
    environment.update(_COMMAND)
    environment.update(variables)
    return environment


def printed(function):
    """Calls ``function``; returns ``(its result, what it printed)``."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        result = function()
    return result, stream.getvalue()


def wait_until(condition, what):
    """Waits for ``condition`` to give something true, and returns it. Fails after a minute."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.02)


class StoreTestCase(unittest.TestCase):
    """A temporary folder with a workspace, and a user's data folder of its own."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="runledger-test-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.home = os.path.join(self.folder, "home")
        self.project = os.path.join(self.folder, "project")
        os.mkdir(self.project)
        self._saved = {n: v for n, v in os.environ.items() if n.startswith(_OWN_VARIABLES)}
        for name in self._saved:
            del os.environ[name]
        self.addCleanup(os.environ.update, self._saved)
        os.environ.update(_COMMAND)
        os.environ["RUNLEDGER_HOME"] = self.home
        self.addCleanup(os.environ.pop, "RUNLEDGER_HOME", None)
        previous = os.getcwd()
        os.chdir(self.project)
        self.addCleanup(os.chdir, previous)
        self.store = WorkspaceStore.create(self.project, "test")

    def write(self, name, text, folder=None):
        """Writes a file below the project's folder and returns its path."""
        path = os.path.join(folder or self.project, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start_script(self, text, *arguments, stdin=None, **variables):
        """Starts ``text`` as a script in the project's folder."""
        path = self.write("script_under_test.py", text)
        return subprocess.Popen(
            [sys.executable, path] + list(arguments),
            cwd=self.project,
            env=clean_environment(RUNLEDGER_HOME=self.home, **variables),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run_script(self, text, *arguments, **variables):
        """Runs ``text`` as a script; returns ``(exit code, stdout, stderr)``."""
        process = self.start_script(text, *arguments, **variables)
        output, errors = process.communicate(timeout=DEADLINE_S)
        return process.returncode, output.decode("utf-8"), errors.decode("utf-8")

    def runs(self, experiment):
        """Folders of the runs of ``experiment``, oldest first."""
        return list(self.store.existing_experiment(experiment).runs_newest_first())[::-1]

    def only_run(self, experiment):
        runs = self.runs(experiment)
        self.assertEqual(len(runs), 1)
        return runs[0]

    def active_marks(self):
        return sorted(os.listdir(os.path.join(self.project, ".runledger", "active")))


def read_fixture(*parts):
    with open(os.path.join(SHARED_FIXTURES, *parts), encoding="utf-8") as file:
        return json.load(file)
