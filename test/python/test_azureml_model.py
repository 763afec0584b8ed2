"""``azureml.core.Model`` and ``Run.register_model``."""

import json
import os
import threading

from support import StoreTestCase, printed
from azureml.core import Dataset, Experiment, Model, Run, Workspace
from azureml.core.model import Model as FromModule
from azureml.exceptions import (
    ModelNotFoundException,
    ModelPathNotFoundException,
    NotAvailableException,
    UserErrorException,
    WebserviceException,
)
from runledger.store.model_store import ModelStore


class ModelCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.write("model.pkl", "weights")

    def register(self, name="digits", **options):
        return Model.register(workspace=self.workspace, model_path="model.pkl", model_name=name, **options)


class Registration(ModelCase):
    def test_versions_count_up_and_are_kept_whole(self):
        first = self.register(
            tags={"area": "digits", "number": 1},
            properties={"auc": 0.91},
            description="A first one",
            model_framework=Model.Framework.SCIKITLEARN,
            model_framework_version=1.2,
        )
        self.write("model.pkl", "better weights")
        second = self.register()
        self.assertEqual((first.id, second.id, second.version), ("digits:1", "digits:2", 2))
        self.assertEqual((first.tags, first.properties), ({"area": "digits", "number": "1"}, {"auc": "0.91"}))
        self.assertEqual((first.description, first.model_framework, first.model_framework_version), ("A first one", "ScikitLearn", "1.2"))
        self.assertIsNone(first.run)
        with open(first._stored.content_path()) as file:
            self.assertEqual(file.read(), "weights")
        self.assertIs(FromModule, Model)
        self.assertIsNotNone(first.created_time.tzinfo)

    def test_data_sets_of_a_model(self):
        self.write("rows.csv", "n\n1\n")
        rows = Dataset.Tabular.from_delimited_files("rows.csv").register(self.workspace, "Rows")
        files = Dataset.File.from_files("rows.csv")
        plain = self.register()
        model = self.register(datasets=[(Dataset.Scenario.TRAINING, rows)])
        run = Experiment(self.workspace, "models").start_logging()
        run.upload_file("outputs/model.pkl", "model.pkl")
        of_run = run.register_model("digits", "outputs/model.pkl", datasets=[("training", files)])
        run.complete()
        of_run.add_dataset_references([(Dataset.Scenario.INFERENCE, rows)])
        self.assertEqual(plain.datasets, {})
        (found,) = model.datasets["training"]
        self.assertEqual((found.id, found.name, found.version), (rows.id, "Rows", 1))
        again = Model(self.workspace, id=of_run.id).datasets
        self.assertEqual({purpose: [item.id for item in items] for purpose, items in again.items()},
                         {"training": [files.id], "inference": [rows.id]})
        self.assertEqual(again["training"][0].to_path(), ["/rows.csv"])
        listed = Model.list(self.workspace, dataset_id=rows.id)
        self.assertEqual([item.version for item in listed], [3, 2])
        self.assertEqual(Model.list(self.workspace, dataset_id="none"), [])
        with self.assertRaisesRegex(UserErrorException, "datasets must be a list of pairs"):
            self.register(datasets=[rows])

    def test_tags_and_properties_in_one_call(self):
        model = self.register(tags={"a": "1", "b": "2"})
        model.update_tags_properties(add_tags={"c": 3}, remove_tags=["a"], add_properties={"p": 1})
        model.wait_for_creation(show_output=True)
        self.assertEqual((model.tags, model.properties), ({"b": "2", "c": "3"}, {"p": "1"}))

    def test_from_a_run(self):
        run = Experiment(self.workspace, "Trial").start_logging()
        self.write("outputs/model/a.txt", "A")
        run.upload_file("outputs/model.pkl", "model.pkl")
        run.complete()
        model = run.register_model("digits", model_path="outputs/model.pkl", tags={"a": 1}, properties=run.get_metrics())
        self.assertEqual((model.run_id, model.run, model.experiment_name), (run.id, run, "Trial"))
        folder = run.register_model("whole", model_path="./outputs/model/")
        self.assertEqual(os.listdir(folder._stored.content_path()), ["a.txt"])
        with self.assertRaises(ModelPathNotFoundException) as caught:
            run.register_model("nothing.pkl")
        self.assertIn("outputs/model.pkl", str(caught.exception))
        _, text = printed(lambda: Run.get_context().register_model("digits"))
        self.assertEqual(text, "Attempted to register model digits from digits\n")

    def test_claims_of_many_at_once_are_different(self):
        made = []
        threads = [threading.Thread(target=lambda: made.append(self.register().version)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(made), list(range(1, 9)))

    def test_what_cannot_be_registered(self):
        with self.assertRaises(ModelPathNotFoundException):
            Model.register(self.workspace, "missing.pkl", "digits")
        for options in ({"name": "a/b"}, {"name": 3}, {"tags": ["a"]}):
            with self.assertRaises(UserErrorException):
                self.register(**options)
        self.assertEqual(Model.list(self.workspace), [])


class Lookup(ModelCase):
    def setUp(self):
        super().setUp()
        self.register("digits", tags={"area": "vision"})
        self.register("Digits", tags={"area": "text"}, properties={"p": "1"})
        self.register("iris", model_framework="Onnx")

    def ids(self, **options):
        return [model.id for model in Model.list(self.workspace, **options)]

    def test_list(self):
        self.assertEqual(self.ids(), ["Digits:2", "digits:1", "iris:1"])
        self.assertEqual(self.ids(latest=True), ["Digits:2", "iris:1"])
        self.assertEqual(self.ids(name="digits", tags=["area"]), ["Digits:2", "digits:1"])
        self.assertEqual(self.ids(tags=[["area", "vision"]]), ["digits:1"])
        self.assertEqual(self.ids(tags={"area": "text"}, properties=[["p", "1"]]), ["Digits:2"])
        self.assertEqual(self.ids(run_id="nobody"), [])
        self.assertEqual(self.ids(model_framework="Onnx"), ["iris:1"])
        self.assertEqual({name: model.version for name, model in self.workspace.models.items()}, {"Digits": 2, "iris": 1})
        with self.assertRaises(UserErrorException):
            Model.list(self.workspace, tags=3)

    def test_the_constructor(self):
        self.assertEqual(Model(self.workspace, "digits").version, 2)
        self.assertEqual(Model(self.workspace, name="digits", version=1).id, "digits:1")
        self.assertEqual(Model(self.workspace, id="iris:1").name, "iris")
        self.assertEqual(Model(self.workspace, "digits", tags=[["area", "vision"]]).version, 1)
        for options in ({"name": "nothing"}, {"name": "digits", "version": 9}, {"id": "iris:7"}):
            with self.assertRaises(ModelNotFoundException) as caught:
                Model(self.workspace, **options)
            self.assertIsInstance(caught.exception, WebserviceException)
        for options in ({"id": "iris"}, {"name": "iris", "version": "new"}):
            with self.assertRaises(UserErrorException):
                Model(self.workspace, **options)
        model = Model(self.workspace, "iris")
        payload = json.loads(json.dumps(model.serialize()))
        self.assertEqual(Model.deserialize(self.workspace, payload), model)

    def test_the_path(self):
        path = Model.get_model_path("iris")
        with open(path) as file:
            self.assertEqual(file.read(), "weights")
        self.assertEqual(Model.get_model_path("digits", version=1), Model(self.workspace, id="digits:1")._stored.content_path())
        with self.assertRaises(ModelNotFoundException):
            Model.get_model_path("nothing")
        deployed = os.path.join(self.folder, "deployed")
        self.write("iris/3/other.pkl", "deployed", deployed)
        os.environ["AZUREML_MODEL_DIR"] = deployed
        self.assertEqual(Model.get_model_path("iris"), os.path.join(deployed, "iris", "3", "other.pkl"))

    def test_the_path_in_a_submitted_script(self):
        code, output, errors = self.run_script(
            "from azureml.core.model import Model\nprint(open(Model.get_model_path('iris')).read())\n"
        )
        self.assertEqual((code, output), (0, "weights\n"), errors)


class Refusals(ModelCase):
    def test_a_folder_that_holds_the_workspace(self):
        models = os.path.join(self.project, ".runledger", "models")
        self.write("all/versions/readme", "", models)
        for path in (".", self.project, models, os.path.join(models, "all"), os.path.dirname(self.project)):
            with self.assertRaises(UserErrorException) as caught:
                Model.register(self.workspace, path, "all")
            self.assertIn("holds the workspace itself", str(caught.exception))
        self.assertEqual(Model.list(self.workspace), [])

    def test_a_version_can_be_registered_again(self):
        again = Model.register(self.workspace, self.register()._stored.content_path(), "digits")
        self.assertEqual(again.version, 2)


class Changes(ModelCase):
    def test_tags_properties_and_the_description(self):
        model = self.register(tags={"a": "1"}, properties={"p": "1"})
        model.add_tags({"b": 2})
        model.remove_tags("a")
        model.add_properties({"q": 3})
        model.update(description="better")
        again = Model(self.workspace, "digits")
        self.assertEqual((again.tags, again.properties, again.description), ({"b": "2"}, {"p": "1", "q": "3"}, "better"))
        again.update(tags={"only": "this"})
        self.assertEqual(model.tags, {"only": "this"})
        with self.assertRaises(UserErrorException):
            model.add_properties({"p": "2"})

    def test_downloading(self):
        model = self.register()
        path = model.download("there/deep")
        self.assertEqual(path, os.path.join("there/deep", "model.pkl"))
        with self.assertRaises(UserErrorException):
            model.download("there/deep")
        self.write("there/deep/model.pkl", "changed")
        with open(model.download("there/deep", exist_ok=True)) as file:
            self.assertEqual(file.read(), "weights")

    def test_deleting_keeps_the_number(self):
        first = self.register()
        first.delete()
        self.assertEqual(Model.list(self.workspace), [])
        self.assertEqual(self.register().version, 2)
        trash = os.path.join(self.project, ".runledger", "trash", ".models", "digits", "1")
        self.assertTrue(os.path.isfile(os.path.join(trash, "model.json")))
        for call in (first.delete, lambda: first.add_tags({"a": 1})):
            with self.assertRaises(UserErrorException):
                call()

    def test_a_damaged_version_hides_no_other(self):
        self.register()
        broken = self.register()
        with open(os.path.join(broken._stored.path, "model.json"), "w") as file:
            file.write("{")
        self.assertEqual([model.version for model in Model.list(self.workspace)], [1])
        self.assertEqual(len(list(ModelStore(self.project).versions("digits"))), 1)

    def test_what_needs_the_cloud(self):
        for method in (Model.deploy, Model.package, Model.profile):
            with self.assertRaises(NotAvailableException):
                method(self.workspace, "service", [])
