"""The base of the steps of a pipeline: what it reads and writes, and what must be done before it."""

import os

from runledger.azureml_v1.data_flow import Input, Output
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.run_configuration import RunConfiguration


class PipelineStep:
    """A step called ``name``. ``arguments`` are those of its script, or the parts of its command.

    What an argument stands for in a run is found when the pipeline is submitted. Raises ``UserErrorException`` for an
    argument, an input or an output that is none.
    """

    def __init__(
        self,
        name,
        inputs=None,
        outputs=None,
        arguments=None,
        params=None,
        runconfig=None,
        compute_target=None,
        source_directory=None,
        allow_reuse=True,
        version=None,
        hash_paths=None,
    ):
        if not isinstance(name, str) or not name:
            raise UserErrorException("name: the name of a step must be a text, not {!r}.".format(name))
        self.name = name
        self.inputs = _listed(self, "inputs", inputs)
        self.outputs = _listed(self, "outputs", outputs)
        self.params = _checked_params(self, params)
        self.allow_reuse = bool(allow_reuse)
        self.version = None if version is None else str(version)
        self._arguments = _listed(self, "arguments", arguments)
        self._compute_target = compute_target
        self._source_directory = None if source_directory is None else os.fspath(source_directory)
        self._hash_paths = [os.fspath(path) for path in _listed(self, "hash_paths", hash_paths)]
        self._configuration = _checked_configuration(self, runconfig)
        self._predecessors = []
        self._writes = {}
        """``{output: the object that stands for it in this step}``, in order."""
        self._reads = []
        """Inputs from other steps, each once."""
        self._data = []
        """Inputs that are there already: data sets and references."""
        self._sort_arguments()

    def run_after(self, step):
        """This step runs after ``step``, though it reads nothing of it; a list stands for all of its steps."""
        for one in step if isinstance(step, (list, tuple)) else [step]:
            if not isinstance(one, PipelineStep):
                raise UserErrorException(
                    "run_after: the step {!r} runs after another step, not after {!r}.".format(self.name, one)
                )
            if one not in self._predecessors:
                self._predecessors.append(one)

    @property
    def arguments(self):
        """As given."""
        return list(self._arguments)

    def _sort_arguments(self):
        for output in self.outputs:
            if not isinstance(output, (Output, Input)):
                raise UserErrorException(
                    "outputs: {!r} of the step {!r} is no PipelineData and no OutputFileDatasetConfig.".format(
                        output, self.name
                    )
                )
            self._write(output)
        for value in self._arguments:
            if isinstance(value, Output) and value.IS_ALWAYS_OUTPUT:
                self._write(value)
        for value in self.inputs:
            if getattr(value, "_origin", None) in self._writes:
                raise UserErrorException(
                    "inputs: the step {!r} has {!r} among its outputs as well.".format(self.name, value._origin.name)
                )
            self._read(value, "inputs")
        for index, value in enumerate(self._arguments):
            if value is None:
                raise UserErrorException("arguments: that at {} of the step {!r} is None.".format(index, self.name))
            if getattr(value, "_origin", None) not in self._writes:
                self._read(value, "arguments")

    def _write(self, output):
        origin = output._origin
        if origin.name is None:
            origin.name = "output_{}".format(len(self._writes) + 1)
        others = [other.name for other in self._writes if other is not origin]
        if origin.name in others:
            raise UserErrorException("outputs: the step {!r} has two called {!r}.".format(self.name, origin.name))
        # Of the objects that stand for it, the one that says how it is registered is worth most.
        known = self._writes.get(origin)
        if known is None or getattr(output, "_registration", None) is not None:
            self._writes[origin] = output
        origin._producer = self

    def _read(self, value, where):
        """Takes note of ``value`` where it is data."""
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], PipelineParameter):
            return
        if isinstance(value, Output):
            value = Input(value)
        if isinstance(value, Input):
            if value._given_name is None and not value._origin._is_named:
                if any(read._origin is value._origin and read._reading == value._reading for read in self._reads):
                    return
                value = Input(value._origin, "input_{}".format(len(self._reads) + 1), value._reading, value._glob)
            same = [read for read in self._reads if read.name == value.name]
            if any(read._origin is not value._origin for read in same):
                raise UserErrorException(
                    "{}: the step {!r} has two inputs called {!r}: give them names with as_input.".format(
                        where, self.name, value.name
                    )
                )
            # The one that says how it is read is worth more than another of the same name.
            if not same:
                self._reads.append(value)
            elif same[0]._reading is None and value._reading is not None:
                self._reads[self._reads.index(same[0])] = value
        elif hasattr(value, "_input_binding"):
            self._data.append(value)
        elif where == "inputs" and not isinstance(value, PipelineParameter):
            raise UserErrorException(
                "inputs: {!r} of the step {!r} is no data: give a PipelineData, the output of another step, a "
                "DataReference, or a data set with as_named_input.".format(value, self.name)
            )

    def _parameters(self):
        """The ``PipelineParameter`` among its arguments, inputs and ``params``."""
        for value in self._arguments + self.inputs + list(self.params.values()):
            value = value[0] if isinstance(value, tuple) and value else value
            value = getattr(value, "_parameter", None) or value
            if isinstance(value, PipelineParameter):
                yield value

    def _script(self):
        """``(script, command)``: one of them is ``None``."""
        raise NotImplementedError

    def _check_script(self, source_directory, script):
        """Raises ``UserErrorException`` where ``source_directory`` has no file ``script``, which a command of the step
        needs.
        """
        path = os.path.abspath(os.path.join(source_directory, script))
        if not os.path.isfile(path):
            raise UserErrorException("The step {!r}: there is no script {}.".format(self.name, path))

    def _check(self, source_directory):
        """Raises ``UserErrorException`` where the step cannot work with the code in ``source_directory``."""

    def __repr__(self):
        return "{}(name={!r})".format(type(self).__name__, self.name)


def _listed(step, what, values):
    if values is None:
        return []
    if isinstance(values, (list, tuple)):
        return list(values)
    raise UserErrorException("{}: those of the step {!r} must be a list, not {!r}.".format(what, step.name, values))


def _checked_params(step, params):
    if params is None:
        return {}
    if not isinstance(params, dict) or not all(isinstance(name, str) and name for name in params):
        raise UserErrorException("params: those of the step {!r} must be a dict of names and values.".format(step.name))
    return dict(params)


def _checked_configuration(step, configuration):
    if configuration is None:
        return RunConfiguration()
    if not isinstance(configuration, RunConfiguration):
        raise UserErrorException(
            "runconfig: that of the step {!r} must be a RunConfiguration, not {}.".format(
                step.name, type(configuration).__name__
            )
        )
    return configuration
