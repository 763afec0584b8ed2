"""The supervisor, end to end: real scripts in real processes."""

import json
import os
import sys
import unittest
import zipfile

from supervised import WAITING, SupervisedTestCase
from support import PYTHON_FOLDER


class Completion(SupervisedTestCase):
    def test_a_script_completes_from_its_snapshot(self):
        self.write("helper/tool.py", "VALUE = 'from the snapshot'\n")
        run, view = self.carry_out(
            "import os, sys\n"
            "from helper.tool import VALUE\n"
            "from azureml.core import Run\n"
            "run = Run.get_context()\n"
            "run.log('loss', 0.5)\n"
            "print(VALUE, sys.argv[1:], run.id, run.experiment.name, run.status)\n"
            "print(os.getcwd())\n"
            "print('to stderr', file=sys.stderr)\n"
            "open('outputs/model.txt', 'w').write('weights')\n"
            "open('logs/own.txt', 'w').write('mine')\n"
            "run.upload_file('outputs/model.txt', 'outputs/model.txt')\n"
            "run.complete()\n",
            arguments=["--lr", "0.1"],
        )
        self.assertEqual((view.status, view.exit_code, view.error), ("Completed", 0, None))
        self.assertEqual(self.statuses(run), ["Preparing", "Starting", "Running", "Finalizing", "Completed"])
        self.assertEqual(view.metrics["loss"].points[0][1], 0.5)
        self.assertEqual([process["role"] for process in view.processes], ["supervisor", "script"])
        log = self.log_of(run)
        self.assertIn("from the snapshot ['--lr', '0.1'] {} trial Running".format(run.id), log)
        self.assertIn(os.path.join(run.path, ".work"), log)
        self.assertIn("to stderr", log)
        self.assertEqual(
            run.artifact_names(), ["logs/own.txt", "logs/std_log.txt", "logs/system_log.txt", "outputs/model.txt"]
        )
        self.assertFalse(os.path.exists(os.path.join(run.path, ".work")))
        self.assertFalse(os.path.exists(os.path.join(self.project, "outputs")))
        self.assertEqual(self.active_marks(), [])

    def test_outputs_are_in_the_run_while_it_goes_on(self):
        run, process = self.launch("open('outputs/checkpoint.txt', 'w').write('1')\n" + WAITING)
        self.wait_for_log(run, "ready")
        self.assertIn("outputs/checkpoint.txt", run.artifact_names())
        self.assertEqual(run.state()[0], "Running")
        self.assertEqual(self.active_marks(), [run.id])

    def test_outputs_of_the_snapshot_and_a_replaced_link_are_kept(self):
        self.write("outputs/old.txt", "kept")
        run, view = self.carry_out(
            "import os\n"
            "assert open('outputs/old.txt').read() == 'kept'\n"
            "os.unlink('outputs')\n"
            "os.makedirs('outputs/deep')\n"
            "open('outputs/deep/new.txt', 'w').write('new')\n"
        )
        self.assertEqual(view.status, "Completed", view.error)
        names = [name for name in run.artifact_names() if name.startswith("outputs/")]
        self.assertEqual(names, ["outputs/deep/new.txt", "outputs/old.txt"])

    def test_executable_files_stay_executable(self):
        os.chmod(self.write("tool.sh", "#!/bin/sh\necho ran the tool\n"), 0o755)
        run, view = self.carry_out("import subprocess\nsubprocess.check_call(['./tool.sh'])\n")
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertIn("ran the tool", self.log_of(run))

    def test_in_place(self):
        self.write("outputs/before.txt", "from an earlier run")
        self.write("outputs/changed.txt", "before")
        run, view = self.carry_out(
            "import os\n"
            "print(os.getcwd())\n"
            "open('outputs/new.txt', 'w').write('new')\n"
            "open('outputs/changed.txt', 'a').write(' and after')\n",
            in_place=True,
        )
        self.assertEqual(view.status, "Completed", view.error)
        self.assertIn(self.project, self.log_of(run))
        names = [name for name in run.artifact_names() if name.startswith("outputs/")]
        self.assertEqual(names, ["outputs/changed.txt", "outputs/new.txt"])
        self.assertEqual(sorted(os.listdir("outputs")), ["before.txt", "changed.txt", "new.txt"])

    def test_in_place_leaves_no_empty_outputs_behind(self):
        run, view = self.carry_out("import os\nassert os.path.isdir('outputs')\n", in_place=True)
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertFalse(os.path.exists("outputs"))

    def test_binary_output_is_kept_as_it_is(self):
        run, view = self.carry_out("import os\nfor _ in range(100):\n    os.write(1, bytes(range(256)))\n")
        self.assertEqual(view.status, "Completed")
        with open(run.artifact_path("logs/std_log.txt"), "rb") as file:
            self.assertEqual(file.read(), bytes(range(256)) * 100)

    def test_variables_of_the_script(self):
        os.environ["VSCODE_TEST_VARIABLE"] = "x"
        self.addCleanup(os.environ.pop, "VSCODE_TEST_VARIABLE", None)
        run, view = self.carry_out(
            "import json, os\njson.dump(dict(os.environ), open('outputs/variables.json', 'w'))\n"
            "assert not os.read(0, 1)\n",
            environmentVariables={"OMP_NUM_THREADS": "1", "PYTHONPATH": "/of/the/user"},
            subscriptionId="s",
            resourceGroup="g",
        )
        self.assertEqual(view.status, "Completed", self.log_of(run))
        with open(run.artifact_path("outputs/variables.json")) as file:
            found = json.load(file)
        expected = {
            "RUNLEDGER_WORKSPACE": self.project,
            "RUNLEDGER_EXPERIMENT": "trial",
            "RUNLEDGER_RUN_ID": run.id,
            "AZUREML_RUN_ID": run.id,
            "AZUREML_ARM_SUBSCRIPTION": "s",
            "AZUREML_ARM_RESOURCEGROUP": "g",
            "AZUREML_ARM_WORKSPACE_NAME": "test",
            "AZUREML_ARM_PROJECT_NAME": "trial",
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        self.assertEqual({name: found.get(name) for name in expected}, expected)
        self.assertTrue(found["AZUREML_EXPERIMENT_ID"])
        self.assertTrue(found["PYTHONPATH"].startswith(PYTHON_FOLDER))
        self.assertTrue(found["PYTHONPATH"].endswith("/of/the/user"))
        self.assertNotIn("VSCODE_TEST_VARIABLE", found)

    def test_python_as_a_program_is_the_interpreter_of_the_run(self):
        command = ["python", "-c", "import sys; print(sys.executable)"]
        run, view = self.carry_out("", script=None, command=command, arguments=[], environmentVariables={"PATH": "/"})
        self.assertEqual((view.status, self.log_of(run).strip()), ("Completed", sys.executable))

    def test_a_command_in_place_of_a_script(self):
        run, view = self.carry_out("", script=None, command=["sh", "-c", "echo to $0"], arguments=["you"])
        self.assertEqual(view.status, "Completed", view.error)
        self.assertEqual(self.log_of(run), "to you\n")


class Failure(SupervisedTestCase):
    def test_an_uncaught_exception(self):
        run, view = self.carry_out(
            "def inner():\n    raise ValueError('bad value')\ntry:\n    {}['x']\nexcept KeyError:\n    inner()\n"
        )
        self.assertEqual((view.status, view.exit_code), ("Failed", 1))
        self.assertEqual((view.error["type"], view.error["message"]), ("ValueError", "bad value"))
        self.assertTrue(view.error["traceback"].startswith("Traceback (most recent call last):"))
        self.assertIn("KeyError: 'x'", view.error["traceback"])
        self.assertTrue(view.error["traceback"].endswith("ValueError: bad value"))
        self.assertEqual(self.active_marks(), [])

    def test_a_syntax_error(self):
        run, view = self.carry_out("print('one'\nx = = 2\n")
        self.assertEqual(view.status, "Failed")
        self.assertEqual(view.error["type"], "SyntaxError")

    def test_an_exit_code(self):
        run, view = self.carry_out("import sys\nsys.exit(3)\n")
        self.assertEqual((view.status, view.exit_code), ("Failed", 3))
        self.assertEqual(view.error, {"message": "The script ended with exit code 3."})

    def test_a_printed_traceback_of_long_ago_is_not_the_reason(self):
        run, view = self.carry_out(
            "import sys, traceback\n"
            "try:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()\n"
            "for i in range(100):\n    print(i)\nsys.exit(1)\n"
        )
        self.assertEqual(view.error, {"message": "The script ended with exit code 1."})

    def test_a_kill_hints_at_memory(self):
        run, view = self.carry_out("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
        self.assertEqual((view.status, view.exit_code), ("Failed", None))
        self.assertIn("SIGKILL", view.error["message"])
        self.assertIn("memory", view.error["advice"])

    def test_fail_in_the_script_stands(self):
        run, view = self.carry_out(
            "from azureml.core import Run\nRun.get_context().fail('diverged', error_code='Loss')\n"
        )
        self.assertEqual(view.status, "Failed")
        self.assertEqual(view.error, {"message": "diverged", "type": "Loss"})

    def test_a_file_that_the_snapshot_leaves_out(self):
        self.write("data/train.csv", "1,2\n")
        self.write(".amlignore", "data/\n")
        run, view = self.carry_out("open('data/train.csv')\n", leave_out=("data/train.csv",))
        self.assertEqual(view.error["type"], "FileNotFoundError")
        self.assertIn(".amlignore", view.error["advice"])
        self.assertIn("local (in place)", view.error["advice"])

    def test_a_file_that_is_nowhere_gets_no_advice(self):
        run, view = self.carry_out("open('data/nowhere.csv')\n")
        self.assertNotIn("advice", view.error)

    def test_a_module_that_is_missing(self):
        run, view = self.carry_out("import no_such_module_of_anybody\n")
        self.assertEqual(view.error["type"], "ModuleNotFoundError")
        self.assertIn(sys.executable + " -m pip install no_such_module_of_anybody", view.error["advice"])

    def test_the_interpreter_is_missing(self):
        run, view = self.carry_out("pass\n", interpreter="/no/such/python")
        self.assertEqual(view.status, "Failed")
        self.assertIn("/no/such/python", view.error["message"])
        self.assertNotIn("Running", self.statuses(run))

    def test_the_interpreter_cannot_be_executed(self):
        path = self.write("not-a-program", "text")
        run, view = self.carry_out("pass\n", interpreter=path)
        self.assertEqual(view.status, "Failed")
        self.assertIn(path, view.error["message"])

    def test_the_script_is_missing(self):
        run, view = self.carry_out("pass\n", script="other.py")
        self.assertEqual(view.status, "Failed")
        self.assertIn("other.py", view.error["message"])

    def test_a_snapshot_that_would_escape(self):
        for number, name in enumerate(("../escaped.txt", "/escaped.txt", "a/../../escaped.txt", "a\\..\\b")):
            with self.subTest(name):
                path = os.path.join(self.folder, "bad{}.zip".format(number))
                with zipfile.ZipFile(path, "w") as archive:
                    archive.writestr(name, "x")
                    archive.writestr("train.py", "pass")
                run, view = self.carry_out("pass\n", snapshot=path)
                self.assertEqual(view.status, "Failed")
                self.assertIn("lead out of its folder", view.error["message"])
                self.assertFalse(os.path.exists(os.path.join(run.path, "escaped.txt")))

    def test_a_damaged_snapshot(self):
        run, view = self.carry_out("pass\n", snapshot=self.write("broken.zip", "no zip"))
        self.assertEqual(view.status, "Failed")
        self.assertIn("cannot be unpacked", view.error["message"])

    def test_the_limit_of_duration(self):
        run, view = self.carry_out(WAITING, maxRunDurationSeconds=1)
        self.assertEqual(view.status, "Failed")
        self.assertIn("limit of 1 seconds", view.error["message"])


if __name__ == "__main__":
    unittest.main()
