"""``azureml.pipeline``: runs of pipelines, through the real command."""

import json
import os
import signal
import sys
import unittest
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pipeline_case import PipelineCase
from support import printed, wait_until
from azureml.core import Dataset, Datastore, Experiment, Run, RunConfiguration
from azureml.core.compute import AmlCompute, ComputeTarget
from azureml.data.dataset_consumption_config import DatasetConsumptionConfig
from azureml.data.datapath import DataPath, DataPathComputeBinding
from azureml.exceptions import ActivityFailedException, UserErrorException
from azureml.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
    PipelineRun,
    PortDataReference,
    PublishedPipeline,
    StepRun,
)
from azureml.pipeline.steps import PythonScriptStep
from azureml.widgets import RunDetails


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


class Published(PipelineCase):
    def test_runs_with_its_code_and_other_parameters(self):
        rounds = PipelineParameter("rounds", 3)
        pipeline = Pipeline(self.workspace, [self.step("show", rounds, allow_reuse=False)], description="each night")
        published = pipeline.publish(name="nightly", version="1.0")
        self.assertEqual(
            (published.name, published.version, published.description, published.status),
            ("nightly", "1.0", "each night", "Active"),
        )
        self.write("src/show.py", "raise OSError('changed since')")
        run = published.submit(self.workspace, "pipelines", pipeline_parameters={"rounds": 7})
        run.wait_for_completion(show_output=False)
        self.assertEqual(self.shown(run)["arguments"], ["7"])
        self.assertEqual(run.properties["azureml.pipelineid"], published.id)
        again = self.experiment.submit(PublishedPipeline.get(self.workspace, published.id), tags={"a": "b"})
        again.wait_for_completion(show_output=False)
        self.assertEqual((self.shown(again)["arguments"], again.tags), (["3"], {"a": "b"}))

    def asked(self, address, body):
        """Sends ``body`` to ``address``; returns ``(HTTP status, the decoded answer)``."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8")
        try:
            with urlopen(Request(address, data)) as response:
                return response.status, json.loads(response.read().decode("utf-8"))
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read().decode("utf-8"))

    def test_is_submitted_by_a_request_to_its_endpoint(self):
        datastore = self.workspace.get_default_datastore()
        for name in ("one", "two"):
            self.write(name + "/text.txt", "x", datastore._folder)
        rounds, place = PipelineParameter("rounds", 3), PipelineParameter("place", DataPath(datastore, "one"))
        bound = (place, DataPathComputeBinding(mode="mount"))
        files = PipelineParameter("files", Dataset.File.from_files((datastore, "one")))
        given = DatasetConsumptionConfig("files", files).as_mount()
        step = self.step("show", rounds, bound, inputs=[bound, given], allow_reuse=False)
        published = Pipeline(self.workspace, [step]).publish("by request")
        other = Dataset.File.from_files((datastore, "two"))
        status, answer = self.asked(
            published.endpoint,
            {
                "ExperimentName": "Requested",
                "RunSource": "SDK",
                "ParameterAssignments": {"rounds": 9},
                "DataPathAssignments": {"place": {"DataStoreName": datastore.name, "RelativePath": "two"}},
                "DataSetDefinitionValueAssignments": {"files": {"SavedDataSetReference": {"Id": other.id}}},
                "Tags": {"by": "request"},
            },
        )
        self.assertEqual(status, 200, answer)
        run = PipelineRun(self.workspace.experiments["Requested"], answer["Id"])
        run.wait_for_completion(show_output=False)
        place = os.path.join(datastore._folder, "two")
        shown = self.shown(run)
        self.assertEqual((shown["arguments"], shown["inputs"]["files"]), (["9", place], place))
        self.assertEqual(run.get_tags(), {"by": "request"})

    def test_requests_that_are_wrong_say_why_and_submit_nothing(self):
        published = Pipeline(self.workspace, [self.step("show")]).publish("by request")
        for body, why in (
            (b"not JSON", "no JSON"),
            ([], "ExperimentName"),
            ({"ExperimentName": "Requested", "Anything": 1}, "Anything of the request"),
            ({"ExperimentName": "Requested", "ParameterAssignments": {"x": 1}}, 'no parameter "x"'),
            ({"ExperimentName": "Requested", "DataPathAssignments": {"x": 1}}, "DataStoreName"),
            ({"ExperimentName": "Requested", "DataSetDefinitionValueAssignments": {"x": 1}}, "SavedDataSetReference"),
        ):
            with self.subTest(why):
                status, answer = self.asked(published.endpoint, body)
                self.assertEqual((status, answer["error"]["code"]), (400, "UserError"))
                self.assertIn(why, answer["error"]["message"])
        secret = published.endpoint.split("/")[3]
        status, _ = self.asked(published.endpoint.replace(secret, "guessed"), {"ExperimentName": "Requested"})
        self.assertEqual(status, 404)
        self.assertEqual(published.endpoint, PublishedPipeline.get(self.workspace, published.id).endpoint)
        requested = self.workspace.experiments.get("Requested")
        self.assertEqual([] if requested is None else list(requested.get_runs()), [])

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
        with self.assertRaisesRegex(UserErrorException, 'no parameter "x"'):
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


if __name__ == "__main__":
    unittest.main()
