"""A check of an effect, stored or returned, for each name that ``docs/azureml-compatibility.md`` calls supported."""

import io
import json
import os
from unittest import mock

from support import StoreTestCase, printed
from azureml.core import ComputeTarget, Dataset, Environment, Experiment, Model, Run, ScriptRunConfig, Workspace
from azureml.core.compute import AmlCompute
from azureml.core.run import _OfflineRun
from azureml.exceptions import UserErrorException
from runledger.store.encoding import encode_record
from runledger.store.files import write_bytes
from runledger.store.journal_writer import JournalWriter
from runledger.store.workspace_store import WorkspaceStore

DOCUMENTS = {
    "confusion_matrix": {"class_labels": ["a", "b"], "matrix": [[1, 2], [3, 4]]},
    "accuracy_table": {
        "probability_tables": [[[1, 2, 3, 4]]],
        "percentile_tables": [[[1, 2, 3, 4]]],
        "probability_thresholds": [0.5],
        "percentile_thresholds": [0.5],
        "class_labels": ["a"],
    },
    "residuals": {"bin_edges": [0, 1, 2], "bin_counts": [3, 4]},
    "predictions": {"bin_averages": [1], "bin_errors": [0.5], "bin_counts": [2], "bin_edges": [0, 1]},
}
SNAPSHOT = "ab" * 32


class Fixture(StoreTestCase):
    """A workspace, an experiment, and a run that another process could have made."""

    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "Trial")
        self.run_under_test = Run(self.experiment, self.experiment._store.create_run("run-1").id)

    def other_folder(self):
        folder = os.path.join(self.folder, "other")
        os.mkdir(folder)
        os.chdir(folder)
        return folder

    def stored(self):
        """The run's state as another reader of its files finds it."""
        return WorkspaceStore(self.project).find_run("run-1").view()


class WorkspaceChecks(Fixture):
    def check_Workspace(self):  # noqa: N802 (the constructor's name)
        self.assertEqual(Workspace("s", "g", "test")._store.folder, self.project)

    def check_create(self):
        folder = self.other_folder()
        printed(lambda: Workspace.create("made", location="west", tags={"a": "b"}))
        info = WorkspaceStore(folder).info
        self.assertEqual((info["name"], info["location"], info["tags"]), ("made", "west", {"a": "b"}))

    def check_from_config(self):
        self.write(".azureml/config.json", '{"workspace_name": "named", "subscription_id": "s", "resource_group": "g"}')
        workspace = Workspace.from_config()
        self.assertEqual((workspace.name, workspace.subscription_id, workspace.resource_group), ("named", "s", "g"))

    def check_get(self):
        self.assertEqual(Workspace.get("test")._store.folder, self.project)

    def check_list(self):
        self.assertEqual([w._store.folder for w in Workspace.list("s")["test"]], [self.project])

    def check_setup(self):
        folder = self.other_folder()
        printed(Workspace.setup)
        self.assertEqual(WorkspaceStore(folder).info["name"], "other")

    def check_write_config(self):
        self.workspace.write_config("there", "own.json")
        with open("there/.azureml/own.json") as file:
            self.assertEqual(json.load(file)["workspace_name"], "test")

    def check_get_details(self):
        self.assertEqual(self.workspace.get_details()["workspaceid"], self.store.info["id"])

    def check_get_run(self):
        self.assertEqual(self.workspace.get_run("run-1").number, 1)

    def check_experiments(self):
        self.assertEqual(self.workspace.experiments["Trial"].id, self.experiment.id)

    def check_models(self):
        self.write("m.pkl", "weights")
        Model.register(self.workspace, "m.pkl", "digits")
        self.assertEqual(self.workspace.models["digits"].version, 1)

    def check_environments(self):
        Environment("own").register(self.workspace)
        self.assertEqual(self.workspace.environments["own"].version, "1")

    def check_name(self):
        self.assertEqual(self.workspace.name, "test")

    def check_subscription_id(self):
        self.assertRegex(self.workspace.subscription_id, "^0{8}-")

    def check_resource_group(self):
        self.assertEqual(self.workspace.resource_group, "local")

    def check_location(self):
        self.assertEqual(self.workspace.location, "local")

    def check_tags(self):
        self.other_folder()
        made, _ = printed(lambda: Workspace.create("made", tags={"a": 1}))
        self.assertEqual(made.tags, {"a": "1"})

    def check__workspace_name(self):
        self.assertEqual(self.workspace._workspace_name, "test")

    def check__subscription_id(self):
        self.assertEqual(self.workspace._subscription_id, self.workspace.subscription_id)

    def check__resource_group(self):
        self.assertEqual(self.workspace._resource_group, "local")

    def check_sku(self):
        self.assertEqual(self.workspace.sku, "Basic")

    def check_discovery_url(self):
        self.assertTrue(os.path.isfile(self.workspace.discovery_url[len("file://") :]))


    def check_compute_targets(self):
        ComputeTarget.create(self.workspace, "cpu", AmlCompute.provisioning_configuration(vm_size="S"))
        self.assertEqual(self.workspace.compute_targets["cpu"].vm_size, "S")

    def check_get_default_compute_target(self):
        self.assertEqual(self.workspace.get_default_compute_target("GPU").name, "local")

    def check_datastores(self):
        self.assertEqual(self.workspace.datastores["workspacefilestore"].datastore_type, "AzureFile")

    def check_get_default_datastore(self):
        self.assertEqual(self.workspace.get_default_datastore().name, "workspaceblobstore")

    def check_set_default_datastore(self):
        self.workspace.set_default_datastore("workspacefilestore")
        self.assertEqual(self.workspace.get_default_datastore().name, "workspacefilestore")

    def check_datasets(self):
        self.write("a.txt", "A")
        Dataset.File.from_files("a.txt").register(self.workspace, "letters")
        self.assertEqual(self.workspace.datasets["letters"].to_path(), ["/a.txt"])

    def check_get_default_keyvault(self):
        with mock.patch.dict(os.environ, {"SERVICE_KEY": "told"}):
            self.assertEqual(self.workspace.get_default_keyvault().get_secret("service-key"), "told")

    def check_get_mlflow_tracking_uri(self):
        from runledger.integrations.mlflow_uri import folder_of

        self.assertEqual(folder_of(self.workspace.get_mlflow_tracking_uri()), self.store.folder)

    def check_webservices(self):
        self.assertEqual(self.workspace.webservices, {})

    def check_images(self):
        self.assertEqual(self.workspace.images, {})


class ExperimentChecks(Fixture):
    def check_Experiment(self):  # noqa: N802 (the constructor's name)
        Experiment(workspace_object=self.workspace, name="fresh")
        self.assertEqual(self.store.existing_experiment("fresh").name, "fresh")

    def check_start_logging(self):
        run = self.experiment.start_logging(outputs="results", display_name="shown")
        self.write("results/a.txt", "A")
        run.complete()
        self.assertEqual((run.get_file_names(), run.display_name), (["outputs/a.txt"], "shown"))

    def check_submit(self):
        self.write("src/train.py", "print('trained')")
        run = self.experiment.submit(ScriptRunConfig("src", "train.py"))
        self.assertEqual(run.wait_for_completion()["status"], "Completed")

    def check_get_runs(self):
        self.experiment._store.create_run("run-2", tags={"a": "b"})
        self.assertEqual([run.id for run in self.experiment.get_runs()], ["run-2", "run-1"])
        self.assertEqual([run.id for run in self.experiment.get_runs(tags="a")], ["run-2"])

    def check_list(self):
        self.assertEqual([found.id for found in Experiment.list(self.workspace)], [self.experiment.id])

    def check_refresh(self):
        write_bytes(os.path.join(self.experiment._store.path, "experiment.json"), b'{"name": "TRIAL"}')
        self.experiment.refresh()
        self.assertEqual(self.experiment.name, "TRIAL")

    def check_get_portal_url(self):
        self.assertIn(self.project, self.experiment.get_portal_url())

    def check_get_docs_url(self):
        self.assertIn("experiment", self.experiment.get_docs_url())

    def check_id(self):
        self.assertEqual(self.experiment.id, self.store.existing_experiment("trial").id)

    def check_name(self):
        self.assertEqual(Experiment(self.workspace, "TRIAL").name, "Trial")

    def check_workspace(self):
        self.assertIs(self.experiment.workspace, self.workspace)

    def check_workspace_object(self):
        self.assertIs(self.experiment.workspace_object, self.workspace)

    def check_archived_time(self):
        self.assertIsNone(self.experiment.archived_time)
        self.experiment.archive()
        self.assertRegex(self.experiment.archived_time, r"^\d{4}-.*Z$")

    def check_archive(self):
        self.experiment.archive()
        self.assertEqual(Experiment.list(self.workspace), [])
        self.assertEqual(len(Experiment.list(self.workspace, view_type="ArchivedOnly")), 1)

    def check_reactivate(self):
        self.experiment.archive()
        self.experiment.reactivate()
        self.assertEqual([found.name for found in Experiment.list(self.workspace)], ["Trial"])
        with self.assertRaises(UserErrorException):
            self.experiment.reactivate("other")

    def check_tags(self):
        self.assertEqual(self.experiment.tags, {})

    def check_tag(self):
        self.experiment.tag("a", 1)
        self.experiment.tag("b")
        self.assertEqual(Experiment(self.workspace, "trial").tags, {"a": "1", "b": None})

    def check_set_tags(self):
        self.experiment.set_tags({"a": 1, "b": "c"})
        self.assertEqual(self.experiment.tags, {"a": "1", "b": "c"})
        self.assertEqual(len(Experiment.list(self.workspace, tags={"b": "c"})), 1)
        self.assertEqual(Experiment.list(self.workspace, tags={"b": "d"}), [])

    def check_remove_tags(self):
        self.experiment.set_tags({"a": 1, "b": "c"})
        self.experiment.remove_tags(["a"])
        self.assertEqual(self.experiment.tags, {"b": "c"})


class RunChecks(Fixture):
    def check_get_docs_url(self):
        self.assertTrue(Run.get_docs_url().endswith("run.run"))

    def check_register_model(self):
        self.write("m.pkl", "weights")
        self.run_under_test.upload_file("outputs/m.pkl", "m.pkl")
        model = self.run_under_test.register_model("digits", "outputs/m.pkl")
        self.assertEqual((model.run_id, model.id), ("run-1", "digits:1"))

    def check_child_run(self):
        with self.run_under_test.child_run("part") as child:
            pass
        self.assertEqual((child.parent.id, child.get_status()), ("run-1", "Completed"))

    def check_create_children(self):
        created = self.run_under_test.create_children(2)
        self.assertEqual([child.get_status() for child in created], ["NotStarted", "NotStarted"])

    def check_get_children(self):
        created = self.run_under_test.create_children(2)
        self.assertEqual([child.id for child in self.run_under_test.get_children()], [c.id for c in created[::-1]])

    def check_submit_child(self):
        self.write("src/train.py", "")
        child = self.run_under_test.submit_child(ScriptRunConfig("src", "train.py"))
        self.assertEqual((child.wait_for_completion()["status"], child.parent.id), ("Completed", "run-1"))

    def check_get_environment(self):
        self.write("src/train.py", "")
        config = ScriptRunConfig("src", "train.py", environment=Environment("vision"))
        config.run_config.environment.python.user_managed_dependencies = True
        run = self.experiment.submit(config)
        run.wait_for_completion()
        environment = run.get_environment()
        self.assertEqual((environment.name, environment.python.user_managed_dependencies), ("vision", True))
        self.assertEqual(run.get_details()["runDefinition"]["environment"]["name"], "vision")
        self.assertTrue(os.path.isabs(environment.python.interpreter_path))
        with self.assertRaisesRegex(UserErrorException, "was not submitted"):
            self.run_under_test.get_environment()

    def check_Run(self):  # noqa: N802 (the constructor's name)
        self.assertEqual(Run(self.experiment, "run-1"), self.run_under_test)

    def check_get_context(self):
        self.assertIs(type(Run.get_context()), _OfflineRun)

    def check_get_submitted_run(self):
        self.assertIs(type(Run.get_submitted_run()), _OfflineRun)

    def check_get(self):
        self.assertEqual(Run.get(self.workspace, "run-1"), self.run_under_test)

    def check_list(self):
        self.assertEqual(list(Run.list(self.experiment, status="NotStarted")), [self.run_under_test])
        self.assertEqual(list(Run.list(self.experiment, status="Failed")), [])

    def check_start_logging(self):
        run = Run.start_logging(self.experiment)
        self.assertEqual((run.status, run.number), ("Running", 2))
        run.complete()

    def check_input_datasets(self):
        # A submitted script's are tested in test_azureml_data.py.
        self.assertEqual(self.run_under_test.input_datasets, {})
        with self.assertRaisesRegex(KeyError, "as_named_input"):
            self.run_under_test.input_datasets["absent"]

    def check_output_datasets(self):
        bound = {"RUNLEDGER_OUTPUT_x": '{"name": "x", "pathVariable": "PLACE"}', "PLACE": "/p"}
        with mock.patch.dict(os.environ, bound, RUNLEDGER_WORKSPACE=self.project, RUNLEDGER_RUN_ID="run-1"):
            self.assertEqual(Run(self.experiment, "run-1").output_datasets, {"x": "/p"})
        self.assertEqual(self.run_under_test.output_datasets, {})

    def check_get_secret(self):
        with mock.patch.dict(os.environ, {"told": "secret"}):
            self.assertEqual(self.run_under_test.get_secret("told"), "secret")

    def check_get_secrets(self):
        with mock.patch.dict(os.environ, {"told": "secret"}):
            self.assertEqual(self.run_under_test.get_secrets(["told"]), {"told": "secret"})

    def check_id(self):
        self.assertEqual(self.run_under_test.id, "run-1")

    def check_number(self):
        self.assertEqual(self.run_under_test.number, 1)

    def check_type(self):
        made = self.experiment._store.create_run(type="azureml.scriptrun")
        self.assertEqual((self.run_under_test.type, Run(self.experiment, made.id).type), (None, "azureml.scriptrun"))

    def check_experiment(self):
        self.assertIs(self.run_under_test.experiment, self.experiment)

    def check_parent(self):
        made = self.experiment._store.create_run(parentId="run-1")
        self.assertEqual(Run(self.experiment, made.id).parent, self.run_under_test)
        self.assertIsNone(self.run_under_test.parent)

    def check_name(self):
        self.run_under_test.display_name = "shown"
        self.assertEqual(self.run_under_test.name, "shown")

    def check_display_name(self):
        self.assertEqual(self.run_under_test.display_name, "run-1")
        self.run_under_test.display_name = "shown"
        self.assertEqual(self.stored().display_name, "shown")

    def check_description(self):
        self.run_under_test.description = "said"
        self.assertEqual((self.stored().description, self.run_under_test.description), ("said", "said"))

    def check_status(self):
        self.assertEqual(self.run_under_test.status, "NotStarted")

    def check_get_status(self):
        self.run_under_test.complete()
        self.assertEqual(self.run_under_test.get_status(), "Completed")

    def check_log(self):
        self.run_under_test.log("m", 1.5, step=3)
        self.assertEqual([point[:2] for point in self.stored().metrics["m"].points], [(3, 1.5)])

    def check_log_list(self):
        self.run_under_test.log_list("m", (i for i in range(3)))
        self.assertEqual(self.stored().metrics["m"].values, [0, 1, 2])

    def check_log_row(self):
        self.run_under_test.log_row("m", a=1, value="b")
        self.assertEqual(self.stored().metrics["m"].columns, {"a": [1], "value": ["b"]})

    def check_log_table(self):
        self.run_under_test.log_table("m", {"a": [1, 2]})
        self.assertEqual(self.stored().metrics["m"].columns, {"a": [1, 2]})

    def check_log_image(self):
        self.run_under_test.log_image("m", self.write("a.png", "png"))
        self.assertEqual(self.run_under_test.get_file_names(), [self.stored().images["m"][0]["path"]])

    def check_log_confusion_matrix(self):
        self.document("confusion_matrix", self.run_under_test.log_confusion_matrix)

    def check_log_accuracy_table(self):
        self.document("accuracy_table", self.run_under_test.log_accuracy_table)

    def check_log_residuals(self):
        self.document("residuals", self.run_under_test.log_residuals)

    def check_log_predictions(self):
        self.document("predictions", self.run_under_test.log_predictions)

    def document(self, schema, log):
        value = {"schema_type": schema, "schema_version": "v1", "data": DOCUMENTS[schema]}
        log("m", json.dumps(value))
        self.assertEqual(self.stored().documents["m"]["schema"], schema)
        self.assertEqual(self.run_under_test.get_metrics(populate=True), {"m": value})
        with self.assertRaises(UserErrorException):
            log("m", dict(value, data={}))

    def check_get_metrics(self):
        self.run_under_test.log("m", 1)
        self.assertEqual(self.run_under_test.get_metrics(), {"m": 1})

    def check_tag(self):
        self.run_under_test.tag("a", 1)
        self.assertEqual(self.stored().tags, {"a": "1"})

    def check_set_tags(self):
        self.run_under_test.set_tags({"a": None, "b": "c"})
        self.assertEqual(self.stored().tags, {"a": None, "b": "c"})

    def check_remove_tags(self):
        self.run_under_test.set_tags({"a": None, "b": "c"})
        self.run_under_test.remove_tags(["a"])
        self.assertEqual(self.stored().tags, {"b": "c"})

    def check_get_tags(self):
        self.run_under_test.tag("a")
        self.assertEqual(self.run_under_test.get_tags(), {"a": None})

    def check_tags(self):
        self.run_under_test.tag("a")
        self.assertEqual(self.run_under_test.tags, {"a": None})

    def check_add_properties(self):
        self.run_under_test.add_properties({"AUC": 0.5})
        self.assertEqual(self.stored().properties, {"AUC": "0.5"})
        with self.assertRaises(UserErrorException):
            self.run_under_test.add_properties({"AUC": 1})

    def check_get_properties(self):
        self.run_under_test.add_properties({"a": "b"})
        self.assertEqual(self.run_under_test.get_properties(), {"a": "b"})

    def check_properties(self):
        self.run_under_test.add_properties({"a": "b"})
        self.assertEqual(self.run_under_test.properties, {"a": "b"})

    def check_upload_file(self):
        self.run_under_test.upload_file("a/b.txt", io.BytesIO(b"B"))
        with open(self.run_under_test._folder.artifact_path("a/b.txt")) as file:
            self.assertEqual(file.read(), "B")

    def check_upload_files(self):
        self.run_under_test.upload_files(["a", "b"], [self.write("x", "X"), self.write("y", "Y")])
        self.assertEqual(self.run_under_test.get_file_names(), ["a", "b"])

    def check_upload_folder(self):
        self.write("data/deep/x", "X")
        self.run_under_test.upload_folder("kept", "data")
        self.assertEqual(self.run_under_test.get_file_names(), ["kept/deep/x"])

    def check_get_file_names(self):
        self.assertEqual(self.run_under_test.get_file_names(), [])
        self.run_under_test.upload_file("a", io.BytesIO(b""))
        self.assertEqual(self.run_under_test.get_file_names(), ["a"])

    def check_download_file(self):
        self.run_under_test.upload_file("a/b.txt", io.BytesIO(b"B"))
        self.run_under_test.download_file("a/b.txt")
        self.assertTrue(os.path.isfile("b.txt"))

    def check_download_files(self):
        self.run_under_test.upload_file("a/b.txt", io.BytesIO(b"B"))
        self.run_under_test.download_files("a/")
        self.assertTrue(os.path.isfile("a/b.txt"))

    def check_get_all_logs(self):
        self.run_under_test.upload_file("logs/a.txt", io.BytesIO(b"A"))
        self.assertEqual(self.run_under_test.get_all_logs(), [os.path.join(self.project, "run-1", "logs", "a.txt")])
        self.assertTrue(os.path.isfile("run-1/logs/a.txt"))

    def check_download_logs(self):
        self.run_under_test.upload_file("logs/a.txt", io.BytesIO(b"A"))
        self.run_under_test.download_logs("there")
        self.assertTrue(os.path.isfile("there/logs/a.txt"))

    def check_get_details(self):
        self.run_under_test.fail("why")
        self.assertEqual(self.run_under_test.get_details()["error"]["error"]["message"], "why")

    def check_get_details_with_logs(self):
        self.run_under_test.upload_file("logs/a.txt", io.BytesIO(b"A"))
        self.assertEqual(self.run_under_test.get_details_with_logs()["logFiles"], {"logs/a.txt": "A"})

    def snapshot(self):
        writer = JournalWriter(self.run_under_test._folder, "submit")
        writer.append(encode_record(1.0, "snapshot", {"hash": SNAPSHOT, "files": 1, "bytes": 1}))
        writer.close()
        write_bytes(os.path.join(self.project, ".runledger", "snapshots", SNAPSHOT + ".zip"), b"zip")

    def check_get_snapshot_id(self):
        self.snapshot()
        self.assertEqual(self.run_under_test.get_snapshot_id(), SNAPSHOT)

    def check_take_snapshot(self):
        self.write("src/train.py", "")
        taken = self.run_under_test.take_snapshot("src")
        self.assertEqual((len(taken), self.run_under_test.get_snapshot_id()), (64, taken))

    def check_restore_snapshot(self):
        self.snapshot()
        with open(self.run_under_test.restore_snapshot()) as file:
            self.assertEqual(file.read(), "zip")

    def check_wait_for_completion(self):
        self.run_under_test.complete()
        details, output = printed(lambda: self.run_under_test.wait_for_completion(show_output=True))
        self.assertEqual((details["status"], output.count("RunId: run-1\n")), ("Completed", 2))

    def check_start(self):
        self.run_under_test.start()
        self.assertEqual(self.stored().status, "Running")
        self.run_under_test.complete()

    def check_complete(self):
        self.run_under_test.complete()
        self.assertEqual(self.stored().status, "Completed")

    def check_fail(self):
        self.run_under_test.fail("why", "code")
        self.assertEqual((self.stored().status, self.stored().error), ("Failed", {"message": "why", "type": "code"}))

    def check_cancel(self):
        self.assertTrue(self.run_under_test.cancel())
        self.assertEqual(self.stored().status, "Canceled")

    def check_get_portal_url(self):
        self.assertEqual(self.run_under_test.get_portal_url(), "vscode://runledger.runledger/run/run-1")
