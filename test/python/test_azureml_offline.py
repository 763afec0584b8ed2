"""Scripts outside any run, and the module paths of old code."""

import unittest

from support import printed
from azureml.core import Experiment, Run, Workspace
from azureml.core.run import _OfflineRun
from azureml.exceptions import RunEnvironmentException


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
        names = [name for name in dir(Run) if not name.startswith("_")]
        missing = [name for name in names if not hasattr(_OfflineRun(), name)]
        missing = [name for name in missing if name not in ("experiment", "get_context")]
        self.assertEqual(missing, [])

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

    def test_names_of_later_versions_say_so(self):
        with self.assertRaises(ImportError) as caught:
            from azureml.core import Model  # noqa: F401
        self.assertIn("not available in this version of Runledger", str(caught.exception))
        import azureml.core

        with self.assertRaises(AttributeError):
            azureml.core.NoSuchThing


if __name__ == "__main__":
    unittest.main()
