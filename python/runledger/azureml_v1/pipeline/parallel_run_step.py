"""``azureml.pipeline.steps.ParallelRunStep``: a script's function ``run`` for one mini-batch of the input after
another.
"""

import os

from runledger.azureml_v1.data_flow import Input, Output
from runledger.azureml_v1.environment import Environment
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.parallel_run.batches import parsed_size
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.pipeline.step import PipelineStep
from runledger.azureml_v1.run_configuration import RunConfiguration
from runledger.azureml_v1.unavailable_names import PARALLEL_RUN_METHODS

OUTPUT_ACTIONS = ("append_row", "summary_only")
DEFAULT_FILE = "parallel_run_step.txt"


@refuses("ParallelRunConfig", PARALLEL_RUN_METHODS)
class ParallelRunConfig:
    """How a ``ParallelRunStep`` goes through its input.

    ``entry_script`` of ``source_directory`` has the functions ``run(mini_batch)`` and, if it likes, ``init()`` and
    ``shutdown()``. ``mini_batch_size`` is a number of files, by default 10, or for tables of bytes, as ``"1MB"``.
    ``process_count_per_node`` processes work side by side, by default as many as there are processors. With
    ``append_row`` what ``run`` gives is kept, an item a line, in the file ``append_row_file_name`` of the output. The
    step fails where more items fail than ``error_threshold`` (-1: any number), or more mini-batches than
    ``allowed_failed_count`` or ``allowed_failed_percent``. A mini-batch may take ``run_invocation_timeout`` seconds and
    is tried ``run_max_try`` times. With ``partition_keys`` a mini-batch has the files, or the rows, that have the same
    values of these: names of the data set's ``partition_format``, or columns of a table. Numbers may be ``PipelineParameter``. ``compute_target`` is one that the workspace has a file for, or stands for this machine;
    ``node_count`` and ``logging_level`` are ignored. Raises ``UserErrorException``.
    """

    def __init__(
        self,
        environment,
        entry_script,
        error_threshold,
        output_action,
        compute_target,
        node_count,
        process_count_per_node=None,
        mini_batch_size=None,
        source_directory=None,
        description=None,
        logging_level="INFO",
        run_invocation_timeout=60,
        run_max_try=3,
        append_row_file_name=None,
        allowed_failed_count=None,
        allowed_failed_percent=None,
        partition_keys=None,
        environment_variables=None,
    ):
        if partition_keys is not None and mini_batch_size is not None:
            raise UserErrorException("partition_keys divide the input: give either these or mini_batch_size.")
        if not _are_names(partition_keys or []):
            raise UserErrorException("partition_keys must be a list of names, not {!r}.".format(partition_keys))
        if not isinstance(environment, Environment):
            raise UserErrorException("environment must be an Environment, not {}.".format(type(environment).__name__))
        if not isinstance(entry_script, (str, os.PathLike)) or not os.fspath(entry_script):
            raise UserErrorException("entry_script: name the script, not {!r}.".format(entry_script))
        if output_action not in OUTPUT_ACTIONS:
            raise UserErrorException(
                "output_action must be {}, not {!r}.".format(" or ".join(OUTPUT_ACTIONS), output_action)
            )
        if append_row_file_name is not None and os.path.basename(str(append_row_file_name)) != append_row_file_name:
            raise UserErrorException(
                "append_row_file_name must be the name of a file, not {!r}.".format(append_row_file_name)
            )
        if mini_batch_size is not None and not isinstance(mini_batch_size, PipelineParameter):
            parsed_size(mini_batch_size)
        self.environment = environment
        self.entry_script = os.fspath(entry_script)
        self.source_directory = None if source_directory is None else os.fspath(source_directory)
        self.output_action = output_action
        self.append_row_file_name = append_row_file_name or DEFAULT_FILE
        self.compute_target = compute_target
        self.node_count = node_count
        self.description = description
        self.logging_level = logging_level
        self.mini_batch_size = mini_batch_size
        self.partition_keys = None if partition_keys is None else list(partition_keys)
        self.environment_variables = dict(environment_variables or {})
        self.error_threshold = _number("error_threshold", error_threshold, -1)
        self.process_count_per_node = _number("process_count_per_node", process_count_per_node, 1)
        self.run_invocation_timeout = _number("run_invocation_timeout", run_invocation_timeout, 1)
        self.run_max_try = _number("run_max_try", run_max_try, 1)
        self.allowed_failed_count = _number("allowed_failed_count", allowed_failed_count, 0)
        self.allowed_failed_percent = _number("allowed_failed_percent", allowed_failed_percent, 0)

    def _options(self):
        """``[(option of the driver, value)]`` of those that are given."""
        pairs = (
            ("--mini-batch-size", self.mini_batch_size),
            ("--error-threshold", self.error_threshold),
            ("--processes", self.process_count_per_node),
            ("--timeout", self.run_invocation_timeout),
            ("--max-try", self.run_max_try),
            ("--allowed-failed-count", self.allowed_failed_count),
            ("--allowed-failed-percent", self.allowed_failed_percent),
        )
        keys = [("--partition-key", key) for key in self.partition_keys or []]
        return [pair for pair in pairs if pair[1] is not None] + keys

    def _place(self):
        """``(source folder or None, the script relative to it)``."""
        if self.source_directory is not None:
            return self.source_directory, self.entry_script.replace(os.sep, "/")
        folder, name = os.path.split(self.entry_script)
        return folder or None, name


class ParallelRunStep(PipelineStep):
    """Goes through ``inputs``, data sets or the outputs of other steps, as ``parallel_run_config`` says.

    ``output`` is the ``PipelineData`` or ``OutputFileDatasetConfig`` of the rows; ``arguments`` are those of the entry
    script, and ``side_inputs`` data that they name. Raises ``UserErrorException``.
    """

    def __init__(
        self,
        name,
        parallel_run_config,
        inputs,
        output=None,
        side_inputs=None,
        arguments=None,
        allow_reuse=True,
    ):
        config = parallel_run_config
        if not isinstance(config, ParallelRunConfig):
            raise UserErrorException(
                "parallel_run_config must be a ParallelRunConfig, not {}.".format(type(config).__name__)
            )
        if output is None and config.output_action == "append_row":
            raise UserErrorException("output: the step {!r} keeps rows (append_row), so it needs one.".format(name))
        inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if not inputs or not all(_is_data(value) for value in inputs):
            raise UserErrorException(
                "inputs: the step {!r} needs data sets with as_named_input, or outputs of other steps.".format(name)
            )
        names = [_name_of(value) for value in inputs]
        if not all(names):
            raise UserErrorException("inputs: give the output of another step a name, as with as_input('name').")
        self._config = config
        self._entry_folder, self._entry_script = config._place()
        self._is_line = False
        runconfig = RunConfiguration()
        runconfig.environment = config.environment
        runconfig.environment_variables = config.environment_variables
        command = ["python", "-m", "runledger.azureml_v1.parallel_run", "--entry-script", self._entry_script]
        for option, value in config._options():
            command += [option, value if isinstance(value, PipelineParameter) else str(value)]
        for input_name in names:
            command += ["--input", input_name]
        if output is not None and config.output_action == "append_row":
            command += ["--output", output, "--output-file", config.append_row_file_name]
        super().__init__(
            name,
            inputs + list(side_inputs or []),
            [] if output is None else [output],
            command + ["--"] + list(arguments or []),
            None,
            runconfig,
            config.compute_target,
            self._entry_folder,
            allow_reuse,
        )

    def _script(self):
        return None, self._arguments

    def _check(self, source_directory):
        self._check_script(source_directory, self._entry_script)


def _are_names(keys):
    return not isinstance(keys, str) and all(isinstance(key, str) and key for key in keys)


def _is_data(value):
    return isinstance(value, (Output, Input)) or hasattr(value, "_input_binding")


def _name_of(value):
    """By which name the step finds the input; ``None`` for one that the step would name itself."""
    if isinstance(value, (Output, Input)):
        return value.name if getattr(value, "_given_name", None) or value._origin._is_named else None
    return value.name if hasattr(value, "name") else value.data_reference_name


def _number(name, value, low):
    if value is None or isinstance(value, PipelineParameter):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < low:
        raise UserErrorException("{} must be a number of at least {}, not {!r}.".format(name, low, value))
    return value
