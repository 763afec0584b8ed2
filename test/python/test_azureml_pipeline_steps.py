"""The steps of ``azureml.pipeline.steps``, and what they read and write, through the real command."""

import contextlib
import io
import json
import os
import unittest

from pipeline_case import PipelineCase
from support import printed
from azureml.core import Dataset, Datastore, ScriptRunConfig
from azureml.data.dataset_consumption_config import DatasetConsumptionConfig
from azureml.data.datapath import DataPath, DataPathComputeBinding
from azureml.exceptions import UserErrorException
from azureml.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
)
from azureml.pipeline.steps import CommandStep, EstimatorStep, PythonScriptStep
from azureml.train.estimator import Estimator


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
        config = ScriptRunConfig("src", command=["python", "read.py", data])
        configured = CommandStep(name="configured", runconfig=config, inputs=[data])
        run = self.completed([listed, line, mixed, configured])
        for name in ("listed", "line", "mixed", "configured"):
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


if __name__ == "__main__":
    unittest.main()
