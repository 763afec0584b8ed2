"""Scripts outside any run, and the module paths of old code."""

import importlib
import os
import subprocess
import sys
import unittest

from support import clean_environment, printed
from azureml.core import Experiment, Run, Workspace
from azureml.core.run import _OfflineRun
from azureml.exceptions import NotAvailableException, RunEnvironmentException, UserErrorException


class Offline(unittest.TestCase):
    def test_the_class_and_the_id(self):
        run = Run.get_context()
        self.assertTrue(type(run) == _OfflineRun)
        self.assertTrue(run.id.startswith("OfflineRun_"))
        self.assertEqual(run._run_id, run.id)
        self.assertFalse(hasattr(run, "experiment"))
        with self.assertRaises(AttributeError) as caught:
            run.experiment
        self.assertIn("outside any run", str(caught.exception))

    def test_what_is_printed(self):
        run = Run.get_context()
        self.assertEqual(
            printed(lambda: run.log("accuracy", 0.99))[1], "Attempted to log scalar metric accuracy:\n0.99\n"
        )
        self.assertEqual(
            printed(lambda: run.upload_file("model.pkl", "outputs/model.pkl"))[1],
            "Attempted to track file model.pkl at outputs/model.pkl\n",
        )

    def test_every_method_of_a_run_is_there(self):
        names = {name for name in dir(Run) if not name.startswith("_")}
        ways_to_find_runs = {"get", "get_context", "get_submitted_run", "list", "start_logging"}
        self.assertEqual(names - set(dir(_OfflineRun())) - ways_to_find_runs - {"display_name", "description"}, set())
        self.assertEqual((_OfflineRun().description, _OfflineRun().display_name[:10]), (None, "OfflineRun"))

    def test_files_are_kept_nowhere(self):
        run = Run.get_context()
        output = printed(lambda: run.upload_files(["a", "b"], ["x", "y"]))[1]
        output += printed(lambda: run.upload_folder("c", "z"))[1]
        expected = ["Attempted to track file {} at {}\n".format(*pair) for pair in ("ax", "by", "cz")]
        self.assertEqual(output, "".join(expected))
        self.assertEqual((run.get_file_names(), run.get_all_logs(), run.get_snapshot_id()), ([], [], None))
        self.assertEqual(run.get_details_with_logs()["logFiles"], {})
        for refused in (run.download_files, run.restore_snapshot, run.wait_for_completion):
            with self.assertRaises(UserErrorException) as caught:
                refused()
            self.assertIn("offline run", str(caught.exception))
        self.assertIn(run.id, run._repr_html_())

    def test_tags_and_properties_are_kept_in_memory(self):
        run = Run.get_context()
        run.tag("a", 1)
        run.add_properties({"p": 2})
        self.assertEqual((run.get_tags(), run.get_properties(), run.get_metrics()), ({"a": "1"}, {"p": "2"}, {}))
        with run:
            run.complete()
        run.fail("x")

    def test_offline_can_be_refused(self):
        with self.assertRaises(RunEnvironmentException):
            Run.get_context(allow_offline=False)


class Names(unittest.TestCase):
    def test_paths_of_old_code(self):
        import azureml.core
        from azureml.core.authentication import InteractiveLoginAuthentication, ServicePrincipalAuthentication
        from azureml.core.experiment import Experiment as FromExperiment
        from azureml.core.workspace import Workspace as FromWorkspace

        self.assertEqual(azureml.core.VERSION, azureml.core.__version__)
        self.assertIs(FromExperiment, Experiment)
        self.assertIs(FromWorkspace, Workspace)
        InteractiveLoginAuthentication(tenant_id="t", force=True)
        ServicePrincipalAuthentication("t", "i", "p")

    def test_modules_are_attributes_of_their_packages(self):
        code = (
            "import azureml.core\n"
            "print(azureml.data.TabularDataset.__name__, azureml.core.run.Run.__name__, azureml.core.Run.__name__)\n"
        )
        environment = clean_environment(PYTHONPATH=os.environ.get("PYTHONPATH", ""))
        output = subprocess.check_output([sys.executable, "-c", code], env=environment, universal_newlines=True)
        self.assertEqual(output.split(), ["TabularDataset", "Run", "Run"])

    def test_what_is_nowhere_is_not_made_up(self):
        import azureml.core

        with self.assertRaises(AttributeError):
            azureml.core.NoSuchThing
        for name in ("azureml.nothing_of_the_kind", "azureml.core.modelling"):
            with self.subTest(name), self.assertRaises(ModuleNotFoundError):
                importlib.import_module(name)

    def test_children_of_an_offline_run_are_offline(self):
        run = Run.get_context()
        with run.child_run("name") as child:
            printed(lambda: child.log("a", 1))
        self.assertIs(type(child), _OfflineRun)
        self.assertEqual([type(made) for made in run.create_children(2)], [_OfflineRun, _OfflineRun])
        self.assertEqual(list(run.get_children()), [])
        with self.assertRaises(UserErrorException):
            run.submit_child(None)


if __name__ == "__main__":
    unittest.main()
