"""``azureml.widgets.RunDetails``, printed and in IPython with a kernel's shell."""

import json
import sys
import threading
import types
import unittest
from unittest import mock
from xml.etree import ElementTree

from support import StoreTestCase, printed, wait_until
from azureml.core import Experiment, Run, Workspace
from azureml.exceptions import UserErrorException
from azureml.train.widgets import RunDetails as OldRunDetails
from azureml.widgets import RunDetails
from runledger.azureml_v1.widgets import MIME_TYPE


class Fixture(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "Shown")


class Printed(Fixture):
    def test_outside_a_notebook_it_is_text(self):
        run = self.experiment.start_logging(display_name="one")
        _, output = printed(RunDetails(run).show)
        self.assertIn("_UserRunWidget", output)
        self.assertIn("Status: Running", output)
        run.complete()

    def test_an_offline_run_is_text(self):
        _, output = printed(RunDetails(Run.get_context()).show)
        self.assertIn("OfflineRun", output)

    def test_a_run_that_cannot_be_read_ends_nothing(self):
        folder = self.experiment._store.create_run("gone")
        details = RunDetails(Run(self.experiment, "gone"))
        with mock.patch.object(type(folder), "state", side_effect=OSError("broken")):
            _, output = printed(details.show)
        self.assertIn("broken", output)

    def test_what_is_no_run_is_refused(self):
        self.assertIs(OldRunDetails, RunDetails)
        with self.assertRaises(UserErrorException):
            RunDetails("text")

    def test_widget_data(self):
        run = self.experiment.start_logging()
        run.log("loss", float("nan"))
        run.log("loss", 0.5)
        child = run.child_run("below")
        child.complete()
        run.complete()
        data = RunDetails(run).get_widget_data()
        json.dumps(data, allow_nan=False)
        self.assertEqual((data["status"], data["run_id"]), ("Completed", run.id))
        self.assertEqual([metric["name"] for metric in data["run_metrics"]], ["loss"])
        self.assertEqual([child["status"] for child in data["child_runs"]], ["Completed"])


class Notebook:
    """What stands for the kernel: its shell, and what it was told to display."""

    def __init__(self, on_display=None):
        self.shown = []
        self._on_display = on_display
        self.module = types.ModuleType("IPython")
        self.module.get_ipython = lambda: types.SimpleNamespace(kernel=object())
        self.display = types.ModuleType("IPython.display")
        self.display.display = self._display
        self.display.update_display = self._display

    def _display(self, bundle, raw, display_id):
        self.shown.append((display_id, bundle))
        if self._on_display is not None:
            self._on_display(bundle)

    def show(self, run):
        modules = {"IPython": self.module, "IPython.display": self.display}
        with mock.patch.dict(sys.modules, modules):
            _, output = printed(RunDetails(run).show)
        return output


class InNotebooks(Fixture):
    def test_a_run_of_this_process_is_shown_once(self):
        run = self.experiment.start_logging(display_name="<i>")
        for step in range(5):
            run.log("loss <x>", 1.0 / (step + 1))
        notebook = Notebook()
        self.assertEqual(notebook.show(run), "")
        run.complete()
        ((_, bundle),) = notebook.shown
        self.assertEqual(set(bundle), {MIME_TYPE, "text/html", "text/plain"})
        json.dumps(bundle[MIME_TYPE], allow_nan=False)
        self.assertEqual((bundle[MIME_TYPE]["runId"], bundle[MIME_TYPE]["status"]), (run.id, "Running"))
        page = ElementTree.fromstring(bundle["text/html"])
        self.assertEqual(len(page.findall(".//polyline")), 1)
        self.assertIn("<i>", "".join(page.itertext()))
        self.assertEqual(page.findall(".//script"), [])

    def submitted(self):
        folder = self.experiment._store.create_run(type="azureml.scriptrun")
        return Run(self.experiment, folder.id)

    def test_a_run_of_another_process_is_followed_to_its_end(self):
        run = self.submitted()
        notebook = Notebook()
        thread = threading.Thread(target=notebook.show, args=(run,))
        thread.start()
        wait_until(lambda: notebook.shown, "the first output")
        run.log("loss", 1)
        run._recorder.status("Completed")
        thread.join(60)
        self.assertFalse(thread.is_alive())
        self.assertEqual(notebook.shown[-1][1][MIME_TYPE]["status"], "Completed")
        self.assertEqual(len({display_id for display_id, _ in notebook.shown}), 1)

    def test_an_interrupt_leaves_the_run(self):
        run = self.submitted()
        with mock.patch("runledger.azureml_v1.widgets.time.sleep", side_effect=KeyboardInterrupt):
            self.assertEqual(Notebook().show(run), "")
        self.assertEqual(run.status, "NotStarted")

    def test_an_interrupt_while_the_first_output_is_on_its_way(self):
        def interrupt(bundle):
            raise KeyboardInterrupt

        run = self.submitted()
        notebook = Notebook(interrupt)
        self.assertEqual(notebook.show(run), "")
        self.assertEqual((len(notebook.shown), run.status), (1, "NotStarted"))

    def test_huge_values_make_a_curve(self):
        run = self.experiment.start_logging()
        for value in (-1.7e308, 1.7e308, 0):
            run.log("m", value)
        notebook = Notebook()
        notebook.show(run)
        run.complete()
        self.assertNotIn("nan", notebook.shown[0][1]["text/html"])


if __name__ == "__main__":
    unittest.main()
