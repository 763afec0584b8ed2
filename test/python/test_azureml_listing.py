"""Finding workspaces, experiments and runs, and what notebooks show of them."""

import os
import types
import unittest

from support import StoreTestCase, printed
from azureml.core import Experiment, Run, Workspace
from azureml.exceptions import UserErrorException, WorkspaceException


class Runs(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "Trial")
        for number, (status, fields) in enumerate(
            (
                ("Completed", {"tags": {"a": "1"}}),
                ("Failed", {"tags": {"a": "2"}, "properties": {"p": "x"}, "type": "azureml.scriptrun"}),
                ("Completed", {"parentId": "somebody"}),
                ("Completed", {}),
            ),
            1,
        ):
            run = Run(self.experiment, self.experiment._store.create_run("run-{}".format(number), **fields).id)
            run.complete() if status == "Completed" else run.fail("why")

    def numbers(self, **options):
        return [run.number for run in Run.list(self.experiment, **options)]

    def test_list(self):
        self.assertEqual(self.numbers(), [4, 2, 1])
        self.assertEqual(self.numbers(status="Completed"), [4, 1])
        self.assertEqual(self.numbers(status="Completed", include_children=True), [4, 3, 1])
        self.assertEqual(self.numbers(status="Running"), [])
        self.assertEqual(self.numbers(type="azureml.scriptrun", properties={"p": "x"}), [2])
        self.assertEqual(self.numbers(tags="a", _rehydrate_runs=False), [2, 1])
        self.assertEqual(self.numbers(tags={"a": 1}, status="Completed"), [1])

    def test_runs_are_looked_at_one_by_one(self):
        runs = self.experiment.get_runs()
        self.assertIsInstance(runs, types.GeneratorType)
        self.assertEqual(next(runs).number, 4)
        # Not looked at yet: what changes before its turn counts.
        Run(self.experiment, "run-2").tag("late")
        self.assertIn("late", next(runs).tags)

    def test_wrong_filters_are_refused_before_the_first_run(self):
        for options in ({"status": "Done"}, {"tags": 5}, {"properties": [1]}, {"type": 3}):
            with self.subTest(options), self.assertRaises(UserErrorException) as caught:
                Run.list(self.experiment, **options)
            self.assertIn(list(options)[0], str(caught.exception))
        with self.assertRaises(UserErrorException):
            self.experiment.get_runs(tags=5)
        with self.assertRaises(UserErrorException):
            Run.list("Trial")

    def test_one_run_by_its_id(self):
        self.assertEqual(Run.get(self.workspace, "run-2").number, 2)
        self.assertEqual(Run(self.experiment, "run-2"), self.workspace.get_run("run-2"))
        for workspace, run_id in ((self.workspace, "missing"), (self.workspace, None), ("test", "run-2")):
            with self.assertRaises(UserErrorException):
                Run.get(workspace, run_id)

    def test_old_names(self):
        run = Run.start_logging(self.experiment, display_name="old")
        self.assertEqual((run.number, run.display_name, run.status), (5, "old", "Running"))
        run.complete()
        code, output, errors = self.run_script(
            "from azureml.core import Run\nprint(Run.get_submitted_run().id)\n",
            RUNLEDGER_WORKSPACE=self.project,
            RUNLEDGER_EXPERIMENT="Trial",
            RUNLEDGER_RUN_ID="run-2",
        )
        self.assertEqual((code, output, errors), (0, "run-2\n", ""))


class Experiments(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(workspace_object=self.workspace, name="Trial")

    def names(self, **options):
        return [experiment.name for experiment in Experiment.list(self.workspace, **options)]

    def test_list(self):
        Experiment(self.workspace, "another")
        self.assertEqual(self.names(), ["another", "Trial"])
        self.assertEqual(self.names(experiment_name="trial", view_type="All"), ["Trial"])
        self.assertEqual(self.names(experiment_name="nothing"), [])
        self.assertEqual(self.names(view_type="ArchivedOnly"), [])
        self.experiment.tag("a")
        self.assertEqual((self.names(tags="a"), self.names(tags={"a": "b"})), (["Trial"], []))
        for options in ({"view_type": "Some"}, {"experiment_name": "a/b"}, {"experiment_name": 3}):
            with self.subTest(options), self.assertRaises(UserErrorException):
                self.names(**options)
        with self.assertRaises(UserErrorException):
            Experiment.list("test")

    def test_attributes(self):
        experiment = self.experiment
        self.assertIs(experiment.workspace_object, self.workspace)
        self.assertEqual((experiment.id, experiment.archived_time), (experiment._store.id, None))
        self.assertEqual(experiment.get_portal_url(), "vscode://file" + self.project + "/")
        self.assertTrue(experiment.get_docs_url().startswith("https://"))
        with self.assertRaises(UserErrorException):
            Experiment(name="Trial")

    def test_refresh(self):
        before = self.experiment._store
        self.experiment.refresh()
        self.assertIsNot(self.experiment._store, before)
        os.rename(before.path, before.path + "-gone")
        with self.assertRaises(UserErrorException):
            self.experiment.refresh()

    def test_links_are_escaped(self):
        folder = os.path.join(self.folder, "a b<é")
        os.mkdir(folder)
        os.chdir(folder)
        workspace, _ = printed(lambda: Workspace.create("made"))
        self.assertTrue(Experiment(workspace, "x").get_portal_url().endswith("/a%20b%3C%C3%A9/"))


class Workspaces(StoreTestCase):
    def test_attributes(self):
        workspace = Workspace.from_config()
        self.assertEqual(
            (workspace._workspace_name, workspace._subscription_id, workspace._resource_group),
            (workspace.name, workspace.subscription_id, workspace.resource_group),
        )
        self.assertEqual(workspace.sku, "Basic")
        path = os.path.join(self.project, ".runledger", "workspace.json")
        self.assertEqual(workspace.discovery_url, "file://" + path)
        details = workspace.get_details()
        self.assertEqual((details["discoveryUrl"], details["sku"]), (workspace.discovery_url, "Basic"))

    def test_setup(self):
        self.assertEqual(Workspace.setup()._store.folder, self.project)
        folder = os.path.join(self.folder, "fresh")
        os.mkdir(folder)
        os.chdir(folder)
        workspace, output = printed(Workspace.setup)
        self.assertEqual((workspace.name, workspace._store.folder), ("fresh", folder))
        self.assertIn("made the workspace fresh", output)
        self.assertEqual(printed(Workspace.setup)[1], "")

    def test_the_constructor_needs_the_name_of_one(self):
        self.assertEqual(Workspace("s", "g", "test")._store.folder, self.project)
        with self.assertRaises(WorkspaceException) as caught:
            Workspace("s", "g", "nobody")
        self.assertIn("Workspace.create", str(caught.exception))
        for name in (None, "", 3):
            with self.subTest(name), self.assertRaises(UserErrorException):
                Workspace("s", "g", name)


class Shown(StoreTestCase):
    def test_everything_is_escaped(self):
        os.chdir(self.folder)
        folder = os.path.join(self.folder, "w&<b>")
        os.mkdir(folder)
        os.chdir(folder)
        workspace, _ = printed(lambda: Workspace.create("<script>"))
        experiment = Experiment(workspace, "trial")
        run = Run(experiment, experiment._store.create_run("r-1", type="<b>").id)
        for shown in (workspace, experiment, run):
            text = shown._repr_html_()
            self.assertTrue(text.startswith("<table") and text.endswith("</table>"))
            self.assertNotIn("<script>", text)
            self.assertNotIn("<b>", text)
        self.assertIn("&lt;script&gt;", workspace._repr_html_())
        for expected in ("trial", "r-1", "&lt;b&gt;", "NotStarted", 'href="vscode://runledger.runledger/run/r-1"'):
            self.assertIn(expected, run._repr_html_())
        os.remove(os.path.join(run._folder.path, "run.json"))
        self.assertIn("r-1", run._repr_html_())


if __name__ == "__main__":
    unittest.main()
