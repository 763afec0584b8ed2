"""An article's script, as it was written for Azure ML, on the real NumPy, Matplotlib and tqdm."""

import importlib.util
import json
import math
import os
import subprocess
import sys
import unittest

from support import FIXTURES, StoreTestCase, clean_environment
from azureml.core import Experiment, Workspace

MISSING = [name for name in ("numpy", "matplotlib", "tqdm") if importlib.util.find_spec(name) is None]


@unittest.skipIf(MISSING, "not installed for this interpreter: " + ", ".join(MISSING))
class LoggingArticle(StoreTestCase):
    def test_it_runs_as_written(self):
        done = subprocess.run(
            [sys.executable, os.path.join(FIXTURES, "logging-article", "log_everything.py")],
            cwd=self.project,
            env=clean_environment(RUNLEDGER_HOME=self.home, MPLBACKEND="Agg"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=300,
        )
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr.decode())
        experiment = Experiment(Workspace.from_config(), "model-logging")
        run = next(experiment.get_runs(tags={"Build Number": "20190715.4"}))
        self.assertEqual(run.get_status(), "Completed")
        metrics = json.loads(json.dumps(run.get_metrics()))
        self.assertEqual(
            list(metrics),
            [
                "Category",
                "Numeric 1",
                "Numeric 2",
                "Sigmoid",
                "Fibonacci",
                "Cosine Wave",
                "Sine Wave",
                "Hyperbolic Tangent",
            ],
        )
        self.assertEqual((metrics["Category"], metrics["Numeric 1"], metrics["Numeric 2"]), ("Category 1", 10, 100))
        for i, value in enumerate(metrics["Sigmoid"]):
            self.assertAlmostEqual(value, 1 / (1 + math.exp(10 - i)))
        self.assertEqual(metrics["Fibonacci"], [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
        angles = [i / 2 for i in range(-10, 10)]
        for name, column, function in (("Cosine Wave", "cos", math.cos), ("Sine Wave", "sine", math.sin)):
            self.assertEqual(metrics[name]["angle"], angles)
            for angle, value in zip(angles, metrics[name][column]):
                self.assertAlmostEqual(value, function(angle))
        image = metrics["Hyperbolic Tangent"].split("dcid.{}/".format(run.id))[1]
        self.assertEqual(run.get_file_names(), sorted([image, "outputs/metrics.txt"]))
        run.download_file(image, "plot.png")
        with open("plot.png", "rb") as file:
            self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        run.add_properties({"author": "John Doe"})
        self.assertEqual(list(experiment.get_runs(properties={"author": "John Doe"})), [run])


@unittest.skipIf("numpy" in MISSING, "not installed for this interpreter: numpy")
class NumPyValues(StoreTestCase):
    def test_scalars_and_arrays(self):
        import numpy as np

        run = Experiment(Workspace.from_config(), "numpy").start_logging()
        values = {
            "f64": (np.float64(0.5), 0.5),
            "f32": (np.float32(0.5), 0.5),
            "i64": (np.int64(7), 7),
            "u8": (np.uint8(7), 7),
            "bool": (np.bool_(True), True),
            "str": (np.str_("x"), "x"),
            "zero dimensions": (np.array(3), 3),
            "one element": (np.array([2.5]), 2.5),
        }
        for name, (value, _) in values.items():
            run.log(name, value)
        run.log_list("array", np.arange(3))
        run.log_table("table", {"a": np.linspace(0, 1, 3), "b": [np.int64(1), np.nan]})
        run.log_row("row", a=np.float32(0.25))
        run.log_confusion_matrix(
            "cm",
            {
                "schema_type": "confusion_matrix",
                "schema_version": "v1",
                "data": {"class_labels": ["a"], "matrix": np.array([[1]])},
            },
        )
        run.complete()
        found = run.get_metrics()
        for name, (_, expected) in values.items():
            self.assertEqual(found[name], expected)
            self.assertIs(type(found[name]), type(expected), name)
        self.assertEqual(found["array"], [0, 1, 2])
        self.assertEqual(found["table"]["a"], [0.0, 0.5, 1.0])
        self.assertTrue(math.isnan(found["table"]["b"][1]) and found["table"]["b"][2] is None)
        self.assertEqual(found["row"], {"a": 0.25})
        self.assertEqual(run.get_metrics(populate=True)["cm"]["data"]["matrix"], [[1]])
        with self.assertRaises(TypeError):
            run.log("array", np.arange(3))


if __name__ == "__main__":
    unittest.main()
