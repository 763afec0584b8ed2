"""``docs/azureml-compatibility.md`` against the code: supported names have an effect, the others say what to do."""

import importlib
import os
import re
import unittest

import compatibility_checks
from support import ROOT
from azureml.core import Dataset, Datastore, Environment, Experiment, Model, Run, Workspace
from azureml.core.run import _OfflineRun
from azureml.data import FileDataset, TabularDataset
from azureml.exceptions import NotAvailableException
from azureml.pipeline.core import Pipeline, PipelineRun
from azureml.pipeline.steps import ParallelRunConfig
from runledger.azureml_v1 import unavailable_names as unavailable

_PATH = os.path.join(ROOT, "docs", "azureml-compatibility.md")
_REFUSAL = "is not available in this version of Runledger. "


def tables():
    """``{heading: [[cell]]}`` of the page's tables, without their headers."""
    found, heading = {}, None
    with open(_PATH, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                heading = line.strip("# \n")
            elif line.startswith("| ") and not line.startswith("| name ") and not line.startswith("| where "):
                found.setdefault(heading, []).append([cell.strip() for cell in line.strip(" |\n").split(" | ")])
    return found


def names(rows):
    """The names in the first column, without the arguments of constructors."""
    return [name.split("(")[0] for row in rows for name in re.findall("`([^`]+)`", row[0])]


class Page(unittest.TestCase):
    def setUp(self):
        self.tables = tables()

    def test_no_public_name_is_left_out(self):
        for target in (Workspace, Experiment, Run):
            title = target.__name__
            documented = names(self.tables["Supported: " + title]) + names(self.tables["Not available: " + title])
            for row in self.tables["Accepted and ignored: " + title]:
                documented += re.findall("`([a-z_]+)`", row[0])
            public = {name for name in dir(target) if not name.startswith("_")}
            self.assertEqual(public - set(documented), set(), title)

    def test_what_is_not_available_is_listed_with_the_same_advice(self):
        for heading, expected in (
            ("Workspace", dict(unavailable.WORKSPACE_METHODS, **unavailable.WORKSPACE_PROPERTIES)),
            ("Experiment", unavailable.EXPERIMENT_METHODS),
            ("Run", dict(unavailable.RUN_METHODS, **unavailable.RUN_PROPERTIES)),
            ("methods of other classes", _of_other_classes()),
        ):
            listed = {cells[0].strip("`"): cells[1] for cells in self.tables.get("Not available: " + heading, [])}
            self.assertEqual(listed, expected, heading)

    def test_no_name_is_in_two_tables(self):
        for title in ("Workspace", "Experiment", "Run"):
            both = names(self.tables["Supported: " + title]) + names(self.tables["Not available: " + title])
            self.assertEqual(len(both), len(set(both)), title)


def _of_other_classes():
    classes = unavailable.OTHER_CLASSES.items()
    return {"{}.{}".format(owner, name): advice for owner, methods in classes for name, advice in methods.items()}


class Refused(compatibility_checks.Fixture):
    def test_every_name_says_what_to_do(self):
        owners = {
            "Workspace": [self.workspace],
            "Experiment": [self.experiment],
            "Run": [self.run_under_test, _OfflineRun()],
        }
        for title, targets in owners.items():
            for name, advice in (cells[:2] for cells in tables()["Not available: " + title]):
                name = name.strip("`")
                for target in targets:
                    with self.subTest(title + "." + name), self.assertRaises(NotAvailableException) as caught:
                        getattr(target, name)()
                    self.assertEqual(str(caught.exception), "{}.{} {}{}".format(title, name, _REFUSAL, advice))


    def test_methods_of_other_classes_do_the_same(self):
        owners = {
            "Dataset": Dataset,
            "Dataset.Tabular": Dataset.Tabular,
            "Datastore": Datastore,
            "Environment": Environment,
            "FileDataset": FileDataset,
            "Model": Model,
            "ParallelRunConfig": ParallelRunConfig,
            "Pipeline": Pipeline,
            "PipelineRun": PipelineRun,
            "TabularDataset": TabularDataset,
        }
        for name, advice in _of_other_classes().items():
            owner, method = name.rsplit(".", 1)
            with self.subTest(name), self.assertRaises(NotAvailableException) as caught:
                getattr(owners[owner], method)()
            self.assertEqual(str(caught.exception), "{} {}{}".format(name, _REFUSAL, advice))


class SupportedModules(unittest.TestCase):
    def test_each_has_what_is_listed(self):
        for cells in tables()["Supported: modules"]:
            modules = [importlib.import_module(name) for name in re.findall("`([^`]+)`", cells[0])]
            for name in re.findall("`([^`]+)`", cells[1]):
                self.assertTrue(any(hasattr(module, name) for module in modules), (cells[0], name))


def _walk(title, checks):
    """A test for each name of the table of ``title``; one without a check fails."""

    def test_of(name):
        def test(self):
            getattr(self, "check_" + name)()

        return test

    listed = names(tables()["Supported: " + title])
    body = {"test_{}".format(name): test_of(name) for name in listed}

    def test_that_no_check_is_of_an_unlisted_name(self):
        self.assertEqual({name[6:] for name in dir(checks) if name.startswith("check_")}, set(listed))

    body["test_that_no_check_is_of_an_unlisted_name"] = test_that_no_check_is_of_an_unlisted_name
    return type("Supported" + title, (checks,), body)


SupportedWorkspace = _walk("Workspace", compatibility_checks.WorkspaceChecks)
SupportedExperiment = _walk("Experiment", compatibility_checks.ExperimentChecks)
SupportedRun = _walk("Run", compatibility_checks.RunChecks)


if __name__ == "__main__":
    unittest.main()
