"""``azureml.pipeline.core.PipelineRun`` and ``StepRun``: a pipeline that was submitted, and its steps."""

import json

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import (
    ActivityFailedException,
    ExperimentExecutionException,
    UserErrorException,
    translated,
)
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.orchestration import refuse_end
from runledger.azureml_v1.pipeline.port_data import StepRunOutput
from runledger.azureml_v1.pipeline.request import PIPELINE_OUTPUTS
from runledger.azureml_v1.run import Run
from runledger.azureml_v1.run_details import LOG_FILE
from runledger.azureml_v1.unavailable_names import PIPELINE_RUN_METHODS

LONGEST_S = 9223372036854775807
PIPELINE_RUN = "azureml.PipelineRun"
STEP_RUN = "azureml.StepRun"
_STATUSES = {
    "NotStarted": "NotStarted",
    "Queued": "NotStarted",
    "Completed": "Finished",
    "Failed": "Failed",
    "Canceled": "Canceled",
}
"""How pipelines call the states of runs; all others are Running."""


class _PartOfPipeline(Run):
    """What both have in common: the words for their states, and waiting."""

    TYPE = None

    @property
    def status(self):
        """As of any run, as ``Completed``; ``get_status`` has the words of pipelines."""
        return self._folder.state()[0]

    @translated
    def get_status(self):
        """``NotStarted``, ``Running``, ``Finished``, ``Failed`` or ``Canceled``."""
        return _STATUSES.get(self._folder.state()[0], "Running")

    @translated
    def wait_for_completion(self, show_output=True, timeout_seconds=LONGEST_S, raise_on_error=True):
        """Waits until it has ended, ``timeout_seconds`` at most, and returns what ``get_status`` does.

        ``show_output`` prints how it goes on. Raises ``ActivityFailedException`` where it failed, unless
        ``raise_on_error`` is false, and ``UserErrorException`` for a script that would wait for itself.
        """
        from runledger.azureml_v1.pipeline.waiting import Deadline, TimedOut
        from runledger.azureml_v1.run_waiting import wait

        self._refuse_waiting_for_itself()
        deadline = Deadline(timeout_seconds)
        try:
            if show_output:
                self._wait_and_show_until(deadline)
            else:
                wait(self._folder, deadline.check)
        except TimedOut:
            print("The run {} goes on: it was waited for {} seconds.".format(self.id, timeout_seconds))
            return self.get_status()
        except KeyboardInterrupt:
            raise ExperimentExecutionException(
                "The output is no longer shown, and the run {} goes on: run.cancel() ends it.".format(self.id)
            ) from None
        status, reason, _ = self._folder.state()
        if raise_on_error and status == "Failed":
            raise ActivityFailedException(
                "The run {} failed.{}".format(self.id, " " + run_details.error_text(reason) if reason else "")
            )
        return self.get_status()

    def complete(self, _set_status=True):
        """Not for a pipeline: raises ``UserErrorException``."""
        refuse_end(self, "complete")

    def fail(self, error_details=None, error_code=None, _set_status=True, exception=None):
        """Not for a pipeline: raises ``UserErrorException``."""
        refuse_end(self, "fail")

    def _shown_status(self):
        return self.status

    def _check_type(self):
        if self.type != self.TYPE:
            raise UserErrorException(
                "The run {} is no {}: its type is {}.".format(self.id, type(self).__name__, self.type)
            )


@refuses("PipelineRun", PIPELINE_RUN_METHODS)
class PipelineRun(_PartOfPipeline):
    """A pipeline. The constructor finds an existing one; ``Experiment.submit`` gives new ones.

    Raises ``UserErrorException`` where ``run_id`` is none.
    """

    TYPE = PIPELINE_RUN

    def __init__(self, experiment, run_id, _service_endpoint=None, **kwargs):
        super().__init__(experiment, run_id)
        self._check_type()

    @staticmethod
    def get(workspace, run_id):
        """The pipeline ``run_id`` of ``workspace``, in whichever experiment. Raises ``UserErrorException``."""
        run = Run.get(workspace, run_id)
        if not isinstance(run, PipelineRun):
            raise UserErrorException("The run {} is no PipelineRun: its type is {}.".format(run_id, run.type))
        return run

    @translated
    def get_steps(self):
        """The ``StepRun`` of each step that has been started, the newest first."""
        return [child for child in self.get_children() if isinstance(child, StepRun)]

    @translated
    def find_step_run(self, name):
        """The ``StepRun`` of each step called ``name`` that has been started, as a list."""
        return [step for step in self.get_steps() if step._step.get("name") == name]

    @translated
    def get_pipeline_output(self, pipeline_output_name):
        """The ``PortDataReference`` of what a step wrote to the ``PipelineData`` of this ``pipeline_output_name``.

        An output of that name is found as well, where only one step has it. Raises ``UserErrorException``.
        """
        try:
            named = json.loads(self._folder.view().properties.get(PIPELINE_OUTPUTS, "{}"))
        except ValueError:
            named = {}
        place = named.get(pipeline_output_name) if isinstance(named, dict) else None
        if place is not None:
            steps = [step for step in self.get_steps() if step._step.get("id") == place.get("step")]
            if not steps:
                raise UserErrorException(
                    "The step that writes {!r} has not been started in the run {}.".format(
                        pipeline_output_name, self.id
                    )
                )
            return steps[0].get_output_data(place.get("output"))
        found = [step for step in self.get_steps() if pipeline_output_name in step._output_records]
        if len(found) == 1:
            return found[0].get_output_data(pipeline_output_name)
        raise UserErrorException(
            "The pipeline {} has no output {!r}. It has: {}. Name one with PipelineData(pipeline_output_name=...).".format(
                self.id, pipeline_output_name, ", ".join(sorted(named)) or "none"
            )
        )

    def publish_pipeline(self, name, description=None, version=None, **kwargs):
        """Keeps the pipeline of this run, with the code that it ran. Returns the ``PublishedPipeline``."""
        from runledger.azureml_v1.pipeline.published import publish

        outputs = self._folder.view().properties.get(PIPELINE_OUTPUTS, "{}")
        request = {"ofRun": self.id, "properties": {PIPELINE_OUTPUTS: outputs}}
        return publish(self.experiment.workspace, name, description, version, request)

    def _wait_and_show_until(self, deadline):
        from runledger.azureml_v1.pipeline.waiting import wait_for_pipeline

        wait_for_pipeline(self, deadline)


class StepRun(_PartOfPipeline):
    """A step of a pipeline. ``PipelineRun.get_steps`` and ``find_step_run`` give them."""

    TYPE = STEP_RUN

    def __init__(self, experiment, step_run_id, pipeline_run_id=None, node_id=None, **kwargs):
        super().__init__(experiment, step_run_id)
        self._check_type()

    @property
    def _step(self):
        found = self._record.get("step")
        return found if isinstance(found, dict) else {}

    @property
    def _output_records(self):
        found = self._step.get("outputs")
        return found if isinstance(found, dict) else {}

    @property
    def pipeline_run_id(self):
        """The id of the pipeline's run."""
        return self._record.get("parentId")

    @translated
    def get_outputs(self):
        """``{name: StepRunOutput}``."""
        return {name: StepRunOutput(self, name, record) for name, record in self._output_records.items()}

    @translated
    def get_output(self, name):
        """The ``StepRunOutput`` called ``name``. Raises ``UserErrorException``."""
        outputs = self.get_outputs()
        if name not in outputs:
            raise UserErrorException(
                "The step {!r} has no output {!r}. It has: {}.".format(
                    self.name, name, ", ".join(sorted(outputs)) or "none"
                )
            )
        return outputs[name]

    def get_output_data(self, name):
        """The ``PortDataReference`` of the output ``name``. Raises ``UserErrorException``."""
        return self.get_output(name).get_port_data_reference()

    @translated
    def get_stdout_log(self):
        """What the script has printed, errors as well; empty before it has started."""
        return run_details.details_with_logs(self._folder)["logFiles"].get(LOG_FILE, "")

    def get_stderr_log(self):
        """As ``get_stdout_log``: both go to one file."""
        return self.get_stdout_log()

    def get_job_log(self):
        """As ``get_stdout_log``."""
        return self.get_stdout_log()

    def _wait_and_show_until(self, deadline):
        from runledger.azureml_v1.pipeline.waiting import wait_for_step

        wait_for_step(self, deadline)
