"""``Pipeline.load_yaml``: a pipeline in a file, carried out as one that is made in Python."""

import os
import unittest

from pipeline_case import PipelineCase
from support import printed
from azureml.core import Experiment
from azureml.exceptions import UserErrorException
from azureml.pipeline.core import Pipeline

FILE = """
pipeline:
    name: Sample
    parameters:
        Word:
            type: string
            default: hello
        Rate:
            type: float
            default: 0.5
    data_references:
        Raw:
            datastore: workspaceblobstore
            path_on_datastore: raw/data.csv
    default_compute: cpu-cluster
    steps:
        Write:
            type: PythonScriptStep
            name: write the text
            script_name: write.py
            source_directory: ../src
            arguments: ["parameter:Word", "output:Text"]
            outputs:
                Text:
                    destination: Written
                    bind_mode: mount
        Read:
            type: PythonScriptStep
            script_name: read.py
            source_directory: ../src
            arguments: ["input:Text"]
            inputs:
                Text:
                    source: Written
        Show:
            type: PythonScriptStep
            script_name: show.py
            source_directory: ../src
            runconfig: with-variable
            allow_reuse: false
            version: 2
            arguments: [--rate, "parameter:Rate", --raw, "input:Raw", 7]
            parameters:
                RATE:
                    source: Rate
                FIXED: 3
            inputs:
                Raw:
                    source: Raw
"""
CONFIGURATION = """
script: show.py
environmentVariables:
    AML_OF_CONFIGURATION: "yes"
"""


class InAFile(PipelineCase):
    def setUp(self):
        super().setUp()
        self.file = self.write("definitions/pipeline.yml", FILE)
        self.write("definitions/.azureml/with-variable.runconfig", CONFIGURATION)

    def load(self):
        return Pipeline.load_yaml(self.workspace, filename=os.path.join("definitions", "pipeline.yml"))

    def test_its_steps(self):
        pipeline = self.load()
        steps = {step.name: step for step in pipeline.steps}
        self.assertEqual(set(steps), {"write the text", "Read", "Show"})
        show = steps["Show"]
        self.assertEqual((show.allow_reuse, show.version, show.script_name), (False, "2", "show.py"))
        self.assertEqual(pipeline.validate(), [])

    def test_it_is_carried_out_with_other_parameters(self):
        run, output = printed(
            lambda: Experiment(self.workspace, "File").submit(self.load(), pipeline_parameters={"Word": "other"})
        )
        self.assertIn("Created step write the text", output)
        status, _ = printed(run.wait_for_completion)
        self.assertEqual(status, "Finished")
        self.assertEqual(run.get_tags(), {"written": "other"})
        self.assertEqual(run.find_step_run("Read")[0].get_metrics(), {"read": "other"})
        shown = self.shown(run, "Show")
        raw = os.path.join(self.workspace.get_default_datastore()._folder, "raw", "data.csv")
        self.assertEqual(shown["arguments"], ["--rate", "0.5", "--raw", raw, "7"])
        expected = {"AML_PARAMETER_RATE": "0.5", "AML_PARAMETER_FIXED": "3", "AML_OF_CONFIGURATION": "yes"}
        expected["AZUREML_DATAREFERENCE_Raw"] = raw
        self.assertEqual({name: shown["variables"].get(name) for name in expected}, expected)
        warnings = [warning["message"] for warning in run.get_details()["warnings"]]
        self.assertEqual(len([text for text in warnings if "cpu-cluster" in text]), 1, warnings)

    def test_what_is_wrong_is_named(self):
        with self.assertRaisesRegex(UserErrorException, "there is no file .*absent.yml"):
            Pipeline.load_yaml(self.workspace, "absent.yml")
        with self.assertRaisesRegex(UserErrorException, "workspace must be a Workspace"):
            Pipeline.load_yaml("workspace", self.file)
        for before, after, why in (
            ("bind_mode: mount", "bind_mode: [", "pipeline.yml"),
            ("allow_reuse: false", "allow_reuse: perhaps", "line 40.*allow_reuse"),
            ("source: Written", "source: Elsewhere", 'step "Read" reads "Elsewhere"'),
            ("parameter:Word", "parameter:Other", "no parameter 'Other'"),
            ("output:Text", "output:Other", "no output 'Other'"),
            ("source: Rate", "source: Other", "no parameter 'Other'"),
            ("runconfig: with-variable", "runconfig: absent", "absent"),
        ):
            with self.subTest(after):
                self.write("definitions/pipeline.yml", FILE.replace(before, after))
                with self.assertRaisesRegex(UserErrorException, why):
                    self.load()


if __name__ == "__main__":
    unittest.main()
