"""MLflow's own client, as a script uses it, on a workspace."""

import os
import unittest

import runledger
from azureml.core import Workspace
from runledger.integrations.mlflow_uri import folder_of, uri_of
from supervised import SupervisedTestCase
from test_integrations import PYTHON, IntegrationCase, needs

HEAD = """
import os, mlflow
from azureml.core import Workspace
mlflow.set_tracking_uri(Workspace.from_config().get_mlflow_tracking_uri())
"""


class Addresses(IntegrationCase):
    def test_of_a_workspace(self):
        for folder in (self.project, "/a b/ü#?", "/"):
            self.assertEqual(folder_of(uri_of(folder)), folder)
        uri = Workspace.from_config().get_mlflow_tracking_uri()
        self.assertEqual(uri, runledger.mlflow_tracking_uri())
        self.assertTrue(uri.startswith("runledger:///"), uri)
        with self.assertRaises(runledger.RunledgerError):
            runledger.mlflow_tracking_uri(self.folder)


class Tracking(IntegrationCase):
    @needs("mlflow")
    def test_what_is_logged_is_in_the_run_and_read_back(self):
        output, _ = self.carry_out(
            HEAD + "from mlflow import MlflowClient\n"
            "mlflow.set_experiment('Digits')\n"
            "with mlflow.start_run(run_name='first', tags={'team': 'vision'}, description='a try') as run:\n"
            "    mlflow.log_params({'rate': 0.1, 'depth': 3, 'kind': 'tree', 'odd': '0.10'})\n"
            "    for step in range(3):\n"
            "        mlflow.log_metric('loss', 1 / (step + 1), step=step)\n"
            "    mlflow.log_metrics({'a/b': 2, 'nan': float('nan')})\n"
            "    mlflow.set_tag('stage', 'test')\n"
            "    mlflow.log_text('hello', 'notes/hello.txt')\n"
            "    with mlflow.start_run(nested=True):\n"
            "        mlflow.log_metric('inner', 1)\n"
            "try:\n"
            "    with mlflow.start_run():\n"
            "        raise ValueError('diverged')\n"
            "except ValueError:\n"
            "    pass\n"
            "found = mlflow.get_run(run.info.run_id)\n"
            "assert found.info.status == 'FINISHED' and found.info.run_name == 'first', found.info\n"
            "texts = {'rate': '0.1', 'depth': '3', 'kind': 'tree', 'odd': '0.10'}\n"
            "assert found.data.params == texts, found.data.params\n"
            "assert abs(found.data.metrics['loss'] - 1 / 3) < 1e-9, found.data.metrics\n"
            "assert found.data.tags['team'] == 'vision' and found.data.tags['mlflow.note.content'] == 'a try'\n"
            "client = MlflowClient()\n"
            "assert [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, 'loss')][1] == (1, 0.5)\n"
            "assert mlflow.artifacts.load_text(run.info.artifact_uri + '/notes/hello.txt') == 'hello'\n"
            "assert [f.path for f in client.list_artifacts(run.info.run_id)] == ['notes']\n"
            "client.delete_tag(run.info.run_id, 'stage')\n"
            "good = client.search_runs([run.info.experiment_id], \"metrics.loss < 0.5 and params.kind = 'tree'\")\n"
            "assert [r.info.run_id for r in good] == [run.info.run_id], good\n"
            "newest = client.search_runs([run.info.experiment_id], max_results=2, order_by=['start_time DESC'])\n"
            "assert newest[0].info.status == 'FAILED' and newest.token, newest\n"
            "assert [e.name for e in client.search_experiments(filter_string=\"name = 'Digits'\")] == ['Digits']\n"
            "try:\n"
            "    client.log_param(run.info.run_id, 'rate', 0.2)\n"
            "except mlflow.MlflowException as error:\n"
            "    print(error.message)\n"
            "try:\n"
            "    mlflow.set_experiment('/Users/me/bad')\n"
            "except mlflow.MlflowException as error:\n"
            "    print(error.message)\n"
            "try:\n"
            "    client.delete_run(run.info.run_id)\n"
            "except mlflow.MlflowException as error:\n"
            "    print(error.message)\n"
        )
        self.assertIn("'rate' has the value '0.1' already", output)
        self.assertIn("/Users/me/bad", output)
        self.assertIn("delete_run is not available in this version of Runledger", output)

        first, inner, failed = [runledger.get_run(folder.id) for folder in self.runs("digits")]
        self.assertEqual((first.name, first.status), ("first", "Completed"))
        self.assertEqual(first.params, {"rate": 0.1, "depth": 3, "kind": "tree", "odd": "0.10"})
        self.assertEqual(first.history("loss"), [(0, 1.0), (1, 0.5), (2, 1 / 3)])
        self.assertEqual((first.metrics["a/b"], first.tags), (2, {"team": "vision"}))
        self.assertEqual(first.files(), ["notes/hello.txt"])
        self.assertEqual(first.children(), [inner])
        self.assertEqual((inner.metrics, inner.status, failed.status), ({"inner": 1}, "Completed", "Failed"))
        self.assertEqual(self.active_marks(), [])
        self.assertFalse(os.path.exists("mlruns"))

    @needs("mlflow")
    def test_runs_that_nobody_ends(self):
        self.carry_out(HEAD + "mlflow.log_metric('loss', 1)\n")
        self.assertEqual(self.only("default").status, "Completed")
        path = self.write("broken.py", HEAD + "mlflow.set_experiment('broken')\nmlflow.log_metric('loss', 1)\n1 / 0\n")
        with self.assertRaises(AssertionError):
            with open(path) as file:
                self.carry_out(file.read())
        run = self.only("broken")
        self.assertEqual(run.status, "Failed")

    @needs("mlflow", "sklearn", "pandas")
    def test_a_model_and_autologging(self):
        self.carry_out(
            HEAD + "import mlflow.sklearn\n"
            "from sklearn.datasets import load_iris\n"
            "from sklearn.linear_model import LogisticRegression\n"
            "x, y = load_iris(return_X_y=True)\n"
            "mlflow.set_experiment('models')\n"
            "with mlflow.start_run() as run:\n"
            "    model = LogisticRegression(max_iter=500).fit(x, y)\n"
            "    logged = mlflow.sklearn.log_model(model, 'model', serialization_format='cloudpickle')\n"
            "again = mlflow.sklearn.load_model(logged.model_uri)\n"
            "assert (again.predict(x) == model.predict(x)).all()\n"
            "again = mlflow.sklearn.load_model('runs:/{}/model'.format(run.info.run_id))\n"
            "assert (again.predict(x) == model.predict(x)).all()\n"
            "mlflow.sklearn.autolog(log_models=False)\n"
            "with mlflow.start_run():\n"
            "    LogisticRegression(max_iter=500).fit(x, y)\n"
        )
        first, second = [runledger.get_run(folder.id) for folder in self.runs("models")]
        self.assertIn("model/MLmodel", first.files())
        self.assertIn("training_accuracy_score", second.metrics)
        self.assertEqual(second.params["max_iter"], 500)


class Submitted(SupervisedTestCase):
    @needs("mlflow")
    def test_a_submitted_script_logs_into_its_run(self):
        run, view = self.carry_out(
            "import mlflow, os\n"
            "assert os.environ['MLFLOW_TRACKING_URI'].startswith('runledger:')\n"
            "mlflow.log_metric('loss', 0.5, step=2)\n"
            "mlflow.end_run()\n"
            "with mlflow.start_run(run_name='beside'):\n"
            "    mlflow.log_metric('other', 1)\n",
            interpreter=PYTHON,
        )
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertEqual(view.metrics["loss"].points[0][:2], (2, 0.5))
        self.assertEqual([run.run_json["experiment"] for run in self.runs("default")], ["Default"])


if __name__ == "__main__":
    unittest.main()
