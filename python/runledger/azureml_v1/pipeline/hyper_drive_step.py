"""``azureml.pipeline.steps.HyperDriveStep``: a sweep as a step of a pipeline."""

import json

from runledger.azureml_v1 import job
from runledger.azureml_v1.data_flow import Input, Output
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.hyperdrive.config import HyperDriveConfig
from runledger.azureml_v1.hyperdrive.run import HyperDriveRun
from runledger.azureml_v1.pipeline.step import PipelineStep


class HyperDriveStep(PipelineStep):
    """Submits the sweep ``hyperdrive_config`` as a child of the step's run, and is done when the sweep is.

    The script gets the arguments of the configuration, then ``estimator_entry_script_arguments``, which may hold what
    those of a ``PythonScriptStep`` may, then its hyperparameters. ``metrics_output`` holds what the trials logged, as
    JSON; of ``outputs`` those with a ``TrainingOutput`` hold what it says. Raises ``UserErrorException``.
    """

    def __init__(
        self,
        name,
        hyperdrive_config,
        estimator_entry_script_arguments=None,
        inputs=None,
        outputs=None,
        metrics_output=None,
        allow_reuse=True,
        version=None,
    ):
        if not isinstance(hyperdrive_config, HyperDriveConfig):
            raise UserErrorException(
                "hyperdrive_config must be a HyperDriveConfig, not {}.".format(type(hyperdrive_config).__name__)
            )
        config = hyperdrive_config._config
        if config.command:
            raise UserErrorException("hyperdrive_config: the step {!r} needs a script, not a command.".format(name))
        outputs = list(outputs or [])
        command = ["python", "-m", "runledger.azureml_v1.hyperdrive.step_driver"]
        command += ["--request", json.dumps(_request(hyperdrive_config, config))]
        command += _training_arguments(name, outputs, metrics_output)
        self._is_line = False
        super().__init__(
            name,
            list(inputs or []) + config._inputs,
            outputs + ([] if metrics_output is None else [metrics_output]),
            command + ["--"] + config.arguments + list(estimator_entry_script_arguments or []),
            None,
            config.run_config,
            None,
            config.source_directory,
            allow_reuse,
            version,
        )
        self._entry_script = config.script

    def _script(self):
        return None, self._arguments

    def _check(self, source_directory):
        self._check_script(source_directory, self._entry_script)


class HyperDriveStepRun(HyperDriveRun):
    """The sweep of ``step_run``, a ``StepRun`` of a ``HyperDriveStep``. Raises ``UserErrorException`` where it has
    none.
    """

    def __init__(self, step_run):
        original = step_run.properties.get("azureml.reusedrunid")
        source = step_run if original is None else step_run.experiment.workspace.get_run(original)
        for child in source.get_children():
            if isinstance(child, HyperDriveRun):
                self._open(child.experiment, child._folder)
                return
        raise UserErrorException("The step run {} has submitted no sweep.".format(step_run.id))

    def __reduce__(self):
        return HyperDriveRun, (self._experiment, self.id)


def _request(sweep, config):
    """The request of the sweep without what is known only when the step runs."""
    made = job.job(config.run_config, config.source_directory, {})
    kept = {"configuration": made["configuration"], "script": config.script.replace("\\", "/")}
    return dict(sweep._content(), job=kept)


def _training_arguments(name, outputs, metrics_output):
    """Arguments that say which output holds what."""
    found = []
    if metrics_output is not None:
        if not isinstance(metrics_output, (Output, Input)):
            raise UserErrorException("metrics_output must be a PipelineData, not {!r}.".format(metrics_output))
        found += ["--metrics", metrics_output]
    for output in outputs:
        training = getattr(getattr(output, "_origin", None), "training_output", None)
        if training is None:
            continue
        if training.type == "Metrics":
            if "--metrics" in found:
                raise UserErrorException("outputs: the step {!r} has two outputs for metrics.".format(name))
            found += ["--metrics", output]
        elif not training.model_file:
            raise UserErrorException(
                "outputs: say which file of the best trial {!r} is to hold, as TrainingOutput('Model', "
                "model_file='outputs/model.pkl').".format(output._origin.name)
            )
        else:
            found += ["--model-file", training.model_file, "--model-path", output]
    return found
