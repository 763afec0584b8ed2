"""Interactive runs in processes of their own: how they end, fork, survive a full disk, and what they import."""

import os
import signal
import subprocess
import sys
import unittest

from support import StoreTestCase, clean_environment, wait_until
from runledger.errors import NotFoundError
from runledger.store.journal_reader import read_journal

START = (
    "from azureml.core import Experiment, Run, Workspace\n"
    "experiment = Experiment(Workspace.from_config(), 'trial')\n"
    "run = experiment.start_logging()\n"
)


class Endings(StoreTestCase):
    def ended(self, script, **variables):
        """Runs ``script`` after ``START``; returns the run's view, the exit code and stderr."""
        code, self.output, errors = self.run_script(START + script, **variables)
        run = self.runs("trial")[-1]
        status, error, view = run.state()
        view.derived = (status, error)
        self.run_folder = run
        return view, code, errors

    def test_the_end_of_the_interpreter_completes(self):
        view, code, _ = self.ended("run.log('a', 1)\n")
        self.assertEqual((view.status, code), ("Completed", 0))
        self.assertEqual(self.active_marks(), [])

    def test_the_script_is_recorded(self):
        self.ended("")
        submission = self.run_folder.run_json["submission"]
        self.assertEqual(submission["script"], os.path.join(self.project, "script_under_test.py"))
        self.assertEqual(submission["interpreter"], sys.executable)

    def test_an_uncaught_exception_fails_and_the_next_hook_is_called(self):
        view, code, errors = self.ended(
            "import sys\nprint('kept' if sys.excepthook is not sys.__excepthook__ else 'lost')\nraise ValueError('bäd')\n"
        )
        self.assertEqual((view.status, code), ("Failed", 1))
        self.assertEqual((view.error["type"], view.error["message"]), ("ValueError", "bäd"))
        self.assertIn("Traceback (most recent call last)", view.error["traceback"])
        self.assertIn("ValueError", errors)

    def test_an_exit_code_fails(self):
        view, code, _ = self.ended("import sys\nsys.exit(3)\n")
        self.assertEqual((view.status, code), ("Failed", 3))
        self.assertIn("exit code 3", view.error["message"])
        view, code, _ = self.ended("import sys\nsys.exit('what went wrong')\n")
        self.assertEqual((view.status, view.error["message"], code), ("Failed", "what went wrong", 1))
        view, code, _ = self.ended("import sys\nsys.exit(0)\n")
        self.assertEqual((view.status, code), ("Completed", 0))
        view, code, _ = self.ended("def main():\n    exit(4)\nmain()\n")
        self.assertEqual((view.status, code), ("Failed", 4))
        view, code, _ = self.ended("import sys\ntry:\n    sys.exit(3)\nfinally:\n    print('finally')\n")
        self.assertEqual((view.status, code), ("Failed", 3))

    def test_an_exit_that_is_caught_is_none(self):
        view, code, _ = self.ended("import sys\ntry:\n    sys.exit(3)\nexcept SystemExit as e:\n    print(e.code)\n")
        self.assertEqual((view.status, code), ("Completed", 0))
        view, code, _ = self.ended(
            "import sys, threading\nthread = threading.Thread(target=sys.exit, args=(3,))\n"
            "thread.start()\nthread.join()\n"
        )
        self.assertEqual((view.status, code), ("Completed", 0))

    def test_a_hook_that_the_script_sets_later_hides_no_failure(self):
        view, code, errors = self.ended(
            "import sys\nsys.excepthook = lambda kind, error, trace: print('mine')\nraise ValueError('bad')\n"
        )
        self.assertEqual((view.status, code, self.output), ("Failed", 1, "mine\n"))
        self.assertEqual((view.error["type"], view.error["message"]), ("ValueError", "bad"))

    def test_an_error_that_a_session_of_ipython_has_shown_is_no_failure(self):
        view, _, _ = self.ended(
            "import builtins, sys\nbuiltins.__IPYTHON__ = True\nsys.excepthook = print\n"
            "sys.last_value = ValueError('in a cell')\n"
        )
        self.assertEqual(view.status, "Completed")
        view, _, _ = self.ended(
            "import builtins, sys\nbuiltins.__IPYTHON__ = True\n"
            "try:\n    sys.exit(3)\nexcept SystemExit as error:\n    sys.last_value = error\n"
        )
        self.assertEqual(view.status, "Completed", "an exit ends a cell, not the session")

    def test_a_slip_at_a_prompt_is_no_failure(self):
        session = START + "1 / 0\nrun.log('after', 1)\nraise KeyboardInterrupt\n"
        found = subprocess.run(
            [sys.executable, "-i", "-q"],
            input=session.encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.project,
            env=clean_environment(RUNLEDGER_HOME=self.home),
            timeout=60,
        )
        self.assertIn(b"ZeroDivisionError", found.stderr)
        view = self.only_run("trial").view()
        self.assertEqual((view.status, list(view.metrics)), ("Completed", ["after"]), found.stderr)

    def test_an_interrupt_cancels(self):
        view, code, _ = self.ended("raise KeyboardInterrupt\n")
        self.assertEqual(view.status, "Canceled")

    def test_a_failure_after_completion_is_not_another_end(self):
        view, code, _ = self.ended("run.complete()\nraise ValueError('later')\n")
        self.assertEqual((view.status, code), ("Completed", 1))

    def test_a_kill_is_derived(self):
        view, code, _ = self.ended("import os, signal\nrun.log('a', 1)\nos.kill(os.getpid(), signal.SIGKILL)\n")
        self.assertEqual((view.status, view.derived[0], code), ("Running", "Failed", -signal.SIGKILL))
        self.assertEqual(view.metrics["a"].points[0][1], 1, "what was logged before the kill is there")
        self.assertEqual(self.active_marks(), [self.run_folder.id])

    def test_the_heartbeat_neither_stops_nor_keeps_the_interpreter(self):
        process = self.start_script(
            "import sys\n"
            "from runledger.tracking import interactive\n"
            "interactive.HEARTBEAT_INTERVAL_S = 0.05\n" + START + "sys.stdin.readline()\n",
            stdin=subprocess.PIPE,
        )
        wait_until(lambda: len(self.heartbeats()) > 2, "heartbeats")
        output, errors = process.communicate(b"go\n", timeout=60)
        self.assertEqual((process.returncode, errors), (0, b""))
        self.assertEqual(self.only_run("trial").view().status, "Completed")

    def heartbeats(self):
        try:
            run = self.only_run("trial")
        except (AssertionError, NotFoundError):
            return []
        return [record for record in read_journal(run.journal_folder)[0] if record["k"] == "heartbeat"]

    def test_a_forked_child_logs_and_does_not_end_the_run(self):
        view, code, errors = self.ended(
            "import os, sys\n"
            "run.log('parent', 1)\n"
            "child = os.fork()\n"
            "if child == 0:\n"
            "    run.log('child', 2)\n"
            "    run.complete()\n"
            "    sys.exit(5)\n"
            "assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 5\n"
            "assert run.get_status() == 'Running', run.get_status()\n"
            "run.log('after', 3)\n"
        )
        self.assertEqual((view.status, code), ("Completed", 0), errors)
        self.assertEqual(sorted(view.metrics), ["after", "child", "parent"])
        self.assertEqual(len(os.listdir(self.run_folder.journal_folder)), 2)

    def test_a_forked_child_may_start_a_run_of_its_own(self):
        code, _, errors = self.run_script(
            START + "import os, sys\n"
            "if os.fork() == 0:\n"
            "    own = experiment.start_logging()\n"
            "    raise ValueError('in the child')\n"
            "os.wait()\n"
        )
        self.assertEqual(code, 0, errors)
        self.assertEqual([run.view().status for run in self.runs("trial")], ["Completed", "Failed"])

    def test_multiprocessing(self):
        view, code, errors = self.ended(
            "import multiprocessing\n"
            "def work(i):\n    run.log('square', i * i, step=i)\n    return i\n"
            "with multiprocessing.get_context('fork').Pool(3) as pool:\n"
            "    assert sorted(pool.map(work, range(30))) == list(range(30))\n"
        )
        self.assertEqual((view.status, code), ("Completed", 0), errors)
        self.assertEqual(sorted(p[0] for p in view.metrics["square"].points), list(range(30)))
        self.assertEqual(view.problems, 0)

    def test_a_run_is_passed_to_spawned_processes(self):
        code, _, errors = self.run_script(
            "import multiprocessing\n"
            "def work(run, i):\n    run.log('square', i * i, step=i)\n"
            "if __name__ == '__main__':\n"
            + "".join("    " + line + "\n" for line in START.splitlines())
            + "    with multiprocessing.get_context('spawn').Pool(2) as pool:\n"
            "        pool.starmap(work, [(run, i) for i in range(10)])\n"
        )
        view = self.only_run("trial").view()
        self.assertEqual((view.status, code), ("Completed", 0), errors)
        self.assertEqual(sorted(p[0] for p in view.metrics["square"].points), list(range(10)))


class FullDisk(StoreTestCase):
    LIMIT = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))\n"
        "for i in range(200):\n    run.log('loss', i)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "run.log('after', 1)\n"
    )

    def test_logging_goes_on_and_warns_once(self):
        code, _, errors = self.run_script(START + self.LIMIT)
        self.assertEqual(code, 0, errors)
        self.assertEqual(errors.count("runledger:"), 1, errors)
        view = self.only_run("trial").view()
        self.assertEqual(view.status, "Completed")
        self.assertEqual(view.metrics["after"].points[0][1], 1)
        values = [point[1] for point in view.metrics["loss"].points]
        self.assertEqual(values, list(range(len(values))))
        self.assertEqual(len(view.warnings), 1)
        self.assertIn("{} records or files could not be written".format(200 - len(values)), view.warnings[0])
        self.assertLessEqual(view.problems, 1, "at most the torn line")

    def test_strict_mode_raises(self):
        code, _, errors = self.run_script(START + self.LIMIT, RUNLEDGER_STRICT="1")
        self.assertEqual(code, 1)
        self.assertIn("OSError", errors)

    def test_a_run_deleted_while_it_goes_on(self):
        code, _, errors = self.run_script(
            START + "import shutil\nshutil.rmtree(run._folder.path)\n"
            "run._recorder.close()\n"
            "run.log('a', 1)\nrun.upload_file('x', __file__)\nprint('went on')\n"
        )
        self.assertEqual(code, 0, errors)
        self.assertEqual(errors.count("runledger:"), 1, errors)

    def test_a_file_does_not_bring_a_deleted_run_back(self):
        code, output, errors = self.run_script(
            START + "import os, shutil\nfolder = run._folder.path\nshutil.rmtree(folder)\n"
            "run.upload_file('outputs/x', __file__)\nprint(os.path.exists(folder))\n"
        )
        self.assertEqual(code, 0, errors)
        self.assertIn("cannot save the file 'outputs/x'", errors)
        self.assertEqual(output, "False\n")


class Tracked(StoreTestCase):
    SCRIPT = "from azureml.core import Run\nrun = Run.get_context()\nassert run == Run.get_context()\nrun.log('a', 1)\n"

    def test_offline_runs_can_be_tracked(self):
        code, output, errors = self.run_script(self.SCRIPT, RUNLEDGER_TRACK_OFFLINE_RUNS="1")
        self.assertEqual((code, output), (0, ""), errors)
        run = self.only_run("project")
        self.assertEqual((run.view().status, run.view().metrics["a"].points[0][1]), ("Completed", 1))

    def test_without_a_workspace_they_are_not(self):
        path = self.write("script.py", "from azureml.core import Run\nprint(Run.get_context().id)\n", self.folder)
        found = subprocess.run(
            [sys.executable, path],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=clean_environment(RUNLEDGER_TRACK_OFFLINE_RUNS="1", RUNLEDGER_HOME=self.home),
        )
        self.assertTrue(found.stdout.startswith(b"OfflineRun_"))
        self.assertIn(b"runledger workspace create", found.stderr)

    def test_a_run_that_is_not_there_is_refused(self):
        code, _, errors = self.run_script(
            "from azureml.core import Run\nRun.get_context()\n",
            RUNLEDGER_WORKSPACE=self.project,
            RUNLEDGER_RUN_ID="missing",
        )
        self.assertEqual(code, 1)
        self.assertIn("RunEnvironmentException", errors)


class Imports(StoreTestCase):
    def test_nothing_heavy_is_imported(self):
        heavy = ("subprocess", "urllib", "logging", "asyncio", "typing", "inspect", "dataclasses", "socket", "ssl")
        code, output, errors = self.run_script(
            "import sys\nbare = set(sys.modules)\n"
            + START
            + "run.log('a', 1)\nprint([name for name in {!r} if name in sys.modules and name not in bare])\n".format(
                heavy
            )
        )
        self.assertEqual(output.strip(), "[]", errors)
        code, output, errors = self.run_script(
            "import sys\nbare = set(sys.modules)\nimport runledger\nprint(sorted(set(sys.modules) - bare))\n"
        )
        self.assertEqual(output.strip(), "['runledger']", errors)


if __name__ == "__main__":
    unittest.main()
