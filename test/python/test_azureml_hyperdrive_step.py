"""``HyperDriveStep``, through the real command."""

import json
import os
import unittest

from support import StoreTestCase, printed, wait_until
from azureml.core import Experiment, ScriptRunConfig, Workspace
from azureml.exceptions import ActivityFailedException, UserErrorException
from azureml.pipeline.core import Pipeline, PipelineData, PipelineParameter, TrainingOutput
from azureml.pipeline.steps import HyperDriveStep, HyperDriveStepRun, PythonScriptStep
from azureml.train.hyperdrive import GridParameterSampling, HyperDriveConfig, HyperDriveRun, PrimaryMetricGoal, choice

TRAIN = """
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--data")
parser.add_argument("--base", type=float, default=0)
parser.add_argument("--gate")
options = parser.parse_args()
run = Run.get_context()
if options.data:
    with open(options.data) as file:
        options.base += float(file.read())
run.log("score", options.base + options.rate)
with open(os.path.join("outputs", "model.txt"), "w") as file:
    file.write(str(options.rate))
deadline = time.monotonic() + 60
while options.gate and not os.path.exists(options.gate) and time.monotonic() < deadline:
    time.sleep(0.05)
"""


class HyperDriveSteps(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "tuning")
        self.write("src/train.py", TRAIN)
        self.write("src/write.py", "import sys\nwith open(sys.argv[1], 'w') as file:\n    file.write('10')\n")
        self.write("src/read.py", "import sys\nprint(open(sys.argv[1]).read())\n")

    def config(self, *arguments, **options):
        script = ScriptRunConfig("src", options.pop("script", "train.py"), arguments=list(arguments), **options)
        return HyperDriveConfig(
            hyperparameter_sampling=GridParameterSampling({"--rate": choice(1, 3, 2)}),
            primary_metric_name="score",
            primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=3,
            max_concurrent_runs=1,
            run_config=script,
        )

    def submitted(self, *steps):
        run, _ = printed(lambda: self.experiment.submit(Pipeline(self.workspace, list(steps))))
        self.addCleanup(lambda: run.cancel() and run.wait_for_completion(show_output=False))
        return run

    def test_a_sweep_reads_what_a_step_wrote_and_its_best_model_goes_on(self):
        data, metrics = PipelineData("data"), PipelineData("metrics", pipeline_output_name="metrics")
        model = PipelineData("model", training_output=TrainingOutput("Model", model_file="outputs/model.txt"))
        write = PythonScriptStep("write.py", arguments=[data], outputs=[data], source_directory="src")
        tune = HyperDriveStep(
            "tune",
            self.config("--base", 0.5),
            estimator_entry_script_arguments=["--data", data],
            inputs=[data],
            outputs=[model],
            metrics_output=metrics,
        )
        use = PythonScriptStep("read.py", arguments=[model], inputs=[model], source_directory="src")
        runs = []
        for _ in range(2):
            run = self.submitted(use, write)
            run.wait_for_completion(show_output=False)
            runs.append(run)
        (step,) = runs[0].find_step_run("tune")
        self.assertEqual(step.get_properties()["StepType"], "HyperDriveStep")
        sweep = HyperDriveStepRun(step)
        self.assertIsInstance(sweep, HyperDriveRun)
        self.assertEqual((sweep.parent.id, sweep.get_best_run_by_primary_metric().id), (step.id, sweep.id + "_1"))
        with open(runs[0].get_pipeline_output("metrics")._local, encoding="utf-8") as file:
            found = json.load(file)
        scores = {
            sweep.id + "_0": {"score": [11.5]},
            sweep.id + "_1": {"score": [13.5]},
            sweep.id + "_2": {"score": [12.5]},
        }
        self.assertEqual(found, scores)
        self.assertEqual(runs[0].find_step_run("read.py")[0].get_stdout_log(), "3.0\n")
        # The second time nothing runs, and the sweep is still found.
        (reused,) = runs[1].find_step_run("tune")
        self.assertEqual(reused.get_properties()["azureml.isreused"], "true")
        self.assertEqual(HyperDriveStepRun(reused).id, sweep.id)
        with self.assertRaisesRegex(UserErrorException, "no sweep"):
            HyperDriveStepRun(runs[0].find_step_run("write.py")[0])
        self.assertIs(type(tune), HyperDriveStep)

    def test_a_model_that_no_trial_wrote(self):
        model = PipelineData("model", training_output=TrainingOutput("Model", model_file="outputs/nothing.pkl"))
        run = self.submitted(HyperDriveStep("tune", self.config(), outputs=[model]))
        with self.assertRaisesRegex(ActivityFailedException, "outputs/nothing.pkl"):
            run.wait_for_completion(show_output=False)

    def test_a_sweep_that_fails(self):
        self.write("src/bad.py", "raise OSError('no data')\n")
        run = self.submitted(HyperDriveStep("tune", self.config(script="bad.py")))
        with self.assertRaisesRegex(ActivityFailedException, "no data"):
            run.wait_for_completion(show_output=False)

    def test_cancelling_the_pipeline_ends_the_sweep(self):
        gate = os.path.join(self.folder, "gate")
        run = self.submitted(HyperDriveStep("tune", self.config("--gate", gate)))

        def sweep():
            found = self.experiment.get_runs(type="hyperdrive", include_children=True)
            return next((each for each in found if any(each.get_metrics().values())), None)

        found = wait_until(sweep, "a trial that logs")
        self.assertTrue(run.cancel())
        self.assertEqual(run.wait_for_completion(show_output=False), "Canceled")
        self.assertEqual(found.wait_for_completion()["status"], "Canceled")
        self.assertEqual({child.get_status() for child in found.get_children()}, {"Canceled"})

    def test_wrong_arguments_are_named(self):
        output = PipelineData("m", training_output=TrainingOutput("Model"))
        metrics = [PipelineData(name, training_output=TrainingOutput("Metrics")) for name in ("a", "b")]
        for make, text in (
            (lambda: HyperDriveStep("x", {}), "hyperdrive_config"),
            (lambda: HyperDriveStep("x", self.config(), outputs=[output]), "model_file"),
            (lambda: HyperDriveStep("x", self.config(), outputs=metrics), "two outputs for metrics"),
            (lambda: HyperDriveStep("x", self.config(), metrics_output="m"), "metrics_output"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserErrorException, text):
                make()
        missing = Pipeline(self.workspace, [HyperDriveStep("x", self.config(script="nothing.py"))])
        self.assertRegex(missing.validate()[0], "nothing.py")
        step = HyperDriveStep("x", self.config("--base", PipelineParameter("base", 1)))
        self.assertEqual([parameter.name for parameter in step._parameters()], ["base"])


if __name__ == "__main__":
    unittest.main()
