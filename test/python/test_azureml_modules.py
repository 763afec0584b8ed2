"""Modules of the cloud alone, secrets, log-ins and limits."""

import importlib
import os
import re
import unittest
from unittest import mock

from support import StoreTestCase
from test_azureml_compatibility import tables
from azureml.core import Dataset, Experiment, Keyvault, ScriptRunConfig, Workspace
from azureml.exceptions import NotAvailableException, TrainingException, UserErrorException
from runledger.azureml_v1.cloud_names import CLOUD_FAMILIES, CLOUD_MEMBERS, CLOUD_MODULES


class CloudModules(unittest.TestCase):
    def test_the_page_lists_them(self):
        listed = {
            cells[0].strip("`"): (tuple(re.findall("`([^`]+)`", cells[1])), cells[2])
            for cells in tables()["Of the cloud alone: modules"]
        }
        self.assertEqual(listed, CLOUD_MODULES)
        packages = {cells[0].strip("`"): cells[1] for cells in tables()["Of the cloud alone: packages"]}
        self.assertEqual(packages, CLOUD_FAMILIES)
        members = {}
        for name, module, advice in tables()["Of the cloud alone: classes of other modules"]:
            members.setdefault(module.strip("`"), {})[name.strip("`")] = advice
        self.assertEqual(members, CLOUD_MEMBERS)

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

    def test_classes_of_modules_that_are_there_refuse_as_well(self):
        for name, members in CLOUD_MEMBERS.items():
            module = importlib.import_module(name)
            for member, advice in members.items():
                with self.subTest(name + "." + member), self.assertRaises(NotAvailableException) as caught:
                    getattr(module, member)()
                self.assertIn(advice, str(caught.exception))
                self.assertIn(member, module.__all__)

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


class RarerNames(StoreTestCase):
    """Names that public scripts import from modules that hold little else."""

    def setUp(self):
        super().setUp()
        self.workspace = Workspace.create("rare", subscription_id="s", resource_group="g", exist_ok=True)

    def test_datastores_of_storage_accounts_are_folders_too(self):
        from azureml.data.azure_storage_datastore import AzureBlobDatastore, AzureFileDatastore

        for kind, name in ((AzureBlobDatastore, "workspaceblobstore"), (AzureFileDatastore, "workspacefilestore")):
            self.assertEqual(kind(self.workspace, name).name, name)
            self.assertIsInstance(self.workspace.datastores[name], kind)

    def test_headers_have_words(self):
        from azureml.data import dataset_type_definitions

        with open("table.csv", "w", encoding="utf-8") as file:
            file.write("1,2\n")
        words = dataset_type_definitions.PromoteHeadersBehavior
        for word, expected in ((words.NO_HEADERS, False), (words.ALL_FILES_HAVE_SAME_HEADERS, True)):
            table = Dataset.Tabular.from_delimited_files("table.csv", header=word)
            self.assertEqual(table._content["options"]["header"], expected)

    def test_a_run_is_found_in_its_experiment(self):
        from azureml._restclient.constants import RunStatus
        from azureml.core import get_run

        experiment = Experiment(self.workspace, "found")
        with experiment.start_logging() as run:
            pass
        found = get_run(experiment, run.id)
        self.assertEqual((found.id, found.get_status()), (run.id, RunStatus.COMPLETED))

    def test_a_configuration_is_taken_from_a_script(self):
        from azureml.core.script_run_config import get_run_config_from_script_run

        source = ScriptRunConfig(".", script="train.py", arguments=["--rate", 0.1])
        made = get_run_config_from_script_run(source)
        self.assertEqual((made.script, made.arguments), ("train.py", ["--rate", 0.1]))
        self.assertIsNone(source.run_config.script)

    def test_exceptions_are_the_same_in_the_module_that_the_sdk_keeps_them_in(self):
        from azureml import exceptions
        from azureml._restclient.exceptions import ServiceException
        from azureml.exceptions import _azureml_exception

        self.assertIs(_azureml_exception.UserErrorException, UserErrorException)
        self.assertIs(ServiceException, exceptions.ServiceException)

    def test_kinds_of_distribution(self):
        from azureml.train.dnn import Gloo, Nccl, ParameterServer, PyTorch
        from azureml.train.estimator import Mpi

        def asked(**kwargs):
            made = PyTorch(".", entry_script="train.py", compute_target="local", node_count=2, **kwargs).run_config
            counts = (made.pytorch.process_count, made.mpi.process_count_per_node, made.tensorflow.worker_count)
            return (made.communicator, made.node_count) + counts

        self.assertEqual(asked(distributed_training=Gloo()), ("Gloo", 2, 2, 1, 1))
        self.assertEqual(asked(distributed_training=Nccl()), ("Nccl", 2, 2, 1, 1))
        self.assertEqual(asked(distributed_training=ParameterServer(3)), ("ParameterServer", 1, None, 1, 3))
        self.assertEqual(asked(distributed_training=Mpi(4)), ("OpenMpi", 2, None, 4, 1))
        self.assertEqual(asked(distributed_backend="mpi", process_count_per_node=3), ("OpenMpi", 2, None, 3, 1))
        self.assertEqual(asked()[0], "None")
        with self.assertRaisesRegex(TrainingException, "none of: mpi, ps, gloo, nccl"):
            asked(distributed_backend="smoke")


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
