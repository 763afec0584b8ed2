"""``azureml.core.Workspace`` and ``Experiment``: finding, creating, configuring."""

import json
import os
import unittest

from support import StoreTestCase, printed
from azureml.core import Experiment, Workspace
from azureml.exceptions import UserErrorException, WorkspaceException


class Workspaces(StoreTestCase):
    def config(self, folder, name="cloud", path=".azureml/config.json"):
        return self.write(
            path,
            json.dumps({"subscription_id": "sub", "resource_group": "rg", "workspace_name": name}),
            folder,
        )

    def other_folder(self, name="other"):
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        return folder

    def test_from_config_without_a_config_uses_the_nearest_store(self):
        deep = os.path.join(self.project, "a", "b")
        os.makedirs(deep)
        os.chdir(deep)
        workspace = Workspace.from_config()
        self.assertEqual(workspace.name, "test")
        self.assertEqual(workspace.location, "local")
        self.assertIsInstance(workspace.subscription_id + workspace.resource_group, str)

    def test_from_config_without_anything_says_what_to_do(self):
        os.chdir(self.folder)
        with self.assertRaises(UserErrorException) as caught:
            Workspace.from_config()
        self.assertIn("runledger workspace create", str(caught.exception))

    def test_from_config_finds_the_places_of_all_versions(self):
        for number, path in enumerate((".azureml/config.json", "aml_config/config.json", "config.json")):
            folder = self.other_folder("p{}".format(number))
            self.config(folder, path=path)
            deep = os.path.join(folder, "src")
            os.mkdir(deep)
            os.chdir(deep)
            workspace, output = printed(Workspace.from_config)
            self.assertEqual(
                (workspace.name, workspace.subscription_id, workspace.resource_group), ("cloud", "sub", "rg")
            )
            self.assertTrue(os.path.isfile(os.path.join(folder, ".runledger", "workspace.json")), path)
            self.assertIn("made the workspace cloud", output)
            self.assertEqual(printed(Workspace.from_config)[1], "", "said once")

    def test_from_config_takes_the_azureml_folder_a_file_or_a_folder(self):
        folder = self.other_folder()
        path = self.config(folder)
        for given in (folder, os.path.join(folder, ".azureml"), path):
            workspace, _ = printed(lambda given=given: Workspace.from_config(path=given))
            self.assertEqual(workspace.name, "cloud")
            self.assertEqual(workspace._store.folder, folder)

    def test_a_config_below_a_store_uses_that_store(self):
        folder = os.path.join(self.project, "repository")
        self.config(folder)
        workspace, output = printed(lambda: Workspace.from_config(folder))
        self.assertEqual((workspace.name, workspace._store.folder, output), ("cloud", self.project, ""))

    def test_another_file_name(self):
        folder = self.other_folder()
        self.config(folder, path=".azureml/dev.json")
        workspace, _ = printed(lambda: Workspace.from_config(folder, _file_name="dev.json"))
        self.assertEqual(workspace.name, "cloud")

    def test_a_config_json_of_something_else_is_passed_over(self):
        self.write("config.json", '{"model": "bert"}')
        self.assertEqual(Workspace.from_config().name, "test")

    def test_a_broken_config_is_named(self):
        folder = self.other_folder()
        for content in ("{", "[]", '{"subscription_id": "s"}'):
            path = self.write(".azureml/config.json", content, folder)
            with self.assertRaises(UserErrorException) as caught:
                Workspace.from_config(folder)
            self.assertIn(path, str(caught.exception))

    def test_write_config_is_read_back(self):
        folder = self.other_folder()
        Workspace.from_config().write_config(folder)
        with open(os.path.join(folder, ".azureml", "config.json")) as file:
            self.assertEqual(json.load(file)["workspace_name"], "test")
        self.assertEqual(printed(lambda: Workspace.from_config(folder))[0].name, "test")

    def test_create_get_and_list(self):
        folder = self.other_folder()
        os.chdir(folder)
        made, output = printed(
            lambda: Workspace.create("made", subscription_id="s", resource_group="g", location="west", tags={"a": 1})
        )
        self.assertIn("made the workspace made", output)
        self.assertEqual((made.name, made.location, made.tags), ("made", "west", {"a": "1"}))
        with self.assertRaises(WorkspaceException):
            Workspace.create("made")
        self.assertEqual(Workspace.create("made", exist_ok=True).name, "made")
        os.chdir(self.folder)
        self.assertEqual(Workspace.get("made", None, "s", "g")._store.folder, folder)
        self.assertEqual(Workspace("s", "g", "made")._store.folder, folder)
        self.assertEqual(sorted(Workspace.list("s")), ["made", "test"])
        for arguments in (("nobody",), ("made", None, "other"), ("made", None, "s", "other")):
            with self.assertRaises(WorkspaceException):
                Workspace.get(*arguments)

    def test_a_name_that_the_config_has_is_found_as_from_config_finds_it(self):
        other = self.other_folder()
        os.chdir(other)
        with self.assertRaises(WorkspaceException):
            Workspace.get("cloud")
        self.config(other)
        with self.assertRaises(WorkspaceException):
            Workspace.get("another")
        workspace, output = printed(lambda: Workspace("sub", "rg", "cloud"))
        self.assertIn("made the workspace cloud", output)
        self.assertEqual((workspace.name, workspace._store.folder), ("cloud", os.path.realpath(other)))
        self.assertEqual(printed(lambda: Workspace.get("cloud").name), ("cloud", ""))

    def test_two_of_one_name_are_not_chosen_between(self):
        os.chdir(self.other_folder())
        printed(lambda: Workspace.create("test"))
        with self.assertRaises(WorkspaceException) as caught:
            Workspace.get("test")
        self.assertIn(self.project, str(caught.exception))

    def test_details(self):
        details = Workspace.from_config().get_details()
        self.assertEqual((details["name"], details["location"]), ("test", "local"))
        self.assertTrue(details["id"].endswith("/workspaces/test"))
        json.dumps(details)

    def test_experiments(self):
        workspace = Workspace.from_config()
        Experiment(workspace=workspace, name="B")
        self.assertEqual(list(workspace.experiments), ["B"])
        self.assertEqual(workspace.experiments["B"].name, "B")
        self.assertIs(workspace.experiments["B"].workspace, workspace)

    def test_bad_experiment_names(self):
        for name in ("", "a/b", "-a", "con", "x" * 129, None, 3):
            with self.subTest(name), self.assertRaises(UserErrorException):
                Experiment(Workspace.from_config(), name)


if __name__ == "__main__":
    unittest.main()
