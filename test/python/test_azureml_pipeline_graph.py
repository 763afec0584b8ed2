"""Which steps a pipeline has, what cannot be one, and what is not offered."""

import contextlib
import io
import os
import unittest

from pipeline_case import PipelineCase
from azureml.core import Dataset, Experiment, Workspace
from azureml.data.data_reference import DataReference
from azureml.exceptions import NotAvailableException, UserErrorException
from azureml.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
    PipelineRun,
    StepSequence,
    TrainingOutput,
)
from azureml.pipeline.steps import CommandStep, EstimatorStep, PythonScriptStep


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
            lambda: Pipeline(self.workspace, [self.step("show")]).service_endpoint(),
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
