"""What tests of pipelines share: small scripts, steps of them, and submitting."""

import json
import os

from support import StoreTestCase, printed
from azureml.core import Experiment, Workspace
from azureml.pipeline.core import (
    Pipeline,
    PipelineData,
)
from azureml.pipeline.steps import PythonScriptStep

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
