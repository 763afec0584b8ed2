"""``Run.wait_for_completion`` on runs of other processes, and the details that it returns."""

import contextlib
import datetime
import io
import json
import os
import shutil
import unittest

from supervised import WAITING, SupervisedTestCase
from support import StoreTestCase
from azureml.core import Experiment, Run, Workspace
from azureml.exceptions import ActivityFailedException, UserErrorException
from runledger.azureml_v1 import run_waiting
from runledger.tracking.recorder import Recorder

HELD_BACK = """
import os, sys, time
print('first line', flush=True)
for _ in range(600):
    if os.path.exists({gate!r}):
        print('\\u00e9nd', flush=True)
        break
    time.sleep(0.05)
else:
    sys.exit('the gate stayed shut')
"""


class _Reader(io.StringIO):
    """A standard output that calls ``react`` once it holds ``text``."""

    def __init__(self, text, react):
        super().__init__()
        self._text = text
        self._react = react

    def write(self, text):
        written = super().write(text)
        if self._react is not None and self._text in self.getvalue():
            react, self._react = self._react, None
            react()
        return written


class Waiting(SupervisedTestCase):
    def run_of(self, folder):
        return Workspace.from_config().get_run(folder.id)

    def test_the_log_is_shown_as_it_grows(self):
        gate = os.path.join(self.folder, "gate")
        folder, process = self.launch(HELD_BACK.format(gate=gate))
        run = self.run_of(folder)
        output = _Reader("first line", lambda: self.write("gate", "", self.folder))
        with contextlib.redirect_stdout(output):
            details = run.wait_for_completion(show_output=True)
        name = "RunId: {}\nWeb View: {}\n".format(run.id, run.get_portal_url())
        self.assertEqual(
            output.getvalue(),
            name
            + "\nStreaming azureml-logs/70_driver_log.txt\n"
            + "========================================\n\n"
            + "first line\nénd\n\n"
            + "Execution Summary\n=================\n"
            + name,
        )
        self.assertEqual(details, run.get_details())
        self.assertEqual(details["status"], "Completed")
        process.wait(timeout=60)

    def test_details_of_a_submitted_run(self):
        folder, process = self.launch("print('said')")
        details = self.run_of(folder).wait_for_completion()
        process.wait(timeout=60)
        json.dumps(details)
        self.assertEqual(details["runDefinition"]["script"], "train.py")
        self.assertEqual(details["runDefinition"]["arguments"], ["--lr", "0.1"])
        self.assertEqual((details["runId"], details["target"]), (folder.id, "local"))
        for moment in ("startTimeUtc", "endTimeUtc"):
            self.assertRegex(details[moment], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
            datetime.datetime.strptime(details[moment].split(".")[0], "%Y-%m-%dT%H:%M:%S")
        with open(details["logFiles"]["azureml-logs/70_driver_log.txt"]) as log:
            self.assertEqual(log.read(), "said\n")
        shown = self.run_of(folder).get_details_with_logs()
        self.assertEqual(shown["logFiles"]["user_logs/std_log.txt"], "said\n")
        self.assertEqual(shown["logFiles"]["logs/std_log.txt"], "said\n")
        self.assertEqual(dict(shown, logFiles=None), dict(details, logFiles=None))

    def test_a_failed_run_raises_unless_asked_not_to(self):
        folder, process = self.launch("raise ValueError('bad rate')")
        run = self.run_of(folder)
        with self.assertRaises(ActivityFailedException) as caught:
            run.wait_for_completion()
        self.assertIn("bad rate", str(caught.exception))
        self.assertIn(run.id, str(caught.exception))
        details = run.wait_for_completion(raise_on_error=False)
        self.assertEqual(details["status"], "Failed")
        self.assertIn("bad rate", details["error"]["error"]["message"])
        process.wait(timeout=60)

    def test_a_canceled_run_is_no_failure(self):
        folder, process = self.launch(WAITING)
        self.wait_for_log(folder, "ready")
        run = self.run_of(folder)
        self.assertNotIn("endTimeUtc", run.get_details())
        self.assertTrue(run.cancel())
        self.assertEqual(run.wait_for_completion()["status"], "Canceled")
        process.wait(timeout=60)

    def test_a_killed_supervisor_ends_the_wait(self):
        folder, process = self.launch(WAITING)
        self.wait_for_log(folder, "ready")
        script = [entry["pid"] for entry in folder.view().processes if entry["role"] == "script"][0]
        process.kill()
        process.wait(timeout=60)
        os.kill(int(script), 9)
        with self.assertRaises(ActivityFailedException) as caught:
            self.run_of(folder).wait_for_completion()
        self.assertIn("without saying how", str(caught.exception))

    def test_an_interactive_run_of_another_process(self):
        process = self.start_script(
            "from azureml.core import Experiment, Workspace\n"
            "run = Experiment(Workspace.from_config(), 'Other').start_logging()\n"
            "print(run.id, flush=True)\n"
            "input()\n"
            "run.log('a', 1)\n",
            stdin=-1,
        )
        run_id = process.stdout.readline().decode().strip()
        run = Run.get(Workspace.from_config(), run_id)
        output = _Reader("Web View", lambda: (process.stdin.write(b"\n"), process.stdin.close()))
        with contextlib.redirect_stdout(output):
            details = run.wait_for_completion(show_output=True, wait_post_processing=True)
        process.wait(timeout=60)
        process.stdout.close()
        process.stderr.close()
        self.assertEqual((details["status"], run.get_metrics()), ("Completed", {"a": 1}))
        self.assertNotIn("Streaming", output.getvalue())


class NotWaiting(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "trial")

    def test_a_run_of_this_process_is_not_waited_for(self):
        run = self.experiment.start_logging()
        with self.assertRaises(UserErrorException) as caught:
            run.wait_for_completion()
        self.assertIn("run.complete()", str(caught.exception))
        run.complete()
        self.assertEqual(run.wait_for_completion()["status"], "Completed")

    def test_a_run_that_is_deleted_meanwhile(self):
        folder = self.experiment._store.create_run()

        def delete():
            shutil.rmtree(folder.path, True)

        with self.assertRaises(UserErrorException) as caught, contextlib.redirect_stdout(_Reader("Web View", delete)):
            Run(self.experiment, folder.id).wait_for_completion(show_output=True)
        self.assertIn("deleted", str(caught.exception))

    def test_characters_that_are_written_in_parts(self):
        path = os.path.join(self.folder, "log")
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            log = run_waiting.LogPrinter(path)
            for data in (b"", b"a\xc3", b"\xa9b", b"\xff", b"\xc3"):
                with open(path, "ab") as file:
                    file.write(data)
                log.print_new()
            log.end()
        self.assertEqual(output.getvalue().split("=\n\n")[1], "aéb\ufffd\ufffd\n\n")

    def test_a_terminal_that_cannot_show_a_character(self):
        raw = io.BytesIO()
        terminal = io.TextIOWrapper(raw, encoding="ascii")
        with contextlib.redirect_stdout(terminal):
            run_waiting.write("né")
        self.assertEqual(raw.getvalue(), b"n?")

    def test_starting(self):
        folder = self.experiment._store.create_run()
        run = Run(self.experiment, folder.id)
        self.assertEqual((run.status, run.get_details()["startTimeUtc"]), ("NotStarted", None))
        run.start()
        run.start()
        self.assertEqual(run.status, "Running")
        run.complete()
        submitted = self.experiment._store.create_run(type="azureml.scriptrun")
        for refused in (run, Run(self.experiment, submitted.id)):
            with self.assertRaises(UserErrorException):
                refused.start()

    def test_the_definition_of_a_command(self):
        submission = {"command": ["bash", "-c"], "arguments": ["x", 3], "interpreter": "/usr/bin/python3"}
        folder = self.experiment._store.create_run(submission=submission)
        definition = Run(self.experiment, folder.id).get_details()["runDefinition"]
        self.assertEqual((definition["script"], definition["arguments"]), ("", ["x", "3"]))
        self.assertEqual(definition["environment"]["python"]["interpreterPath"], "/usr/bin/python3")

    def test_warnings_are_in_the_details(self):
        folder = self.experiment._store.create_run(properties={"p": "1"}, user="mara")
        recorder = Recorder(folder, "client", is_owner=False)
        recorder.warning("careful")
        recorder.close()
        details = Run(self.experiment, folder.id).get_details()
        self.assertEqual(details["warnings"], [{"source": "Runledger", "message": "careful"}])
        self.assertEqual((details["properties"], details["submittedBy"]), ({"p": "1"}, "mara"))
        self.assertEqual((details["inputDatasets"], details["outputDatasets"], details["logFiles"]), ([], [], {}))


if __name__ == "__main__":
    unittest.main()
