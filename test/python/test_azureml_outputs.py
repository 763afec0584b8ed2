"""``OutputFileDatasetConfig`` in scripts and in pipelines, through the real command."""

import os
import unittest

from support import StoreTestCase, printed
from azureml.core import Dataset, Datastore, Experiment, ScriptRunConfig, Workspace
from azureml.data import OutputFileDatasetConfig
from azureml.data.output_dataset_config import OutputFileDatasetConfig as SameConfig
from azureml.data.output_dataset_config import OutputTabularDatasetConfig
from azureml.exceptions import NotAvailableException, UserErrorException
from azureml.pipeline.core import Pipeline
from azureml.pipeline.steps import PythonScriptStep
from azureml.train.hyperdrive import GridParameterSampling, HyperDriveConfig, PrimaryMetricGoal, choice

WRITE = """
import os, sys
from azureml.core import Run
folder = sys.argv[-1]
with open(os.path.join(folder, "part.csv"), "w") as file:
    file.write("a,b\\n1,2\\n")
run = Run.get_context()
for name, path in run.output_datasets.items():
    run.log(name, path)
    run.log(name + " named", os.environ.get(name, ""))
    run.log(name + " referenced", os.environ["AZUREML_DATAREFERENCE_" + name])
if "fail" in sys.argv:
    sys.exit(3)
"""
READ = """
import os, sys
from azureml.core import Run
run = Run.get_context()
run.log("files", str(sorted(os.listdir(sys.argv[1]))))
run.log("inputs", str({name: type(value).__name__ for name, value in run.input_datasets.items()}))
"""


class OutputCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "outputs")
        self.datastore = self.workspace.get_default_datastore()
        self.write("src/write.py", WRITE)
        self.write("src/read.py", READ)

    def completed(self, *arguments):
        """A run of the script that writes, with ``arguments``, the last of which is where to."""
        run = self.experiment.submit(ScriptRunConfig("src", "write.py", arguments=list(arguments)))
        run.wait_for_completion(raise_on_error=False)
        return run

    def pipeline(self, *steps):
        run, _ = printed(lambda: self.experiment.submit(Pipeline(self.workspace, list(steps))))
        self.assertEqual(run.wait_for_completion(show_output=False), "Finished")
        return run

    def step(self, script, *arguments, **options):
        return PythonScriptStep(script + ".py", arguments=list(arguments), source_directory="src", **options)


class Scripts(OutputCase):
    def test_without_arguments_a_place_is_chosen(self):
        run = self.completed(OutputFileDatasetConfig())
        path = self.datastore._local_path("dataset/{}/output_1".format(run.id))
        self.assertEqual(os.listdir(path), ["part.csv"])
        self.assertEqual(run.get_details()["runDefinition"]["arguments"], [path])
        self.assertEqual(run.get_metrics(), {"output_1": path, "output_1 named": path, "output_1 referenced": path})
        self.assertRegex(run.id, r"^outputs_\d+_[0-9a-f]{8}$")

    def test_a_name_a_destination_and_a_variable_that_stays(self):
        other = Datastore.register_azure_blob_container(self.workspace, "other", "container", "account")
        output = OutputFileDatasetConfig("PATH", (other, "/made/{run-id}/x/{output-name}")).as_upload(overwrite=True)
        run = self.completed("--to", output.as_mount())
        path = other._local_path("made/{}/x/PATH".format(run.id))
        self.assertEqual(os.listdir(path), ["part.csv"])
        metrics = run.get_metrics()
        self.assertEqual(metrics["PATH"], path)
        self.assertTrue(metrics["PATH named"].endswith(os.environ["PATH"]))

    def test_it_is_registered_when_the_script_has_completed(self):
        output = OutputFileDatasetConfig("out").register_on_complete("parts", "of it", {"a": 1})
        run = self.completed(output)
        found = Dataset.get_by_name(self.workspace, "parts")
        self.assertEqual((found.version, found.description, found.tags), (1, "of it", {"a": "1"}))
        self.assertEqual(found.to_path(), ["/part.csv"])
        self.assertEqual(found._content["sources"][0]["path"], "dataset/{}/out".format(run.id))
        self.completed(output)
        self.assertEqual(Dataset.get_by_name(self.workspace, "parts").version, 2)
        failed = self.completed("fail", output)
        self.assertEqual(failed.get_status(), "Failed")
        self.assertEqual(Dataset.get_by_name(self.workspace, "parts").version, 2)

    def test_as_a_table(self):
        table = OutputFileDatasetConfig("out").read_delimited_files(path_glob="*.csv").keep_columns("a")
        self.assertIs(type(table), OutputTabularDatasetConfig)
        self.completed(table.register_on_complete("table"))
        found = Dataset.get_by_name(self.workspace, "table")
        self.assertEqual(type(found).__name__, "TabularDataset")
        self.assertTrue(found._content["sources"][0]["path"].endswith("/out/*.csv"))
        try:
            import pandas  # noqa: F401
        except ImportError:
            return
        self.assertEqual(found.to_pandas_dataframe().to_dict("list"), {"a": [1]})

    def test_one_that_cannot_be_registered_is_a_warning(self):
        path = os.path.join(self.project, ".runledger", "datasets")
        with open(path, "w"):
            pass
        run = self.completed(OutputFileDatasetConfig("out").register_on_complete("parts"))
        self.assertEqual(run.get_status(), "Completed")
        self.assertIn("'out' could not be registered", run.get_details()["warnings"][-1]["message"])

    def test_what_it_cannot_be(self):
        self.assertIs(SameConfig, OutputFileDatasetConfig)
        for make in (
            lambda: OutputFileDatasetConfig("a b"),
            lambda: OutputFileDatasetConfig(destination="folder"),
            lambda: OutputFileDatasetConfig(destination=(self.datastore, 3)),
            lambda: OutputFileDatasetConfig().register_on_complete(""),
            lambda: self.completed(OutputFileDatasetConfig(destination=(self.datastore, "../x"))),
            lambda: self.completed(OutputFileDatasetConfig("x"), OutputFileDatasetConfig("x")),
            lambda: self.completed(OutputFileDatasetConfig("x").as_input()),
        ):
            with self.assertRaises(UserErrorException):
                make()
        for make in (
            lambda: OutputFileDatasetConfig(source="here"),
            lambda: OutputFileDatasetConfig(partition_format="x"),
            lambda: OutputFileDatasetConfig().as_upload(source_globs="*"),
        ):
            with self.assertRaises(NotAvailableException):
                make()
        config = HyperDriveConfig(
            GridParameterSampling({"--a": choice(1)}),
            "a",
            PrimaryMetricGoal.MAXIMIZE,
            1,
            run_config=ScriptRunConfig("src", "write.py", arguments=[OutputFileDatasetConfig("x")]),
        )
        with self.assertRaisesRegex(UserErrorException, "not of a sweep"):
            self.experiment.submit(config)
        self.assertEqual(list(self.experiment.get_runs()), [])


class Pipelines(OutputCase):
    def test_a_step_writes_and_another_reads(self):
        output = OutputFileDatasetConfig(destination=(self.datastore, "between/{output-name}/{run-id}"))
        write = self.step("write", output.as_upload())
        read = self.step("read", output.as_input("files"), inputs=[output.read_delimited_files().as_input("table")])
        run = self.pipeline(read)
        (written,) = run.find_step_run("write.py")
        place = written.get_output_data("output_1")
        self.assertEqual(place.path_on_datastore, "between/output_1/" + written.id)
        self.assertEqual(
            run.find_step_run("read.py")[0].get_metrics(),
            {"files": "['part.csv']", "inputs": "{'table': 'TabularDataset', 'files': 'str'}"},
        )
        self.assertEqual(write.outputs, [])

    def test_outputs_without_names_are_told_apart(self):
        outputs = [OutputFileDatasetConfig(), OutputFileDatasetConfig()]
        read = self.step("read", outputs[0].as_input(), outputs[1].as_input(), outputs[0].as_input())
        for index, output in enumerate(outputs):
            self.step("write", output, name="write {}".format(index))
        run = self.pipeline(read)
        (step,) = run.find_step_run("read.py")
        self.assertEqual(step.get_metrics()["inputs"], "{'input_1': 'str', 'input_2': 'str'}")
        places = [run.find_step_run("write {}".format(n))[0].get_output_data("output_1")._local for n in range(2)]
        self.assertEqual(step.get_details()["runDefinition"]["arguments"], places + places[:1])

    def test_a_step_registers_what_it_has_written_and_so_does_one_that_is_reused(self):
        output = OutputFileDatasetConfig("out")
        write = self.step("write", output.register_on_complete("parts"))
        runs = [self.pipeline(write), self.pipeline(write)]
        self.assertEqual(
            [step.get_properties().get("azureml.isreused") for run in runs for step in run.get_steps()], [None, "true"]
        )
        found = Dataset.get_by_name(self.workspace, "parts")
        self.assertEqual((found.version, found.to_path()), (1, ["/part.csv"]))

    def test_a_data_set_that_was_written_is_read_by_another_pipeline(self):
        self.pipeline(self.step("write", OutputFileDatasetConfig("out").register_on_complete("parts")))
        parts = Dataset.get_by_name(self.workspace, "parts").as_named_input("parts").as_mount()
        run = self.pipeline(self.step("read", parts))
        self.assertEqual(run.get_steps()[0].get_metrics()["files"], "['part.csv']")


if __name__ == "__main__":
    unittest.main()
