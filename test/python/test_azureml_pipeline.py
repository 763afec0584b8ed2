"""``azureml.pipeline``, through the real command."""

import contextlib
import io
import json
import os
import signal
import sys
import unittest

from support import StoreTestCase, printed, wait_until
from azureml.core import Dataset, Datastore, Experiment, Run, RunConfiguration, Workspace
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.data.data_reference import DataReference
from azureml.data.dataset_consumption_config import DatasetConsumptionConfig
from azureml.data.datapath import DataPath, DataPathComputeBinding
from azureml.exceptions import ActivityFailedException, NotAvailableException, UserErrorException
from azureml.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
    PipelineRun,
    PortDataReference,
    PublishedPipeline,
    StepRun,
    StepSequence,
    TrainingOutput,
)
from azureml.pipeline.steps import CommandStep, EstimatorStep, PythonScriptStep
from azureml.train.estimator import Estimator
from azureml.widgets import RunDetails

WRITE = """
import os, sys
from azureml.core import Run
run = Run.get_context()
text, path = sys.argv[1], sys.argv[2]
os.makedirs(path, exist_ok=True)
with open(os.path.join(path, "text.txt"), "w") as file:
    file.write(text)
run.log("length", len(text))
run.parent.tag("written", text)
print("wrote", text)
"""
READ = """
import os, sys
from azureml.core import Run
with open(os.path.join(sys.argv[1], "text.txt")) as file:
    Run.get_context().log("read", file.read())
"""
SHOW = """
import json, os, sys
from azureml.core import Run
run = Run.get_context()
shown = {"arguments": sys.argv[1:], "inputs": {}, "outputs": run.output_datasets, "variables": {}}
for name, value in run.input_datasets.items():
    shown["inputs"][name] = value if isinstance(value, str) else type(value).__name__
for name, value in os.environ.items():
    if name.startswith(("AML_", "AZUREML_DATAREFERENCE_")):
        shown["variables"][name] = value
with open(os.path.join("outputs", "shown.json"), "w") as file:
    json.dump(shown, file)
"""
WAIT = """
import os, sys, time
print("waits", flush=True)
deadline = time.monotonic() + 60
while not os.path.exists(sys.argv[1]) and time.monotonic() < deadline:
    time.sleep(0.05)
"""


class PipelineCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "pipelines")
        self.gate = os.path.join(self.folder, "gate")
        for name, text in (
            ("write", WRITE),
            ("read", READ),
            ("show", SHOW),
            ("wait", WAIT),
            ("fail", "raise OSError('no')"),
        ):
            self.write("src/{}.py".format(name), text)

    def step(self, script, *arguments, **options):
        return PythonScriptStep(script + ".py", arguments=list(arguments), source_directory="src", **options)

    def writer(self, text="hello", name="data", **options):
        """``(a step that writes, its output)``."""
        data = PipelineData(name, datastore=self.workspace.get_default_datastore())
        return self.step("write", text, data, outputs=[data], **options), data

    def submitted(self, steps, **options):
        pipeline = steps if isinstance(steps, Pipeline) else Pipeline(self.workspace, steps)
        run, _ = printed(lambda: self.experiment.submit(pipeline, **options))
        self.addCleanup(lambda: run.cancel() and run.wait_for_completion(show_output=False))
        return run

    def completed(self, steps, **options):
        run = self.submitted(steps, **options)
        self.assertEqual(run.wait_for_completion(show_output=False), "Finished")
        return run

    def shown(self, run, name="show.py"):
        """What a step that runs ``show.py`` has found."""
        (step,) = run.find_step_run(name)
        step.download_file("outputs/shown.json", self.folder)
        with open(os.path.join(self.folder, "shown.json"), encoding="utf-8") as file:
            return json.load(file)


class Guide(PipelineCase):
    def test_the_sample_of_the_guide_to_runs(self):
        aml_compute = ComputeTarget.create(self.workspace, "cluster", AmlCompute.provisioning_configuration())
        def_blob_store = Datastore(self.workspace, "workspaceblobstore")
        run_amlcompute = RunConfiguration()
        for name in ("train", "evaluate"):
            self.write("scripts/{}.py".format(name), "import sys\nprint(sys.argv[1:])\n")
        train_step = PythonScriptStep(
            name="train",
            script_name="train.py",
            arguments=["--model_name", "net"],
            compute_target=aml_compute,
            runconfig=run_amlcompute,
            source_directory="scripts",
            allow_reuse=False,
        )
        evaluate_output = PipelineData("evaluate_output", datastore=def_blob_store)
        evaluate_step = PythonScriptStep(
            name="evaluate",
            script_name="evaluate.py",
            arguments=["--model_name", "net", "--image_name", "image", "--output", evaluate_output],
            outputs=[evaluate_output],
            compute_target=aml_compute,
            runconfig=run_amlcompute,
            source_directory="scripts",
            allow_reuse=False,
        )
        evaluate_step.run_after(train_step)
        pipeline = Pipeline(workspace=self.workspace, steps=[evaluate_step])
        pipeline_run, _ = printed(lambda: Experiment(self.workspace, "guide").submit(pipeline))
        status, text = printed(lambda: pipeline_run.wait_for_completion(show_output=True))
        self.assertEqual(status, "Finished")
        self.assertEqual([step.name for step in pipeline_run.get_steps()], ["evaluate", "train"])
        output = pipeline_run.find_step_run("evaluate")[0].get_output_data("evaluate_output")
        self.assertIn("['--model_name', 'net', '--image_name', 'image', '--output', '{}']".format(output._local), text)


class Runs(PipelineCase):
    def test_a_step_reads_what_another_has_written(self):
        write, data = self.writer()
        read = self.step("read", data, inputs=[data])
        run = self.completed([read], tags={"team": "vision"})
        self.assertEqual((type(run), run.type, run.status), (PipelineRun, "azureml.PipelineRun", "Completed"))
        self.assertEqual(run.get_tags(), {"team": "vision", "written": "hello"})
        steps = run.get_steps()[::-1]
        self.assertEqual([(type(step), step.name) for step in steps], [(StepRun, "write.py"), (StepRun, "read.py")])
        self.assertEqual([step.get_metrics() for step in steps], [{"length": 5}, {"read": "hello"}])
        self.assertEqual((steps[0].parent, steps[0].pipeline_run_id), (run, run.id))
        self.assertEqual((steps[0].get_status(), steps[0].status), ("Finished", "Completed"))
        self.assertEqual(steps[0].get_stdout_log(), "wrote hello\n")
        properties = steps[0].get_properties()
        self.assertEqual(properties["azureml.runsource"], "azureml.StepRun")
        self.assertEqual((properties["StepType"], properties["azureml.pipelinerunid"]), ("PythonScriptStep", run.id))
        self.assertEqual([step.id for step in run.find_step_run("read.py")], [steps[1].id])
        self.assertEqual(run.find_step_run("nobody"), [])
        self.assertEqual(set(steps[0].get_outputs()), {"data"})

    def test_they_are_found_again_in_their_classes(self):
        run = self.completed([self.writer()[0]])
        (step,) = run.get_steps()
        for found in (
            Run.get(self.workspace, run.id),
            PipelineRun.get(self.workspace, run.id),
            PipelineRun(self.experiment, run.id),
            next(self.experiment.get_runs()),
        ):
            self.assertEqual((type(found), found.id), (PipelineRun, run.id))
        for found in (
            self.workspace.get_run(step.id),
            next(run.get_children()),
            StepRun(self.experiment, step.id, run.id, "n"),
        ):
            self.assertEqual((type(found), found.id), (StepRun, step.id))
        for make in (
            lambda: PipelineRun(self.experiment, step.id),
            lambda: StepRun(self.experiment, run.id),
            lambda: PipelineRun.get(self.workspace, step.id),
        ):
            with self.assertRaisesRegex(UserErrorException, "its type is"):
                make()
        self.assertEqual(
            repr(run),
            "Run(Experiment: pipelines,\nId: {},\nType: azureml.PipelineRun,\nStatus: Completed)".format(run.id),
        )

    def test_outputs_are_downloaded_and_read_by_other_pipelines(self):
        data = PipelineData("data", pipeline_output_name="result")
        run = self.completed([self.step("write", "hello", data, outputs=[data])])
        found = run.get_pipeline_output("result")
        self.assertIs(type(found), PortDataReference)
        (step,) = run.get_steps()
        self.assertEqual(found.path_on_datastore, "azureml/{}/data".format(step.id))
        self.assertEqual(found.datastore.name, "workspaceblobstore")
        self.assertEqual(found.download("copy"), 1)
        self.assertEqual(found.download("copy"), 0)
        _, text = printed(lambda: found.download("copy", overwrite=True, show_progress=True))
        self.assertEqual(text, "Downloaded data/text.txt\n")
        with open(os.path.join("copy", found._path_on_datastore, "text.txt")) as file:
            self.assertEqual(file.read(), "hello")
        self.assertEqual(step.get_output("data").get_port_data_reference().path_on_datastore, found.path_on_datastore)
        self.assertEqual(run.get_pipeline_output("data").path_on_datastore, found.path_on_datastore)
        other = self.completed([self.step("read", found, inputs=[found])])
        self.assertEqual(other.get_steps()[0].get_metrics(), {"read": "hello"})
        with self.assertRaisesRegex(UserErrorException, "result"):
            run.get_pipeline_output("nothing")
        with self.assertRaisesRegex(UserErrorException, "It has: data"):
            step.get_output("nothing")

    def test_a_step_that_did_not_write_its_output(self):
        data = PipelineData("data")
        run = self.completed([self.step("show", outputs=[data])])
        with self.assertRaisesRegex(UserErrorException, "wrote nothing"):
            run.get_steps()[0].get_output_data("data").download("copy")

    def test_the_second_time_steps_are_reused(self):
        write, data = self.writer()
        pipeline = Pipeline(self.workspace, [self.step("read", data, inputs=[data]), write])
        first = self.completed(pipeline)
        second = self.completed(pipeline)
        for old, new in zip(first.get_steps(), second.get_steps()):
            self.assertEqual(new.get_properties()["azureml.isreused"], "true")
            self.assertEqual(new.get_properties()["azureml.reusedrunid"], old.id)
            self.assertEqual(new.get_properties()["azureml.rootpipelinerunid"], first.id)
            self.assertEqual(new.get_metrics(), old.get_metrics())
            self.assertEqual(
                new.get_details()["runDefinition"]["arguments"], old.get_details()["runDefinition"]["arguments"]
            )
        third = self.completed(pipeline, regenerate_outputs=True)
        self.assertNotIn("azureml.isreused", third.get_steps()[0].get_properties())

    def test_without_allow_reuse_a_step_runs_again(self):
        pipeline = Pipeline(self.workspace, [self.writer(allow_reuse=False)[0]])
        for _ in range(2):
            run = self.completed(pipeline)
            self.assertNotIn("azureml.isreused", run.get_steps()[0].get_properties())

    def is_reused(self, run):
        return run.get_steps()[0].get_properties().get("azureml.isreused") == "true"

    def test_a_file_that_is_read_and_has_changed_runs_the_step_again(self):
        datastore = self.workspace.get_default_datastore()
        self.write("more.txt", "1")
        for reference in (
            datastore.path("in").as_mount(),
            Dataset.File.from_files((datastore, "in/*"), validate=False).as_named_input("files").as_mount(),
        ):
            self.write("text.txt", "one", datastore._local_path("in"))
            pipeline = Pipeline(self.workspace, [self.step("read", reference, inputs=[reference])])
            runs = [self.completed(pipeline), self.completed(pipeline)]
            self.write("text.txt", "three", datastore._local_path("in"))
            runs.append(self.completed(pipeline))
            self.assertEqual([self.is_reused(run) for run in runs], [False, True, False])
            self.assertEqual(runs[2].get_steps()[0].get_metrics(), {"read": "three"})

    def test_hash_paths_and_version(self):
        self.write("src/more.txt", "1")
        runs = []
        for version in ("1", "1", "2"):
            step = self.step("write", "a", "out", version=version, hash_paths=["more.txt"])
            runs.append(self.completed([step]))
        self.assertEqual([self.is_reused(run) for run in runs], [False, True, False])

    def test_a_step_that_fails(self):
        first = self.step("fail", name="first")
        after = self.step("show", name="after")
        after.run_after(first)
        other = self.step("show", name="other", allow_reuse=False)
        pipeline = Pipeline(self.workspace, [after, other])
        run = self.submitted(pipeline, continue_on_step_failure=True)
        with self.assertRaisesRegex(ActivityFailedException, "first"):
            run.wait_for_completion(show_output=False)
        self.assertEqual(run.wait_for_completion(show_output=False, raise_on_error=False), "Failed")
        self.assertEqual(
            {step.name: step.get_status() for step in run.get_steps()}, {"first": "Failed", "other": "Finished"}
        )
        (step,) = run.find_step_run("first")
        with self.assertRaisesRegex(ActivityFailedException, "OSError: no"):
            step.wait_for_completion(show_output=False)

    def test_cancelling_and_a_time_limit(self):
        run = self.submitted([self.step("wait", self.gate)])
        wait_until(lambda: run.get_steps() and run.get_steps()[0].get_stdout_log(), "the step's log")
        self.assertEqual(run.get_status(), "Running")
        status, text = printed(lambda: run.wait_for_completion(show_output=False, timeout_seconds=0))
        self.assertEqual(
            (status, text), ("Running", "The run {} goes on: it was waited for 0 seconds.\n".format(run.id))
        )
        status, text = printed(lambda: run.wait_for_completion(timeout_seconds=0))
        self.assertIn("goes on: it was waited for 0 seconds", text)
        for end in (run.complete, run.fail, run.get_steps()[0].complete):
            with self.assertRaisesRegex(UserErrorException, "run.cancel"):
                end()
        self.assertTrue(run.cancel())
        self.assertEqual(run.wait_for_completion(show_output=False), "Canceled")
        self.assertEqual([step.get_status() for step in run.get_steps()], ["Canceled"])

    def test_a_step_cancels_its_pipeline(self):
        self.write("src/stop.py", "from azureml.core import Run\nRun.get_context().parent.cancel()\n")
        stop = self.step("stop")
        after = self.step("show")
        after.run_after(stop)
        run = self.submitted([after])
        self.assertEqual(run.wait_for_completion(show_output=False), "Canceled")
        self.assertEqual(run.find_step_run("show.py"), [])

    @unittest.skipIf(sys.platform == "win32", "needs SIGKILL")
    def test_one_whose_process_was_killed_is_taken_up_again_by_whoever_waits(self):
        wait = self.step("wait", self.gate)
        after = self.step("show")
        after.run_after(wait)
        run = self.submitted([after])
        wait_until(lambda: run.get_steps() and run.get_steps()[0].get_stdout_log(), "the step's log")
        with open(os.path.join(run._folder.path, "orchestrators", "1"), encoding="utf-8") as file:
            os.kill(json.load(file)["pid"], signal.SIGKILL)
        wait_until(lambda: run.status == "NotResponding", "the orchestrator's end")
        self.write("gate", "", self.folder)
        status, _ = printed(run.wait_for_completion)
        self.assertEqual((status, len(run.find_step_run("show.py"))), ("Finished", 1))

    def test_what_is_printed(self):
        write, data = self.writer()
        pipeline = Pipeline(self.workspace, [write])
        run, text = printed(lambda: self.experiment.submit(pipeline))
        address = "Link to Azure Machine Learning Portal: {}\n"
        note = "(This step is eligible to reuse a previous run's output)"
        self.assertRegex(text.split("\n")[0], r"^Created step write\.py \[[0-9a-f]{8}\], ")
        self.assertIn(note, text)
        self.assertTrue(
            text.endswith("Submitted PipelineRun {}\n".format(run.id) + address.format(run.get_portal_url()))
        )
        status, text = printed(run.wait_for_completion)
        (step,) = run.get_steps()
        log = "Streaming azureml-logs/70_driver_log.txt\n{}\n\nwrote hello\n\n".format("=" * 40)
        head = "PipelineRunId: {}\n{}PipelineRun Status: ".format(run.id, address.format(run.get_portal_url()))
        self.assertTrue(text.startswith(head), text)
        self.assertIn("\n\nStepRunId: {}\n{}".format(step.id, address.format(step.get_portal_url())), text)
        self.assertIn("StepRun( write.py ) Status: ", text)
        rule = "=" * len("\nStepRun(write.py) Execution Summary")
        summary = "\nStepRun(write.py) Execution Summary\n{}\nStepRun( write.py ) Status: Finished\n{}\n\n"
        self.assertIn(log + summary.format(rule, step.get_details()), text)
        rule = "=" * len("\nPipelineRun Execution Summary")
        end = "\nPipelineRun Execution Summary\n{}\nPipelineRun Status: Finished\n{}\n\n"
        self.assertTrue(text.endswith(end.format(rule, run.get_details())), text)
        self.assertEqual((status, run.get_details()["status"]), ("Finished", "Completed"))

    def test_outside_a_notebook_the_steps_are_listed(self):
        write, data = self.writer()
        read = self.step("read", data, inputs=[data], name="second")
        run = self.completed([read])
        _, text = printed(RunDetails(run).show)
        self.assertIn("_PipelineWidget", text)
        self.assertIn("  write.py ({}) Completed\n  second (".format(run.find_step_run("write.py")[0].id), text)
        data = RunDetails(run).get_widget_data()
        self.assertEqual([child["displayName"] for child in data["child_runs"]], ["write.py", "second"])
        self.assertIn("starts", data["run_logs"])


class Steps(PipelineCase):
    def test_what_arguments_and_variables_stand_for(self):
        write, data = self.writer()
        parameter = PipelineParameter("rate", 1.0)
        own = PipelineData("own", output_name="mine", is_directory=True)
        reference = self.workspace.get_default_datastore().path("raw", data_reference_name="raw")
        os.makedirs(str(reference))
        show = self.step(
            "show",
            parameter,
            "--own=" + str(own),
            "--data={}/part".format(data),
            "$AZUREML_DATAREFERENCE_other",
            7,
            reference,
            inputs=[data.as_input("named"), data, reference],
            outputs=[own],
            params={"rate": parameter, "fixed": 3},
        )
        run = self.completed([show], pipeline_parameters={"rate": 2.0})
        path = run.find_step_run("write.py")[0].get_output_data("data")._local
        mine = run.find_step_run("show.py")[0].get_output_data("mine")._local
        shown = self.shown(run)
        self.assertEqual(
            shown["arguments"],
            [
                "2.0",
                "--own=" + mine,
                "--data={}/part".format(path),
                "$AZUREML_DATAREFERENCE_other",
                "7",
                str(reference),
            ],
        )
        self.assertTrue(os.path.isdir(mine))
        self.assertEqual(shown["inputs"], {"named": path, "data": path, "raw": str(reference)})
        self.assertEqual(shown["outputs"], {"mine": mine})
        self.assertEqual(
            shown["variables"],
            {
                "AML_PARAMETER_rate": "2.0",
                "AML_PARAMETER_fixed": "3",
                "AZUREML_DATAREFERENCE_named": path,
                "AZUREML_DATAREFERENCE_data": path,
                "AZUREML_DATAREFERENCE_mine": mine,
                "AZUREML_DATAREFERENCE_raw": str(reference),
            },
        )
        self.assertEqual(json.loads(run.get_properties()["azureml.parameters"]), {"rate": "2.0"})

    def test_data_sets_are_inputs(self):
        self.write("table.csv", "a,b\n1,2\n")
        table = Dataset.Tabular.from_delimited_files(os.path.join(self.project, "table.csv"))
        write, data = self.writer()
        inputs = [
            table.as_named_input("table"),
            data.as_dataset().as_named_input("files"),
            data.as_dataset()
            .parse_delimited_files(file_extension=".txt")
            .keep_columns("hello")
            .as_named_input("parsed"),
        ]
        run = self.completed([self.step("show", inputs=inputs)])
        path = run.find_step_run("write.py")[0].get_output_data("data")._local
        self.assertEqual(
            self.shown(run)["inputs"], {"table": "TabularDataset", "files": path, "parsed": "TabularDataset"}
        )

    def test_a_table_that_an_earlier_step_wrote_is_read(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("needs pandas")
        self.write(
            "src/table.py",
            "from azureml.core import Run\n"
            "run = Run.get_context()\n"
            "run.log('columns', str(list(run.input_datasets['table'].to_pandas_dataframe().columns)))\n",
        )
        write, data = self.writer("a,b\n1,2\n")
        table = data.as_dataset().parse_delimited_files().drop_columns(["a"]).as_named_input("table")
        run = self.completed([self.step("table", inputs=[table])])
        self.assertEqual(run.find_step_run("table.py")[0].get_metrics(), {"columns": "['b']"})

    def test_a_parameter_may_be_a_place_of_a_datastore(self):
        datastore = self.workspace.get_default_datastore()
        for name in ("one", "two"):
            self.write("text.txt", name, datastore._local_path(name))
        parameter = PipelineParameter("input", DataPath(datastore, "one"))
        bound = (parameter, DataPathComputeBinding(mode="mount"))
        pipeline = Pipeline(self.workspace, [self.step("read", bound, inputs=[bound])])
        self.assertEqual(self.completed(pipeline).get_steps()[0].get_metrics(), {"read": "one"})
        run = self.completed(pipeline, pipeline_parameters={"input": DataPath(datastore, "two")})
        self.assertEqual(run.get_steps()[0].get_metrics(), {"read": "two"})

    def test_a_parameter_may_be_a_data_set(self):
        datastore = self.workspace.get_default_datastore()
        sets = {}
        for name in ("one", "two"):
            self.write("text.txt", name, datastore._local_path(name))
            sets[name] = Dataset.File.from_files((datastore, name))
        parameter = PipelineParameter("data", sets["one"])
        bound = DatasetConsumptionConfig("files", parameter).as_mount()
        pipeline = Pipeline(self.workspace, [self.step("read", bound, inputs=[bound])])
        self.assertEqual(self.completed(pipeline).get_steps()[0].get_metrics(), {"read": "one"})
        run = self.completed(pipeline, pipeline_parameters={"data": sets["two"]})
        self.assertEqual(run.get_steps()[0].get_metrics(), {"read": "two"})
        with self.assertRaisesRegex(UserErrorException, "dataset must be"):
            self.experiment.submit(pipeline, pipeline_parameters={"data": "two"})

    def test_commands(self):
        write, data = self.writer()
        listed = CommandStep(["python", "read.py", data], name="listed", source_directory="src", inputs=[data])
        line = CommandStep(
            "python read.py {} && echo done".format(data), name="line", source_directory="src", inputs=[data]
        )
        mixed = CommandStep(["python read.py", data, "&& echo", 3], name="mixed", source_directory="src", inputs=[data])
        run = self.completed([listed, line, mixed])
        for name in ("listed", "line", "mixed"):
            (step,) = run.find_step_run(name)
            self.assertEqual(
                (step.get_metrics(), step.get_properties()["StepType"]), ({"read": "hello"}, "CommandStep")
            )
        self.assertEqual(run.find_step_run("mixed")[0].get_stdout_log(), "3\n")
        self.assertEqual(CommandStep("python x.py").name, "python")

    def test_an_estimator(self):
        estimator = Estimator("src", entry_script="show.py", script_params={"--a": 1})
        step = EstimatorStep(estimator=estimator, estimator_entry_script_arguments=["--b", PipelineParameter("b", 2)])
        run = self.completed([step])
        self.assertEqual(self.shown(run)["arguments"], ["--a", "1", "--b", "2"])

    def test_defaults_of_the_pipeline(self):
        other = Datastore.register_azure_blob_container(self.workspace, "other", "container", "account")
        data = PipelineData("data")
        step = PythonScriptStep("write.py", arguments=["a", data], outputs=[data])
        pipeline = Pipeline(self.workspace, step, "all of it", default_datastore=other, default_source_directory="src")
        run = self.completed(pipeline)
        self.assertEqual(run.get_pipeline_output("data").datastore_name, "other")
        self.assertEqual(run.description, "all of it")

    def test_pipeline_submit_and_a_parent(self):
        with self.experiment.start_logging() as parent:
            pipeline = Pipeline(self.workspace, [self.writer()[0]])
            run, _ = printed(
                lambda: pipeline.submit("pipelines", parent_run_id=parent.id, continue_on_step_failure=True)
            )
            run.wait_for_completion(show_output=False)
        self.assertEqual([child.id for child in parent.get_children()], [run.id])
        self.assertEqual(run.get_properties()["azureml.continue_on_step_failure"], "True")

    def test_a_compute_target_that_is_not_here_is_named(self):
        stream = io.StringIO()
        with contextlib.redirect_stderr(stream):
            run = self.submitted([self.writer(compute_target="gpu-cluster")[0]])
        run.wait_for_completion(show_output=False)
        self.assertIn("'gpu-cluster'", stream.getvalue())
        self.assertIn("'gpu-cluster'", run.get_details()["warnings"][0]["message"])


class Published(PipelineCase):
    def test_runs_with_its_code_and_other_parameters(self):
        rounds = PipelineParameter("rounds", 3)
        pipeline = Pipeline(self.workspace, [self.step("show", rounds, allow_reuse=False)], description="each night")
        published = pipeline.publish(name="nightly", version="1.0")
        self.assertEqual(
            (published.name, published.version, published.description, published.status),
            ("nightly", "1.0", "each night", "Active"),
        )
        self.assertEqual(published.endpoint, "runledger://pipelines/" + published.id)
        self.write("src/show.py", "raise OSError('changed since')")
        run = published.submit(self.workspace, "pipelines", pipeline_parameters={"rounds": 7})
        run.wait_for_completion(show_output=False)
        self.assertEqual(self.shown(run)["arguments"], ["7"])
        self.assertEqual(run.properties["azureml.pipelineid"], published.id)
        again = self.experiment.submit(PublishedPipeline.get(self.workspace, published.id), tags={"a": "b"})
        again.wait_for_completion(show_output=False)
        self.assertEqual((self.shown(again)["arguments"], again.tags), (["3"], {"a": "b"}))

    def test_is_listed_until_it_is_disabled(self):
        published = Pipeline(self.workspace, [self.step("show")]).publish("first")
        ids = [other.id for other in PublishedPipeline.list(self.workspace)]
        self.assertEqual(ids, [published.id])
        published.disable()
        self.assertEqual(PublishedPipeline.list(self.workspace), [])
        self.assertEqual([p.status for p in PublishedPipeline.list(self.workspace, active_only=False)], ["Disabled"])
        with self.assertRaisesRegex(UserErrorException, "disabled"):
            published.submit(self.workspace, "pipelines")
        published.enable()
        with self.assertRaisesRegex(UserErrorException, "no parameter \"x\""):
            published.submit(self.workspace, "pipelines", {"x": 1})
        with self.assertRaisesRegex(UserErrorException, "There is no published pipeline nobody"):
            PublishedPipeline.get(self.workspace, "nobody")

    def test_of_a_run_has_the_code_that_ran(self):
        run = self.completed([self.step("show", "given", allow_reuse=False)])
        self.write("src/show.py", "raise OSError('changed since')")
        published = run.publish_pipeline("again", "from a run", "2")
        again = published.submit(self.workspace, "pipelines")
        again.wait_for_completion(show_output=False)
        self.assertEqual(self.shown(again)["arguments"], ["given"])
        self.assertEqual((published.description, published.version), ("from a run", "2"))


class Graphs(PipelineCase):
    def names(self, steps, **options):
        return [step.name for step in Pipeline(self.workspace, steps, **options).steps]

    def named(self, *names):
        return [self.step("show", name=name) for name in names]

    def test_steps_come_after_what_they_need(self):
        a, b, c, d = self.named("a", "b", "c", "d")
        d.run_after([b, c])
        b.run_after(a)
        self.assertEqual(set(self.names(d)), {"a", "b", "c", "d"})
        order = self.names([[d, [c]], a])
        self.assertEqual(sorted(order), ["a", "b", "c", "d"])
        self.assertLess(order.index("a"), order.index("b"))
        self.assertEqual(order[-1], "d")

    def test_a_sequence(self):
        a, b, c, d = self.named("a", "b", "c", "d")
        sequence = StepSequence([[a, b], c])
        sequence.append(d)
        pipeline = Pipeline(self.workspace, sequence)
        before = {step.name: {other.name for other in others} for step, others in pipeline._graph.predecessors.items()}
        self.assertEqual(before, {"a": set(), "b": set(), "c": {"a", "b"}, "d": {"c"}})
        self.assertEqual([step.name for step in self.completed(pipeline).get_steps()][:2], ["d", "c"])

    def test_cycles_are_named(self):
        a, b, c = self.named("a", "b", "c")
        b.run_after(a)
        c.run_after(b)
        a.run_after(c)
        with self.assertRaisesRegex(UserErrorException, "a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c"):
            Pipeline(self.workspace, [a])

    def test_what_cannot_be_a_pipeline(self):
        a, b = self.named("a", "b")
        b.run_after(a)
        write, data = self.writer()
        again = self.step("write", "x", data, name="again", outputs=[data])
        lost = PipelineData("lost")
        refusals = (
            (lambda: Pipeline(self.workspace, []), "needs a step"),
            (lambda: Pipeline(self.workspace, ["a"]), "'a' is no step"),
            (lambda: Pipeline("ws", [a]), "workspace"),
            (lambda: Pipeline(self.workspace, [a], default_datastore="x"), "default_datastore"),
            (lambda: Pipeline(self.workspace, [b], resolve_closure=False), "'b' comes after 'a'"),
            (lambda: Pipeline(self.workspace, [write, again]), "'write.py' and 'again' both"),
            (
                lambda: Pipeline(self.workspace, [self.step("read", lost, inputs=[lost])]),
                "'lost', which no step writes",
            ),
            (lambda: a.run_after("b"), "run_after"),
            (lambda: self.step("show", None), "arguments"),
            (lambda: self.step("show", outputs=["x"]), "outputs"),
            (lambda: self.step("show", inputs=["x"]), "inputs"),
            (lambda: self.step("show", inputs="x"), "inputs"),
            (lambda: self.step("show", params=["x"]), "params"),
            (lambda: self.step("show", runconfig={}), "runconfig"),
            (lambda: self.step("show", inputs=[data], outputs=[data]), "as well"),
            (lambda: self.step("show", inputs=[lost, PipelineData("lost")]), "two inputs called 'lost'"),
            (lambda: self.step("show", outputs=[lost, PipelineData("lost")]), "two called 'lost'"),
            (lambda: PythonScriptStep(None), "script_name"),
            (lambda: CommandStep(), "command"),
            (lambda: EstimatorStep(estimator="x"), "estimator"),
            (lambda: PipelineData("a b"), "letters, digits and underscores"),
            (lambda: PipelineData("a", datastore="x"), "datastore"),
            (lambda: PipelineData("a", training_output="x"), "training_output"),
            (lambda: TrainingOutput("x"), "type"),
            (lambda: PipelineData("a", output_mode="fly"), "output_mode"),
            (lambda: PipelineParameter("", 1), "name"),
            (lambda: PipelineParameter("a", [1]), "'a' must be"),
        )
        for make, text in refusals:
            with self.subTest(text), self.assertRaisesRegex(UserErrorException, text):
                make()

    def test_what_cannot_be_submitted_makes_no_run(self):
        rate = PipelineParameter("rate", 1)
        pipeline = Pipeline(self.workspace, [self.step("show", rate)])
        with self.assertRaisesRegex(UserErrorException, "no parameter 'speed'. It has: rate"):
            self.experiment.submit(pipeline, pipeline_parameters={"speed": 1})
        with self.assertRaisesRegex(UserErrorException, "must be a dict"):
            self.experiment.submit(pipeline, pipeline_parameters=[1])
        two = Pipeline(
            self.workspace, [self.step("show", rate), self.step("show", PipelineParameter("rate", 2), name="b")]
        )
        with self.assertRaisesRegex(UserErrorException, "Two parameters of the pipeline are called 'rate'"):
            self.experiment.submit(two)
        missing = Pipeline(self.workspace, [self.step("nothing")])
        self.assertEqual(pipeline.validate(), [])
        self.assertRegex(missing.validate()[0], r"'nothing\.py': there is no .*nothing\.py")
        with self.assertRaisesRegex(UserErrorException, "nothing.py"):
            self.experiment.submit(missing)
        gone = DataReference(self.workspace.get_default_datastore(), "gone", "gone")
        absent = Dataset.File.from_files((gone.datastore, "gone/*"), validate=False).as_named_input("x").as_mount()
        with self.assertRaisesRegex(UserErrorException, "There is no file"):
            self.experiment.submit(Pipeline(self.workspace, [self.step("show", inputs=[absent])]))
        os.mkdir(os.path.join(self.folder, "second"))
        os.chdir(os.path.join(self.folder, "second"))
        with contextlib.redirect_stdout(io.StringIO()):
            elsewhere = Experiment(Workspace.create("second"), "x")
        with self.assertRaisesRegex(UserErrorException, "workspace"):
            elsewhere.submit(pipeline)
        self.assertEqual(list(self.experiment.get_runs()), [])

    def test_what_is_not_offered_says_what_to_do(self):
        from azureml.pipeline.core import PipelineEndpoint, Schedule
        from azureml.pipeline.core.graph import InputPortBinding
        from azureml.pipeline.steps import DatabricksStep

        for use in (
            lambda: Pipeline.load_yaml(self.workspace, "pipeline.yml"),
            lambda: PipelineEndpoint.get(self.workspace, name="x"),
            lambda: Schedule.create(self.workspace),
            InputPortBinding,
            DatabricksStep,
        ):
            with self.assertRaisesRegex(NotAvailableException, "not available in this version"):
                use()

    def test_module_paths(self):
        import azureml.pipeline.core.builder as builder
        import azureml.pipeline.core.graph as graph
        import azureml.pipeline.core.pipeline as pipeline
        import azureml.pipeline.core.run as run
        import azureml.pipeline.steps.python_script_step as python_script_step

        self.assertIs(graph.PipelineParameter, PipelineParameter)
        self.assertIs(builder.PipelineData, PipelineData)
        self.assertIs(pipeline.Pipeline, Pipeline)
        self.assertIs(run.PipelineRun, PipelineRun)
        self.assertIs(python_script_step.PythonScriptStep, PythonScriptStep)


if __name__ == "__main__":
    unittest.main()
