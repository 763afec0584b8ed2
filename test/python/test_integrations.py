"""Callbacks and autologging with the real libraries, in scripts that an interpreter runs which has them.

``RUNLEDGER_TEST_LIBRARIES`` names that interpreter, and ``RUNLEDGER_TEST_TORCH`` the one for what builds on PyTorch; without
them, it is the one that runs the tests.
"""

import os
import subprocess
import sys
import unittest

import runledger
from support import DEADLINE_S, StoreTestCase, clean_environment

PYTHON = os.environ.get("RUNLEDGER_TEST_LIBRARIES") or sys.executable
TORCH_PYTHON = os.environ.get("RUNLEDGER_TEST_TORCH") or PYTHON
SLOW_START_S = 4 * DEADLINE_S
"""PyTorch takes half a minute to be imported for the first time on a slow disk."""


def needs(*modules, python=PYTHON):
    """Skips a test where ``python`` lacks a library."""
    program = "import importlib.util, sys; print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])"
    process = subprocess.run([python, "-c", program] + list(modules), stdout=subprocess.PIPE, universal_newlines=True)
    missing = process.stdout.split() if process.returncode == 0 else modules
    return unittest.skipIf(missing, "{} is not installed in {}".format(", ".join(missing), python))


class IntegrationCase(StoreTestCase):
    def carry_out(self, text, python=PYTHON, **variables):
        """Runs a script with the libraries of ``python``. Returns ``(stdout, stderr)``."""
        path = self.write("train.py", text)
        process = subprocess.run(
            [python, "-W", "ignore", path],
            cwd=self.project,
            env=clean_environment(RUNLEDGER_HOME=self.home, CUDA_VISIBLE_DEVICES="", MLFLOW_DISABLE_TELEMETRY="true", **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=SLOW_START_S,
        )
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout, process.stderr

    def only(self, experiment):
        return runledger.get_run(self.only_run(experiment).id)

    def steps(self, run, name):
        return [step for step, _ in run.history(name)]

    def assert_falls(self, run, name):
        values = [value for _, value in run.history(name)]
        self.assertLess(values[-1], values[0], values)


class WithoutARun(StoreTestCase):
    def test_a_callback_says_what_to_do(self):
        from runledger.integrations.lightgbm import RunledgerCallback

        with self.assertRaisesRegex(runledger.RunledgerError, r"There is no run.*runledger\.start_run"):
            RunledgerCallback()
        with self.assertRaisesRegex(runledger.RunledgerError, "must be a runledger.Run, not str"):
            RunledgerCallback("run")

    def test_values_of_any_kind(self):
        from runledger.integrations.conversion import numbers, parameters

        class Tensor:
            def __float__(self):
                return 0.5

        given = {"a": 1, "b": True, "c": Tensor(), "d": "text", "e": None, "f": [1], 3: 2.0}
        self.assertEqual(numbers(given, "x/"), {"x/a": 1, "x/b": True, "x/c": 0.5, "x/3": 2.0})
        given = {"a": {"b": 1, "c": {"d": None}}, "e": "x" * 1000, "f": (1, 2), "g": Tensor()}
        self.assertEqual(
            parameters(given), {"a.b": 1, "a.c.d": None, "e": "x" * 500, "f": "(1, 2)", "g": 0.5}
        )


class Keras(IntegrationCase):
    @needs("keras", "jax")
    def test_epochs_batches_and_parameters(self):
        self.carry_out(
            "import numpy as np\n"
            "import keras, runledger\n"
            "from runledger.integrations.keras import RunledgerCallback\n"
            "keras.utils.set_random_seed(0)\n"
            "x = np.random.default_rng(0).normal(size=(64, 2)).astype('float32')\n"
            "y = x.sum(axis=1, keepdims=True)\n"
            "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
            "model.compile(optimizer=keras.optimizers.Adam(0.05), loss='mse', metrics=['mae'])\n"
            "with runledger.start_run('keras') as run:\n"
            "    model.fit(x, y, epochs=4, batch_size=16, validation_split=0.25, verbose=0,\n"
            "              callbacks=[RunledgerCallback(batches=2)])\n",
            KERAS_BACKEND="jax",
        )
        run = self.only("keras")
        self.assertEqual(self.steps(run, "val_mae"), [0, 1, 2, 3])
        self.assertEqual(self.steps(run, "batch/loss"), [0, 2, 4, 6, 8, 10])
        self.assert_falls(run, "loss")
        self.assertAlmostEqual(run.metrics["learning_rate"], 0.05, places=6)
        self.assertEqual({name: run.params[name] for name in ("optimizer", "epochs", "parameter_count")},
                         {"optimizer": "Adam", "epochs": 4, "parameter_count": 3})


class Lightning(IntegrationCase):
    @needs("lightning", "torch", python=TORCH_PYTHON)
    def test_metrics_hyperparameters_and_checkpoints(self):
        self.carry_out(
            "import torch\n"
            "try:\n"
            "    import torch.distributed.fsdp\n"
            "except ValueError:\n"
            "    # PyTorch 1.13, as Debian 12 has it, cannot import this under Python 3.11. Lightning does without it.\n"
            "    torch.distributed.is_available = lambda: False\n"
            "import lightning, runledger\n"
            "from runledger.integrations.lightning import RunledgerLogger\n"
            "class Model(lightning.LightningModule):\n"
            "    def __init__(self, rate=0.1, sizes=(2, 1)):\n"
            "        super().__init__()\n"
            "        self.save_hyperparameters()\n"
            "        self.layer = torch.nn.Linear(*sizes)\n"
            "    def training_step(self, batch, index):\n"
            "        x, y = batch\n"
            "        loss = torch.nn.functional.mse_loss(self.layer(x), y)\n"
            "        self.log('train/loss', loss)\n"
            "        return loss\n"
            "    def configure_optimizers(self):\n"
            "        return torch.optim.SGD(self.parameters(), self.hparams.rate)\n"
            "torch.manual_seed(0)\n"
            "x = torch.randn(32, 2)\n"
            "data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x.sum(1, keepdim=True)), 8)\n"
            "with runledger.start_run('lightning') as run:\n"
            "    logger = RunledgerLogger()\n"
            "    assert logger.experiment == run\n"
            "    lightning.Trainer(max_epochs=2, logger=logger, log_every_n_steps=2, accelerator='cpu',\n"
            "                      enable_progress_bar=False, enable_model_summary=False).fit(Model(), data)\n",
            python=TORCH_PYTHON,
        )
        run = self.only("lightning")
        self.assertEqual(self.steps(run, "train/loss"), [1, 3, 5, 7])
        self.assert_falls(run, "train/loss")
        self.assertEqual((run.params["rate"], run.params["sizes"]), (0.1, "(2, 1)"))
        checkpoints = [name for name in run.files() if name.endswith(".ckpt")]
        self.assertEqual(len(checkpoints), 1, run.files())
        self.assertTrue(checkpoints[0].startswith("outputs/lightning/run_1/checkpoints/"), checkpoints)


class Transformers(IntegrationCase):
    @needs("transformers", "torch", "accelerate", python=TORCH_PYTHON)
    def test_a_trainer(self):
        self.carry_out(
            "import torch, runledger\n"
            "from transformers import PretrainedConfig, PreTrainedModel, Trainer, TrainingArguments\n"
            "from runledger.integrations.transformers import RunledgerCallback\n"
            "class Model(PreTrainedModel):\n"
            "    config_class = PretrainedConfig\n"
            "    def __init__(self, config):\n"
            "        super().__init__(config)\n"
            "        self.layer = torch.nn.Linear(2, 1)\n"
            "        self.post_init()\n"
            "    def forward(self, x=None, labels=None):\n"
            "        found = self.layer(x)\n"
            "        return {'loss': torch.nn.functional.mse_loss(found, labels), 'logits': found}\n"
            "torch.manual_seed(0)\n"
            "points = torch.randn(32, 2)\n"
            "data = [{'x': point, 'labels': point.sum(0, keepdim=True)} for point in points]\n"
            "arguments = TrainingArguments('outputs', num_train_epochs=2, per_device_train_batch_size=8,\n"
            "    logging_steps=2, eval_strategy='epoch', save_strategy='no', learning_rate=0.05, use_cpu=True, report_to=[],\n"
            "    disable_tqdm=True)\n"
            "with runledger.start_run('transformers'):\n"
            "    Trainer(Model(PretrainedConfig()), arguments, train_dataset=data, eval_dataset=data[:8],\n"
            "            callbacks=[RunledgerCallback()]).train()\n",
            python=TORCH_PYTHON,
        )
        run = self.only("transformers")
        self.assertEqual(self.steps(run, "train/loss"), [2, 4, 6, 8])
        self.assertEqual(self.steps(run, "eval/loss"), [4, 8])
        self.assert_falls(run, "train/loss")
        wanted = {"learning_rate": 0.05, "num_train_epochs": 2, "logging_steps": 2, "model": "Model"}
        self.assertEqual({name: run.params.get(name) for name in wanted}, wanted)
        self.assertEqual(run.params["parameter_count"], 3)
        self.assertNotIn("weight_decay", run.params)


class Boosting(IntegrationCase):
    DATA = (
        "import numpy as np\n"
        "import runledger\n"
        "x = np.random.default_rng(0).normal(size=(80, 3))\n"
        "y = x[:, 0] * 2 + x[:, 1]\n"
    )

    @needs("xgboost")
    def test_xgboost(self):
        self.carry_out(
            self.DATA + "import xgboost\n"
            "from runledger.integrations.xgboost import RunledgerCallback\n"
            "train, valid = xgboost.DMatrix(x[:60], y[:60]), xgboost.DMatrix(x[60:], y[60:])\n"
            "with runledger.start_run('train'):\n"
            "    xgboost.train({'max_depth': 2}, train, 8, evals=[(train, 'train'), (valid, 'valid')],\n"
            "                  verbose_eval=False, early_stopping_rounds=5, callbacks=[RunledgerCallback()])\n"
            "with runledger.start_run('cv'):\n"
            "    xgboost.cv({'max_depth': 2}, train, 3, nfold=2, callbacks=[RunledgerCallback()])\n"
            "run = runledger.start_run('estimator')\n"
            "xgboost.XGBRegressor(n_estimators=3, callbacks=[RunledgerCallback(run)]).fit(\n"
            "    x, y, eval_set=[(x, y)], verbose=False)\n"
            "run.finish()\n"
        )
        run = self.only("train")
        self.assertEqual(self.steps(run, "valid/rmse"), list(range(8)))
        self.assert_falls(run, "train/rmse")
        self.assertIsInstance(run.metrics["best_iteration"], (int, float))
        lowest = min(value for _, value in run.history("valid/rmse"))
        self.assertAlmostEqual(run.metrics["best_score"], lowest, places=5)
        self.assertEqual(self.steps(self.only("cv"), "test/rmse"), [0, 1, 2])
        estimator = self.only("estimator")
        self.assertEqual(self.steps(estimator, "validation_0/rmse"), [0, 1, 2])
        self.assertNotIn("best_score", estimator.metrics)

    @needs("lightgbm", "sklearn")
    def test_lightgbm(self):
        self.carry_out(
            self.DATA + "import lightgbm\n"
            "from runledger.integrations.lightgbm import RunledgerCallback\n"
            "parameters = {'objective': 'l2', 'min_data_in_leaf': 2, 'verbosity': -1}\n"
            "train = lightgbm.Dataset(x[:60], y[:60], free_raw_data=False)\n"
            "valid = train.create_valid(x[60:], y[60:])\n"
            "with runledger.start_run('train'):\n"
            "    lightgbm.train(parameters, train, 6, valid_sets=[train, valid], valid_names=['train', 'valid'],\n"
            "                   callbacks=[RunledgerCallback()])\n"
            "with runledger.start_run('cv'):\n"
            "    lightgbm.cv(parameters, lightgbm.Dataset(x, y), 3, nfold=2, stratified=False,\n"
            "                callbacks=[RunledgerCallback()])\n"
            "with runledger.start_run('estimator'):\n"
            "    lightgbm.LGBMRegressor(n_estimators=3, min_child_samples=2, verbosity=-1).fit(\n"
            "        x, y, eval_set=[(x, y)], callbacks=[RunledgerCallback()])\n"
        )
        run = self.only("train")
        self.assertEqual(self.steps(run, "valid/l2"), list(range(6)))
        self.assert_falls(run, "train/l2")
        self.assertEqual((run.params["objective"], run.params["min_data_in_leaf"]), ("l2", 2))
        self.assertEqual(self.steps(self.only("cv"), "valid/l2"), [0, 1, 2])
        (name,) = self.only("estimator").metrics
        self.assertTrue(name.endswith("/l2"), name)


class Autolog(IntegrationCase):
    HEAD = (
        "import runledger\n"
        "from sklearn.datasets import load_iris\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "x, y = load_iris(return_X_y=True)\n"
    )

    @needs("sklearn")
    def test_fits_outside_a_run_are_runs(self):
        self.carry_out(
            self.HEAD + "runledger.autolog(save_models=True)\n"
            "LogisticRegression(C=0.5, max_iter=500).fit(x, y)\n"
            "from sklearn.cluster import KMeans\n"
            "KMeans(3, n_init=1, random_state=0).fit(x)\n"
            "try:\n"
            "    LogisticRegression().fit(x, y[:-1])\n"
            "except ValueError:\n"
            "    pass\n"
            "runledger.autolog(disable=True)\n"
            "LogisticRegression(max_iter=500).fit(x, y)\n"
            "print(LogisticRegression.fit.__module__)\n"
        )
        first, second, third = [runledger.get_run(folder.id) for folder in self.runs("train")]
        self.assertEqual([run.status for run in (first, second, third)], ["Completed", "Completed", "Failed"])
        self.assertEqual([run.name for run in (second, third)], ["KMeans", "LogisticRegression"])
        self.assertEqual((first.params["C"], first.params["max_iter"]), (0.5, 500))
        self.assertEqual(first.tags["estimator"], "sklearn.linear_model._logistic.LogisticRegression")
        self.assertGreater(first.metrics["training_score"], 0.9)
        self.assertGreater(first.metrics["fit_seconds"], 0)
        self.assertLess(second.metrics["training_score"], 0, "of KMeans it is the opposite of its objective")
        self.assertEqual(first.files(), ["outputs/model.joblib"])

    @needs("sklearn")
    def test_fits_inside_a_run_and_of_parts(self):
        output, errors = self.carry_out(
            self.HEAD + "from sklearn.model_selection import GridSearchCV\n"
            "from sklearn.pipeline import make_pipeline\n"
            "from sklearn.preprocessing import StandardScaler\n"
            "runledger.autolog()\n"
            "runledger.autolog('named')\n"
            "with runledger.start_run('mine') as run:\n"
            "    model = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()),\n"
            "                         {'logisticregression__C': [0.1, 1.0]}, cv=2)\n"
            "    model.fit(x, y)\n"
            "    LogisticRegression(max_iter=500).fit(X=x, y=y, sample_weight=None)\n"
            "    print(model.best_params_['logisticregression__C'])\n"
            "LogisticRegression(max_iter=500).fit(x, y)\n"
        )
        mine, child = [runledger.get_run(folder.id) for folder in self.runs("mine")]
        self.assertEqual(mine.params["best.logisticregression__C"], float(output))
        self.assertGreater(mine.metrics["best_score"], 0.8)
        table = self.runs("mine")[0].view().metrics["cv_results"].columns
        self.assertEqual(len(table["mean_test_score"]), 2)
        self.assertEqual(table["param_logisticregression__C"], [0.1, 1.0])
        self.assertEqual(mine.children(), [child])
        self.assertEqual((child.name, child.status), ("LogisticRegression", "Completed"))
        self.assertEqual(self.only("named").name, "LogisticRegression")
        self.assertNotIn("autolog", errors)

    @needs("sklearn")
    def test_failing_to_log_fails_no_fit(self):
        os.rename(".runledger", "elsewhere")
        output, errors = self.carry_out(
            self.HEAD + "runledger.autolog()\n"
            "for _ in range(2):\n"
            "    print(LogisticRegression(max_iter=500).fit(x, y).score(x, y) > 0.9)\n"
        )
        self.assertEqual(output, "True\nTrue\n")
        self.assertEqual(errors.count("runledger: autolog could not log"), 1, errors)
        self.assertIn("There is no workspace", errors)


if __name__ == "__main__":
    unittest.main()
