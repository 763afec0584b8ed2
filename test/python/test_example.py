"""The example that ships with the project, submitted with few epochs."""

import os
import shutil
import struct
import unittest

from support import ROOT
from supervised import SupervisedTestCase
from azureml.core import Workspace

EXAMPLE = os.path.join(ROOT, "examples", "classify-digits")


class ClassifyDigits(SupervisedTestCase):
    def test_it_learns(self):
        shutil.copytree(
            EXAMPLE, self.project, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".runledger", "outputs")
        )
        run = self.new_run("classify-digits")
        process, _ = self.start_supervisor(
            self.specification(run, snapshot=self.snapshot(), arguments=["--epochs", "4"])
        )
        view = self.finish(run, process)
        self.assertEqual(view.status, "Completed", self.log_of(run))
        for name in ("train/loss", "train/accuracy", "val/loss", "val/accuracy"):
            self.assertEqual([point[0] for point in view.metrics[name].points], [0, 1, 2, 3])
        losses = [point[1] for point in view.metrics["train/loss"].points]
        self.assertEqual(losses, sorted(losses, reverse=True))
        self.assertGreater(view.metrics["val/accuracy"].points[-1][1], 0.85)
        found = Workspace.from_config().get_run(run.id)
        metrics = found.get_metrics(populate=True)
        matrix = metrics["confusion matrix"]["data"]["matrix"]
        self.assertEqual((len(matrix), sum(map(sum, matrix))), (10, 359))
        self.assertEqual(metrics["scores by class"]["digit"], list(range(10)))
        self.assertEqual(sum(metrics["scores by class"]["images"]), 359)
        self.assertEqual(found.get_tags()["learning_rate"], "0.3")
        names = found.get_file_names()
        for name in ("outputs/model.json", "outputs/predictions.csv", "outputs/weights.png"):
            self.assertIn(name, names)
        found.download_file("outputs/weights.png", "weights.png")
        with open("weights.png", "rb") as file:
            head = file.read(24)
        self.assertEqual((head[:4], head[12:16]), (b"\x89PNG", b"IHDR"))
        self.assertEqual(struct.unpack(">II", head[16:]), (528, 216))


if __name__ == "__main__":
    unittest.main()
