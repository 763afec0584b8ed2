"""Modules of the cloud alone, secrets, log-ins and limits."""

import importlib
import os
import re
import unittest
from unittest import mock

from support import StoreTestCase
from test_azureml_compatibility import tables
from azureml.core import Keyvault
from azureml.exceptions import NotAvailableException, UserErrorException
from runledger.azureml_v1.cloud_names import CLOUD_FAMILIES, CLOUD_MODULES, GRAPH_NAMES, RUNCONFIG_NAMES


class CloudModules(unittest.TestCase):
    def test_the_page_lists_them(self):
        listed = {
            cells[0].strip("`"): (tuple(re.findall("`([^`]+)`", cells[1])), cells[2])
            for cells in tables()["Of the cloud alone: modules"]
        }
        self.assertEqual(listed, CLOUD_MODULES)
        packages = {cells[0].strip("`"): cells[1] for cells in tables()["Of the cloud alone: packages"]}
        self.assertEqual(packages, CLOUD_FAMILIES)
        heading = "Not available: classes of azureml.pipeline.core.graph"
        self.assertEqual({cells[0].strip("`"): cells[1] for cells in tables()[heading]}, GRAPH_NAMES)

    def test_classes_of_run_configurations(self):
        heading = "Not available: classes of azureml.core.runconfig"
        self.assertEqual({cells[0].strip("`"): cells[1] for cells in tables()[heading]}, RUNCONFIG_NAMES)
        module = importlib.import_module("azureml.core.runconfig")
        for name, advice in RUNCONFIG_NAMES.items():
            with self.subTest(name), self.assertRaises(NotAvailableException) as caught:
                getattr(module, name)()
            self.assertIn(advice, str(caught.exception))

    def test_each_can_be_imported_and_refuses_when_it_is_used(self):
        for name, (names, advice) in CLOUD_MODULES.items():
            module = importlib.import_module(name)
            for member in names:
                with self.subTest(name + "." + member):
                    target = getattr(module, member)
                    for use in (target, lambda: target.deploy_configuration(cpu_cores=1)):
                        with self.assertRaises(NotAvailableException) as caught:
                            use()
                        self.assertIn(advice, str(caught.exception))

    def test_any_other_module_of_such_a_package_does_the_same(self):
        for package, advice in CLOUD_FAMILIES.items():
            module = importlib.import_module(package + ".some.where")
            with self.subTest(package), self.assertRaises(NotAvailableException) as caught:
                module.something(1)
            self.assertIn("something is not available", str(caught.exception))
            self.assertIn(advice, str(caught.exception))

    def test_classes_can_be_caught_compared_and_imported_by_star(self):
        from azureml.core import Webservice
        from azureml.core.webservice import AciWebservice

        self.assertNotIsInstance("text", AciWebservice)
        self.assertTrue(issubclass(Webservice, object))
        names = {}
        exec("from azureml.train.automl import *", names)
        self.assertIn("AutoMLConfig", names)

    def test_unknown_modules_and_names_are_not_made_up(self):
        nothing = "from azureml.core.webservice import Nothing"
        for text in ("import azureml.core.nowhere", nothing, "import azureml.nowhere"):
            with self.subTest(text), self.assertRaises(ImportError):
                exec(text)


class Secrets(StoreTestCase):
    def test_they_are_variables(self):
        with mock.patch.dict(os.environ, {"DB_KEY": "k", "own": "o"}):
            self.assertEqual(Keyvault().get_secrets(["db-key", "own"]), {"db-key": "k", "own": "o"})

    def test_one_that_is_missing_is_refused_and_nothing_is_kept(self):
        with self.assertRaisesRegex(UserErrorException, "RUNLEDGER_TEST_ABSENT"):
            Keyvault().get_secret("runledger-test-absent")
        with self.assertRaises(NotAvailableException):
            Keyvault().set_secret("a", "b")


class Limits(unittest.TestCase):
    def test_they_may_be_set(self):
        import azureml._restclient.snapshots_client

        with mock.patch.object(azureml._restclient.snapshots_client, "SNAPSHOT_MAX_SIZE_BYTES", 1):
            self.assertEqual(azureml._restclient.snapshots_client.SNAPSHOT_MAX_SIZE_BYTES, 1)

    def test_diagnostics_and_log_ins_ask_nothing(self):
        from azureml.core.authentication import TokenAuthentication
        from azureml.telemetry import set_diagnostics_collection

        self.assertIsNone(set_diagnostics_collection(send_diagnostics=True))
        self.assertEqual(TokenAuthentication(lambda audience: self.fail("asked")).get_authentication_header(), {})


if __name__ == "__main__":
    unittest.main()
