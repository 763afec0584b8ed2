"""``azureml.train.hyperdrive``, through the real command."""

import contextlib
import io
import json
import os
import signal
import sys
import unittest
from unittest import mock

from support import StoreTestCase, printed, wait_until
from azureml.core import Environment, Experiment, Run, ScriptRun, ScriptRunConfig, Workspace
from azureml.exceptions import ActivityFailedException, NotAvailableException, TrainingException, UserErrorException
from azureml.train.estimator import Estimator
from azureml.train.hyperdrive import *  # noqa: F403 (as scripts do)
from azureml.train.hyperdrive import (
    BanditPolicy,
    BayesianParameterSampling,
    GridParameterSampling,
    HyperDriveConfig,
    HyperDriveRun,
    HyperDriveRunConfig,
    MedianStoppingPolicy,
    NoTerminationPolicy,
    PrimaryMetricGoal,
    RandomParameterSampling,
    TruncationSelectionPolicy,
    choice,
    randint,
    uniform,
)
from azureml.train.hyperdrive import parameter_expressions
from azureml.train.hyperdrive.exceptions import (
    HyperDriveConfigException,
    HyperDriveException,
    HyperDriveRehydrateException,
    HyperDriveScenarioNotSupportedException,
)
from azureml.widgets import RunDetails

TRAIN = """
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--gate")
options, _ = parser.parse_known_args()
run = Run.get_context()
if options.rate < 0:
    raise ValueError("a rate below 0")
run.log("score", options.rate)
run.log("score", options.rate / 2)
run.log("trial of", run.parent.id)
if options.gate and options.rate == 0:
    deadline = time.monotonic() + 60
    while not os.path.exists(options.gate) and time.monotonic() < deadline:
        time.sleep(0.05)
"""
MAXIMIZE = PrimaryMetricGoal.MAXIMIZE


class SweepCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "sweeps")
        self.write("src/train.py", TRAIN)
        self.gate = os.path.join(self.folder, "gate")

    def config(self, rates, arguments=(), **options):
        chosen = {
            "hyperparameter_sampling": GridParameterSampling({"--rate": choice(rates)}),
            "primary_metric_name": "score",
            "primary_metric_goal": MAXIMIZE,
            "max_total_runs": 10,
            "max_concurrent_runs": 1,
            "run_config": ScriptRunConfig("src", "train.py", arguments=list(arguments)),
        }
        chosen.update(options)
        return HyperDriveConfig(**chosen)

    def definition(self, run):
        """What the command took the sweep for."""
        with open(os.path.join(run._folder.path, "orchestration.json"), encoding="utf-8") as file:
            return json.load(file)["definition"]

    def started(self, config):
        """Submits, and waits until a trial has logged something."""
        run = self.experiment.submit(config)
        self.addCleanup(self.end, run)
        wait_until(lambda: any(metrics for metrics in run.get_metrics().values()), "a trial that logs")
        return run

    def end(self, run):
        if run.cancel():
            run.wait_for_completion()


class Sweeps(SweepCase):
    def test_trials_are_ranked_by_the_best_value_that_they_logged(self):
        script = ScriptRunConfig("src", "train.py", environment=Environment("vision"))
        config = self.config([0.5, 2, 1.0], max_concurrent_runs=2, run_config=script)
        run = self.experiment.submit(config, tags={"team": "vision"})
        self.assertIs(type(run), HyperDriveRun)
        details = run.wait_for_completion()
        self.assertEqual((details["status"], run.type, run.get_tags()), ("Completed", "hyperdrive", {"team": "vision"}))
        self.assertRegex(run.id, r"^HD_[0-9a-f]{8}-[0-9a-f-]{27}$")
        best = run.get_best_run_by_primary_metric()
        self.assertIs(type(best), ScriptRun)
        self.assertEqual(best.get_details()["runDefinition"]["arguments"], ["--rate", "2"])
        self.assertEqual((run.get_environment().name, best.get_environment().name), ("vision", "vision"))
        self.assertEqual((best.id, best.parent.id, type(best.parent)), (run.id + "_1", run.id, HyperDriveRun))
        metrics = run.get_metrics()
        self.assertEqual(metrics[best.id], {"score": [2.0, 1.0], "trial of": run.id})
        self.assertEqual(run.get_metrics("score"), {key: {"score": value["score"]} for key, value in metrics.items()})
        parameters = {"_0": '{"--rate": 0.5}', "_1": '{"--rate": 2}', "_2": '{"--rate": 1}'}
        self.assertEqual(run.get_hyperparameters(), {run.id + key: text for key, text in parameters.items()})
        ranked = run.get_children_sorted_by_primary_metric()
        self.assertEqual([child["best_primary_metric"] for child in ranked], [2.0, 1.0, 0.5])
        self.assertEqual(
            ranked[0],
            {
                "run_id": best.id,
                "hyperparameters": '{"--rate": 2}',
                "best_primary_metric": 2.0,
                "status": "Completed",
            },
        )
        self.assertEqual(run.get_children_sorted_by_primary_metric(top=1, reverse=True)[0]["run_id"], run.id + "_0")
        properties = run.get_properties()
        self.assertEqual(json.loads(properties["primary_metric_config"]), {"name": "score", "goal": "maximize"})
        self.assertEqual((properties["best_child_run_id"], float(properties["score"])), (best.id, 2.0))

    def test_one_goes_on_from_another(self):
        first = self.experiment.submit(self.config([4, 1]))
        first.wait_for_completion()
        second = self.experiment.submit(self.config([1, 2, 3, 4], resume_from=first))
        second.wait_for_completion()
        values = [json.loads(text)["--rate"] for text in second.get_hyperparameters().values()]
        self.assertEqual(values, [2, 3])
        self.assertEqual(json.loads(second.get_properties()["resume_from"]), [first.id])
        self.assertEqual(second.get_best_run_by_primary_metric().id, first.id + "_0")
        own = second.get_best_run_by_primary_metric(include_resume_from_runs=False)
        self.assertEqual(own.id, second.id + "_1")
        self.assertEqual(len(second.get_children_sorted_by_primary_metric()), 2)
        third = self.experiment.submit(self.config([1, 2, 3], resume_from=[second, first]))
        self.assertEqual(third.wait_for_completion()["status"], "Completed")
        self.assertEqual(list(third.get_children()), [])
        self.assertIn("have tried everything", third.get_details()["warnings"][0]["message"])
        self.assertEqual(third.get_best_run_by_primary_metric().id, first.id + "_0")

    def test_it_is_found_again_in_its_class(self):
        run = self.experiment.submit(self.config([1.0]))
        run.wait_for_completion()
        trial = next(run.get_children())
        for found in (
            Run.get(self.workspace, run.id),
            next(self.experiment.get_runs()),
            next(Run.list(self.experiment, type="hyperdrive")),
            HyperDriveRun(self.experiment, run.id),
        ):
            self.assertEqual((type(found), found.id), (HyperDriveRun, run.id))
            self.assertEqual(found.get_best_run_by_primary_metric(), trial)
        self.assertEqual(
            [type(found) for found in self.experiment.get_runs(include_children=True)], [ScriptRun, HyperDriveRun]
        )
        self.assertEqual(run.get_children_sorted_by_primary_metric()[0]["run_id"], trial.id)
        with self.assertRaises(HyperDriveRehydrateException):
            HyperDriveRun(self.experiment, trial.id)
        self.assertIn("Type: hyperdrive", repr(run))

    def test_less_is_better_and_some_log_nothing_or_fail(self):
        config = self.config([3.0, -1.0, 1.0], primary_metric_goal=PrimaryMetricGoal.MINIMIZE)
        run = self.experiment.submit(config)
        run.wait_for_completion()
        self.assertEqual(run.get_best_run_by_primary_metric().id, run.id + "_2")
        ranked = run.get_children_sorted_by_primary_metric()
        found = [(child["best_primary_metric"], child["status"]) for child in ranked]
        self.assertEqual(found, [(0.5, "Completed"), (1.5, "Completed"), (None, "Failed")])
        kept = run.get_children_sorted_by_primary_metric(discard_no_metric=True, reverse=True)
        self.assertEqual([child["best_primary_metric"] for child in kept], [1.5, 0.5])
        for top in (-1, True, "1"):
            with self.assertRaises(UserErrorException):
                run.get_children_sorted_by_primary_metric(top=top)

    def test_a_metric_that_nobody_logs(self):
        run = self.experiment.submit(self.config([1.0], primary_metric_name="accuracy"))
        details = run.wait_for_completion()
        self.assertIsNone(run.get_best_run_by_primary_metric())
        self.assertIn('"accuracy"', details["warnings"][-1]["message"])

    def test_a_script_that_always_fails(self):
        run = self.experiment.submit(self.config([-1.0, -2.0, -3.0, -4.0]))
        with self.assertRaisesRegex(ActivityFailedException, "a rate below 0"):
            run.wait_for_completion()
        self.assertEqual(len(list(run.get_children(status="Failed"))), 3)

    def test_show_output_prints_the_log_of_the_sweep(self):
        run, text = printed(lambda: self.experiment.submit(self.config([1.0]), show_output=True))
        name = "RunId: {}\nWeb View: {}\n".format(run.id, run.get_portal_url())
        title = "Streaming azureml-logs/hyperdrive.txt"
        self.assertTrue(text.startswith("{}\n{}\n{}\n\n".format(name, title, "=" * len(title))), text)
        self.assertIn("The best trial is {}_0".format(run.id), text)
        self.assertTrue(text.endswith("\nExecution Summary\n=================\n" + name))

    def test_an_estimator_and_the_first_spelling(self):
        estimator = Estimator("src", entry_script="train.py", script_params={"--gate": self.gate})
        sampling = RandomParameterSampling({"rate": uniform(1, 2)}, properties={"seed": 7})
        config = HyperDriveRunConfig(estimator, sampling, "score", MAXIMIZE, 2, policy=NoTerminationPolicy())
        self.assertEqual((config.estimator, config.run_config), (estimator, None))
        runs = [self.experiment.submit(config) for _ in range(2)]
        for run in runs:
            run.wait_for_completion()
        arguments = next(runs[0].get_children()).get_details()["runDefinition"]["arguments"]
        self.assertEqual((arguments[:3], len(arguments)), (["--gate", self.gate, "--rate"], 4))
        # The seed chose the same values.
        values = [sorted(run.get_hyperparameters().values()) for run in runs]
        self.assertEqual((values[0], len(set(values[0]))), (values[1], 2))

    def test_a_command_for_the_shell_gets_the_hyperparameters_as_well(self):
        config = ScriptRunConfig("src", command="python train.py --gate here")
        run = self.experiment.submit(self.config([1.5], run_config=config))
        run.wait_for_completion()
        self.assertEqual(run.get_best_run_by_primary_metric().get_metrics()["score"], [1.5, 0.75])

    def test_everything_reaches_the_command(self):
        policy = TruncationSelectionPolicy(20, evaluation_interval=2, delay_evaluation=3, exclude_finished_jobs=True)
        config = self.config(
            [1.0], policy=policy, max_total_runs=5, max_concurrent_runs=3, max_duration_minutes=60, custom_run_id="mine"
        )
        run = self.experiment.submit(config)
        self.assertEqual((run.id, run.hyperdrive_config), ("mine", config))
        run.wait_for_completion()
        definition = self.definition(run)
        self.assertEqual(
            definition["policy"],
            {
                "type": "truncation_selection",
                "evaluationInterval": 2,
                "delayEvaluation": 3,
                "truncationPercentage": 20,
                "excludeFinishedJobs": True,
            },
        )
        limits = [definition[name] for name in ("maxTotalRuns", "maxConcurrentRuns", "maxDurationMinutes")]
        self.assertEqual(limits, [5, 3, 60])

    def test_a_compute_target_that_is_not_here_is_named(self):
        stream = io.StringIO()
        config = ScriptRunConfig("src", "train.py", compute_target="gpu-cluster")
        with contextlib.redirect_stderr(stream):
            run = self.experiment.submit(self.config([1.0], run_config=config))
        details = run.wait_for_completion()
        self.assertIn("'gpu-cluster'", stream.getvalue())
        self.assertIn("'gpu-cluster'", details["warnings"][0]["message"])

    def test_as_a_child(self):
        with self.experiment.start_logging() as parent:
            run = parent.submit_child(self.config([1.0]))
            run.wait_for_completion()
        self.assertEqual([(type(child), child.id) for child in parent.get_children()], [(HyperDriveRun, run.id)])


class Interrupted(SweepCase):
    def test_a_policy_ends_a_trial(self):
        config = self.config([1.0, 0.0], ["--gate", self.gate], policy=BanditPolicy(slack_factor=0.1))
        run = self.started(config)
        run.wait_for_completion()
        ranked = run.get_children_sorted_by_primary_metric()
        found = [(child["best_primary_metric"], child["status"]) for child in ranked]
        self.assertEqual(found, [(1.0, "Completed"), (0.0, "Canceled")])
        self.assertEqual(run.get_status(), "Completed")
        self.assertEqual(run.get_best_run_by_primary_metric(include_canceled=False).id, run.id + "_0")

    def test_cancelling_ends_the_trials(self):
        run = self.started(self.config([0.0], ["--gate", self.gate]))
        for end in (run.complete, run.fail):
            with self.assertRaisesRegex(UserErrorException, "run.cancel"):
                end()
        self.assertTrue(run.cancel())
        self.assertEqual(run.wait_for_completion()["status"], "Canceled")
        self.assertEqual([child.get_status() for child in run.get_children()], ["Canceled"])
        self.assertIsNone(run.get_best_run_by_primary_metric(include_canceled=False))
        self.assertFalse(run.cancel())

    def kill_orchestrator(self, run):
        with open(os.path.join(run._folder.path, "orchestrators", "1"), encoding="utf-8") as file:
            os.kill(json.load(file)["pid"], signal.SIGKILL)
        wait_until(lambda: run.get_status() == "NotResponding", "the orchestrator's end")

    @unittest.skipIf(sys.platform == "win32", "needs SIGKILL")
    def test_one_whose_process_was_killed_is_taken_up_again_by_whoever_waits(self):
        run = self.started(self.config([0.0, 1.0], ["--gate", self.gate]))
        self.kill_orchestrator(run)
        self.write("gate", "", self.folder)
        self.assertEqual(run.wait_for_completion()["status"], "Completed")
        self.assertEqual(sorted(run.get_hyperparameters()), [run.id + "_0", run.id + "_1"])

    @unittest.skipIf(sys.platform == "win32", "needs SIGKILL")
    def test_one_whose_process_was_killed_is_canceled_all_the_same(self):
        run = self.started(self.config([0.0, 1.0], ["--gate", self.gate]))
        self.kill_orchestrator(run)
        self.assertTrue(run.cancel())
        self.assertEqual(run.wait_for_completion()["status"], "Canceled")
        self.assertEqual([child.get_status() for child in run.get_children()], ["Canceled"])

    @unittest.skipIf(sys.platform == "win32", "needs SIGKILL")
    def test_without_the_command_waiting_says_what_is_missing(self):
        run = self.started(self.config([0.0], ["--gate", self.gate]))
        self.kill_orchestrator(run)
        with mock.patch.dict(os.environ, RUNLEDGER_CLI=os.path.join(self.folder, "nothing")):
            with self.assertRaisesRegex(UserErrorException, "RUNLEDGER_CLI"):
                run.wait_for_completion()


class Shown(SweepCase):
    def test_outside_a_notebook_the_trials_are_listed(self):
        run = self.experiment.submit(self.config([1.0, 2.0]))
        run.wait_for_completion()
        _, text = printed(RunDetails(run).show)
        self.assertIn("_HyperDriveWidget", text)
        self.assertIn("Best run: {}_1 (score: 2.0)".format(run.id), text)
        self.assertLess(text.index(run.id + "_1 Completed"), text.index(run.id + "_0 Completed"))
        data = RunDetails(run).get_widget_data()
        json.dumps(data, allow_nan=False)
        self.assertEqual([child["best_metric"] for child in data["child_runs"]], [2.0, 1.0])
        self.assertEqual(data["best_child_run_id"], run.id + "_1")
        self.assertIn("The best trial is", data["run_logs"])


class Arguments(SweepCase):
    def test_expressions(self):
        made = {
            "choice": [("a", 1, True), ["choice", [["a", 1, True]]]],
            "randint": [(3,), ["randint", [3]]],
            "uniform": [(0, 1), ["uniform", [0, 1]]],
            "quniform": [(0, 1, 0.1), ["quniform", [0, 1, 0.1]]],
            "loguniform": [(-5, -1), ["loguniform", [-5, -1]]],
            "qloguniform": [(-5, 1, 2), ["qloguniform", [-5, 1, 2]]],
            "normal": [(0, 2), ["normal", [0, 2]]],
            "qnormal": [(0, 2, 1), ["qnormal", [0, 2, 1]]],
            "lognormal": [(0, 2), ["lognormal", [0, 2]]],
            "qlognormal": [(0, 2, 1), ["qlognormal", [0, 2, 1]]],
        }
        self.assertEqual(sorted(made), sorted(parameter_expressions.__all__))
        space = {}
        for name, (arguments, expected) in made.items():
            space["--" + name] = getattr(parameter_expressions, name)(*arguments)
            self.assertEqual(space["--" + name], expected)
        self.assertEqual(choice(range(2)), ["choice", [[0, 1]]])
        self.assertEqual(choice(["a", "b"]), ["choice", [["a", "b"]]])
        self.assertEqual(RandomParameterSampling(space).parameter_space, space)
        # The command takes each of them.
        space["--rate"] = choice(1.0)
        config = self.config([], hyperparameter_sampling=RandomParameterSampling(space), max_total_runs=1)
        run = self.experiment.submit(config)
        run.wait_for_completion()
        self.assertEqual(set(json.loads(run.get_hyperparameters()[run.id + "_0"])), set(space))

    def config(self, rates, arguments=(), **options):
        return super().config(rates or [1.0], arguments, **options)

    def test_wrong_ones_are_named(self):
        refusals = (
            (lambda: choice(), "choice"),
            (lambda: choice({"a": 1}, {"b": 2}), "option"),
            (lambda: choice(float("nan")), "finite"),
            (lambda: randint(0), "upper"),
            (lambda: uniform(2, 1), "min_value"),
            (lambda: uniform("a", 1), "min_value"),
            (lambda: parameter_expressions.quniform(0, 1, 0), "q must be above 0"),
            (lambda: parameter_expressions.normal(0, -1), "sigma"),
            (lambda: RandomParameterSampling({}), "parameter_space"),
            (lambda: RandomParameterSampling({"--a": [1, 2]}), "'--a'"),
            (lambda: RandomParameterSampling({"--": choice(1)}), "name of an argument"),
            (lambda: RandomParameterSampling({"a": choice(1)}, {"seed": "x"}), "seed"),
            (lambda: GridParameterSampling({"--a": uniform(0, 1)}), "only choice"),
            (lambda: BayesianParameterSampling({"--a": randint(3)}), "quniform"),
            (lambda: BanditPolicy(), "slack_factor or slack_amount"),
            (lambda: BanditPolicy(slack_factor=0.1, slack_amount=1), "slack_factor or slack_amount"),
            (lambda: BanditPolicy(slack_factor=-1), "slack_factor"),
            (lambda: MedianStoppingPolicy(evaluation_interval=0), "evaluation_interval"),
            (lambda: MedianStoppingPolicy(delay_evaluation=-1), "delay_evaluation"),
            (lambda: TruncationSelectionPolicy(0), "truncation_percentage"),
            (lambda: TruncationSelectionPolicy(1.5), "truncation_percentage"),
            (lambda: self.config([], hyperparameter_sampling={}), "hyperparameter_sampling"),
            (lambda: self.config([], primary_metric_name=""), "primary_metric_name"),
            (lambda: self.config([], primary_metric_goal="best"), "primary_metric_goal"),
            (lambda: self.config([], max_total_runs=0), "max_total_runs"),
            (lambda: self.config([], max_concurrent_runs=1.5), "max_concurrent_runs"),
            (lambda: self.config([], max_duration_minutes=-1), "max_duration_minutes"),
            (lambda: self.config([], policy="bandit"), "policy"),
            (lambda: self.config([], run_config=None), "run_config or estimator"),
            (lambda: self.config([], estimator=Estimator("src", entry_script="train.py")), "run_config or estimator"),
            (lambda: self.config([], run_config="train.py"), "run_config"),
            (lambda: self.config([], run_config=None, estimator="train.py"), "estimator"),
        )
        for make, text in refusals:
            with self.subTest(text), self.assertRaisesRegex(HyperDriveConfigException, text) as caught:
                make()
            self.assertIsInstance(caught.exception, (HyperDriveException, TrainingException))
            self.assertIsInstance(caught.exception, UserErrorException)

    def test_what_does_not_go_together_or_is_not_offered(self):
        with self.assertRaisesRegex(HyperDriveScenarioNotSupportedException, "policy"):
            self.config(
                [],
                hyperparameter_sampling=BayesianParameterSampling({"--rate": uniform(0, 1)}),
                policy=MedianStoppingPolicy(),
            )
        with self.assertRaisesRegex(HyperDriveConfigException, "resume_from must be a HyperDriveRun"):
            self.config([], resume_from=["HD_1"])
        for name in ("resume_child_runs", "pipeline"):
            with self.assertRaisesRegex(NotAvailableException, name):
                self.config([], **{name: object()})

    def test_a_script_that_is_not_there_makes_no_run(self):
        with self.assertRaisesRegex(UserErrorException, "nothing.py"):
            self.experiment.submit(self.config([], run_config=ScriptRunConfig("src", "nothing.py")))
        self.assertEqual(list(self.experiment.get_runs()), [])

    def test_old_module_paths(self):
        import azureml.train.hyperdrive.policy as policy
        import azureml.train.hyperdrive.run as run
        import azureml.train.hyperdrive.runconfig as runconfig
        import azureml.train.hyperdrive.sampling as sampling

        self.assertIs(policy.BanditPolicy, BanditPolicy)
        self.assertIs(run.PrimaryMetricGoal, PrimaryMetricGoal)
        self.assertIs(runconfig.HyperDriveConfig, HyperDriveConfig)
        self.assertIs(sampling.RandomParameterSampling, RandomParameterSampling)
        self.assertIs(parameter_expressions.choice, choice)


if __name__ == "__main__":
    unittest.main()
