"""``azureml.pipeline.core.Pipeline``: steps, as ``Experiment.submit`` takes them."""

import json
import os

from runledger.azureml_v1 import job
from runledger.azureml_v1.exceptions import AzureMLException, UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.pipeline.graph import Graph
from runledger.azureml_v1.pipeline.parameter import values_of
from runledger.azureml_v1.pipeline.request import PIPELINE_OUTPUTS, PipelineRequest
from runledger.azureml_v1.unavailable_names import PIPELINE_METHODS


@refuses("Pipeline", PIPELINE_METHODS)
class Pipeline:
    """A pipeline of ``steps``: steps, lists of them, or a ``StepSequence``. Those that they depend on belong to it as
    well.

    A step starts when those that it reads from, or runs after, have completed; the others go on side by side. Raises
    ``UserErrorException`` for steps that wait for each other, or that read what no step writes.
    """

    @translated
    def __init__(
        self,
        workspace,
        steps,
        description=None,
        default_datastore=None,
        default_source_directory=None,
        resolve_closure=True,
        _workflow_provider=None,
        _service_endpoint=None,
        **kwargs,
    ):
        if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
            raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
        if default_datastore is not None and not hasattr(default_datastore, "_local_path"):
            raise UserErrorException(
                "default_datastore must be a Datastore, not {}.".format(type(default_datastore).__name__)
            )
        self.workspace = workspace
        self.description = description
        self._default_datastore = default_datastore
        self._default_source_directory = (
            None if default_source_directory is None else os.fspath(default_source_directory)
        )
        self._graph = Graph(steps, resolve_closure)

    @staticmethod
    @translated
    def load_yaml(workspace, filename, _workflow_provider=None, _service_endpoint=None):
        """The pipeline of the YAML file ``filename``, whose steps are of the type ``PythonScriptStep``.

        Relative paths in it start at its folder. Raises ``UserErrorException`` with the line of what is wrong.
        """
        from runledger.azureml_v1.pipeline.pipeline_file import steps_of_file

        if not hasattr(workspace, "_store"):
            raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
        return Pipeline(workspace, steps_of_file(workspace, filename))

    @property
    def steps(self):
        """All steps, each after those that must be done before it."""
        return list(self._graph.steps)

    @translated
    def validate(self):
        """What is wrong with the pipeline, as texts; an empty list where nothing is known to be."""
        problems = []
        for step in self._graph.steps:
            folder = step._source_directory or self._default_source_directory or os.curdir
            script, _ = step._script()
            path = os.path.abspath(folder if script is None else os.path.join(folder, script))
            if not (os.path.isdir(path) if script is None else os.path.isfile(path)):
                problems.append("The step {!r}: there is no {}.".format(step.name, path))
        try:
            values_of(self._parameters(), None)
            self._request().steps()
        except AzureMLException as error:
            problems.append(str(error))
        return problems

    def submit(
        self,
        experiment_name,
        pipeline_parameters=None,
        continue_on_step_failure=False,
        regenerate_outputs=False,
        parent_run_id=None,
        tags=None,
        **kwargs,
    ):
        """Submits to the experiment ``experiment_name``, which is made if it does not exist. Returns the
        ``PipelineRun``.

        ``pipeline_parameters`` are other values than the defaults: ``{name: value}``. With ``continue_on_step_failure``
        steps that do not depend on one that failed go on; ``regenerate_outputs`` runs every step anew.
        """
        from runledger.azureml_v1.experiment import Experiment

        return Experiment(self.workspace, experiment_name).submit(
            self,
            tags,
            pipeline_parameters=pipeline_parameters,
            continue_on_step_failure=continue_on_step_failure,
            regenerate_outputs=regenerate_outputs,
            parent_run_id=parent_run_id,
            **kwargs,
        )

    @translated
    def publish(self, name=None, description=None, version=None, continue_on_step_failure=None, **kwargs):
        """Keeps the pipeline with the code as it is now. Returns the ``PublishedPipeline``."""
        from runledger.azureml_v1.pipeline.published import publish

        values = values_of(self._parameters(), None)
        made = self._request()
        request = {
            "steps": made.steps(),
            "parameters": dict(_spelled(values), **made.bindings),
            "continueOnStepFailure": bool(continue_on_step_failure),
            "properties": {PIPELINE_OUTPUTS: made.pipeline_outputs()},
        }
        return publish(self.workspace, name, self.description if description is None else description, version, request)

    def _submit_to(
        self,
        experiment,
        tags=None,
        pipeline_parameters=None,
        continue_on_step_failure=False,
        regenerate_outputs=False,
        run_id=None,
        parent_run_id=None,
        **kwargs,
    ):
        if experiment.workspace._store.folder != self.workspace._store.folder:
            raise UserErrorException(
                "The pipeline belongs to the workspace in {}, and the experiment {!r} to that in {}.".format(
                    self.workspace._store.folder, experiment.name, experiment.workspace._store.folder
                )
            )
        values = values_of(self._parameters(), pipeline_parameters)
        request = self._request(pipeline_parameters)
        steps = request.steps()
        run = job.submitted(
            experiment,
            "submit-pipeline",
            {
                "tags": job.tag_texts(tags),
                "properties": {
                    "azureml.parameters": json.dumps({name: str(value) for name, value in values.items()}),
                    "azureml.continue_on_step_failure": str(bool(continue_on_step_failure)),
                    "runSource": "SDK",
                    "runType": "SDK",
                    PIPELINE_OUTPUTS: request.pipeline_outputs(),
                },
                "runId": run_id,
                "parentId": parent_run_id,
                "steps": steps,
                "parameters": dict(_spelled(values), **request.bindings),
                "continueOnStepFailure": bool(continue_on_step_failure),
                "regenerateOutputs": bool(regenerate_outputs),
            },
            self._warnings(experiment.workspace),
        )
        if self.description:
            run.description = self.description
        self._print_submitted(run, request, regenerate_outputs)
        return run

    def _print_submitted(self, run, request, regenerate_outputs):
        for step in self._graph.steps:
            may_reuse = step.allow_reuse and not regenerate_outputs
            note = "is eligible to reuse a previous run's output" if may_reuse else "will run and generate new outputs"
            print("Created step {} [{}], (This step {})".format(step.name, request.ids[step], note))
        print("Submitted PipelineRun {}".format(run.id))
        print("Link to Azure Machine Learning Portal: {}".format(run.get_portal_url()))

    def _request(self, parameters=None):
        datastore = self._default_datastore or self.workspace.get_default_datastore()
        return PipelineRequest(self._graph, datastore, self._default_source_directory, parameters)

    def _parameters(self):
        return [parameter for step in self._graph.steps for parameter in step._parameters()]

    def _warnings(self, workspace):
        found = []
        for step in self._graph.steps:
            for target in (step._compute_target, step._configuration.target):
                warning = job.target_warning(workspace, target)
                if warning is not None and warning not in found:
                    found.append(warning)
        return found

    def __repr__(self):
        return "Pipeline(steps={!r})".format(self._graph.steps)


def _spelled(values):
    """``values`` of parameters as the command takes them: it would spell 1.0 as 1."""
    return {name: str(value) if isinstance(value, float) else value for name, value in values.items()}
