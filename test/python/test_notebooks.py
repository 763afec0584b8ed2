"""Notebooks in the real kernel of Jupyter, which has the SDK from its wheel."""

import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import FIXTURES, PYTHON_FOLDER, clean_environment
from test_integrations import PYTHON, SLOW_START_S, IntegrationCase, needs
from runledger import cli
from runledger.azureml_v1.widgets import MIME_TYPE

EXECUTE = os.path.join(FIXTURES, "notebooks", "execute.py")
KERNEL = "with-runledger"
HEAD = "from azureml.core import Experiment, Run, ScriptRunConfig, Workspace\nws = Workspace.from_config()\n"


def carried_out(*command):
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if process.returncode != 0:
        raise AssertionError("{} ended with {}:\n{}".format(command, process.returncode, process.stdout))
    return process.stdout.strip()


def make_kernel(folder):
    """A virtual environment that has the libraries of ``PYTHON`` and the SDK's wheel, as a kernel of Jupyter."""
    environment = os.path.join(folder, "environment")
    carried_out(PYTHON, "-m", "venv", "--without-pip", environment)
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = os.path.join(environment, *place)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    with open(os.path.join(carried_out(python, "-c", where), "libraries.pth"), "w", encoding="utf-8") as file:
        file.write(carried_out(PYTHON, "-c", where) + "\n")
    wheels = os.path.join(folder, "wheels")
    name = carried_out(sys.executable, os.path.join(PYTHON_FOLDER, "wheel_backend.py"), wheels)
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")
    carried_out(python, "-m", "pip", "install", *options, os.path.join(wheels, name))
    specification = os.path.join(folder, "jupyter", "kernels", KERNEL)
    os.makedirs(specification)
    with open(os.path.join(specification, "kernel.json"), "w", encoding="utf-8") as file:
        command = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        json.dump({"argv": command, "display_name": KERNEL, "language": "python"}, file)


@needs("ipykernel", "nbclient")
class Notebooks(IntegrationCase):
    @classmethod
    def setUpClass(cls):
        cls.kernel_folder = os.path.realpath(tempfile.mkdtemp(prefix="runledger-kernel-"))
        cls.addClassCleanup(shutil.rmtree, cls.kernel_folder, True)
        make_kernel(cls.kernel_folder)

    def execute(self, *cells, end="shut down", **options):
        """Carries out the cells. Returns what each sent: lists of ``(type of the message, its content)``."""
        specification = dict(options, cells=[HEAD] + list(cells), kernel=KERNEL, end=end)
        path = self.write("specification.json", json.dumps(specification), self.folder)
        result = os.path.join(self.folder, "result.json")
        environment = clean_environment(
            RUNLEDGER_HOME=self.home,
            RUNLEDGER_CLI=json.dumps(cli._command_line()),
            JUPYTER_PATH=os.path.join(self.kernel_folder, "jupyter"),
            JUPYTER_RUNTIME_DIR=os.path.join(self.folder, "runtime"),
            IPYTHONDIR=os.path.join(self.folder, "ipython"),
            # The kernel has the SDK from its wheel alone.
            PYTHONPATH="",
        )
        process = subprocess.run(
            [PYTHON, "-W", "ignore", EXECUTE, path, result],
            cwd=self.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=SLOW_START_S,
        )
        self.assertEqual(process.returncode, 0, process.stdout)
        with open(result, encoding="utf-8") as file:
            head, *rest = json.load(file)
        self.assertEqual(head, [], "the imports print nothing")
        return rest

    def only_message(self, messages, kind):
        self.assertEqual([name for name, _ in messages], [kind], messages)
        return messages[0][1]

    def status(self, experiment):
        return self.only_run(experiment).state()[0]

    def test_what_a_cell_shows(self):
        place, workspace, experiment, run, native, failed, later, ended = self.execute(
            "import azureml.core, runledger\nprint(azureml.core.__file__, runledger.__file__, sep='\\n')",
            "ws",
            "experiment = Experiment(ws, 'Shown')\nexperiment",
            "run = experiment.start_logging()\nrun.log('loss <x>', 0.5)\nrun",
            "mine = runledger.start_run('native')\nmine",
            "raise ValueError('in a cell')",
            "run.log('loss <x>', 0.25)\nrun.get_metrics(), run.status",
            "run.complete()\nmine.finish()\nrun",
        )
        text = self.only_message(place, "stream")["text"]
        self.assertEqual([line for line in text.split() if not line.startswith(self.kernel_folder)], [])
        for messages, words in (
            (workspace, ["test"]),
            (experiment, ["Shown", "test"]),
            (run, ["Shown", "Running", self.only_run("Shown").id]),
            (native, ["native", "Running", self.only_run("native").id[:8]]),
            (ended, ["Shown", "Completed"]),
        ):
            data = self.only_message(messages, "execute_result")["data"]
            for word in words:
                self.assertIn(word, html.unescape(data["text/html"]))
            self.assertIn("text/plain", data)
        self.assertEqual(self.only_message(failed, "error")["ename"], "ValueError")
        found = self.only_message(later, "execute_result")["data"]["text/plain"]
        self.assertEqual(found, "({'loss <x>': [0.5, 0.25]}, 'Running')")
        self.assertEqual((self.status("Shown"), self.status("native")), ("Completed", "Completed"))

    def test_details_are_updated_while_the_cell_runs(self):
        gate = os.path.join(self.folder, "gate")
        self.write(
            "train.py",
            "import os, time\n"
            "from azureml.core import Run\n"
            "run = Run.get_context()\n"
            "run.log('loss', 0.75)\n"
            "print('first')\n"
            "while not os.path.exists({!r}):\n"
            "    time.sleep(0.05)\n"
            "run.log('loss', 0.25)\n".format(gate),
        )
        submitted, shown, waited = self.execute(
            "from azureml.widgets import RunDetails\n"
            "run = Experiment(ws, 'Submitted').submit(ScriptRunConfig('.', 'train.py'))\n"
            "run",
            "RunDetails(run).show()",
            "run.wait_for_completion(show_output=True)['status']",
            gate=gate,
            gateAfter="0.75",
        )
        run = self.only_run("Submitted")
        self.assertIn(run.id, self.only_message(submitted, "execute_result")["data"]["text/html"])
        kinds = [kind for kind, _ in shown]
        self.assertEqual(kinds, ["display_data"] + ["update_display_data"] * (len(shown) - 1), shown)
        self.assertEqual(len({content["transient"]["display_id"] for _, content in shown}), 1)
        bundles = [content["data"] for _, content in shown]
        for bundle in bundles:
            self.assertEqual(set(bundle), {MIME_TYPE, "text/html", "text/plain"})
            self.assertNotIn("<script", bundle["text/html"])
        states = [bundle[MIME_TYPE]["status"] for bundle in bundles]
        self.assertIn("Running", states)
        self.assertEqual(states[-1], "Completed")
        while_it_runs = [bundle for bundle in bundles if "0.75" in bundle["text/html"] and "0.25" not in bundle["text/html"]]
        self.assertTrue(while_it_runs, states)
        self.assertIn("<polyline", bundles[-1]["text/html"])
        printed = "".join(content["text"] for kind, content in waited if kind == "stream")
        self.assertIn("Execution Summary", printed)
        self.assertIn("first", printed)
        self.assertEqual(waited[-1][1]["data"]["text/plain"], "'Completed'")

    def test_an_interrupt_ends_the_cell_and_not_the_run(self):
        self.write("train.py", "import time\nwhile True:\n    time.sleep(1)\n")
        (shown,) = self.execute(
            "from azureml.widgets import RunDetails\n"
            "run = Experiment(ws, 'Goes on').submit(ScriptRunConfig('.', 'train.py'))\n"
            "RunDetails(run).show()",
            end="interrupt",
        )
        self.assertNotIn("error", [kind for kind, _ in shown])
        from azureml.core import Workspace

        run = Workspace.from_config().get_run(self.only_run("Goes on").id)
        self.assertNotIn(run.status, ("Completed", "Failed", "Canceled"))
        run.cancel()
        run.wait_for_completion(raise_on_error=False)
        self.assertEqual(run.status, "Canceled")

    def test_runs_that_are_open_when_the_kernel_is_shut_down(self):
        self.execute(
            "run = Experiment(ws, 'Open').start_logging()\n"
            "run.log('loss', 1)\n"
            "with open('outputs/kept.txt', 'w') as file:\n"
            "    print('kept', file=file)",
            "raise ValueError('in a cell')",
        )
        self.assertEqual(self.status("Open"), "Completed")
        self.assertEqual(self.only_run("Open").artifact_names(), ["outputs/kept.txt"])

    def test_runs_that_are_open_when_the_kernel_is_killed(self):
        self.execute("run = Experiment(ws, 'Killed').start_logging()\nrun.log('loss', 1)", end="kill")
        run = self.only_run("Killed")
        self.assertEqual(run.state()[0], "Failed")
        self.assertEqual(run.view().metrics["loss"].points[0][1], 1)

    def test_a_with_statement_and_quit(self):
        failed, _ = self.execute(
            "with Experiment(ws, 'Within').start_logging() as run:\n    1 / 0",
            "run = Experiment(ws, 'Quit').start_logging()\nquit()",
        )
        self.assertEqual(self.only_message(failed, "error")["ename"], "ZeroDivisionError")
        self.assertEqual(self.status("Within"), "Failed")
        self.assertEqual(self.status("Quit"), "Completed")


if __name__ == "__main__":
    unittest.main()
