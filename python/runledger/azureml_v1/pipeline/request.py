"""A pipeline in the words of the ``runledger`` command."""

import hashlib
import json
import os
import re

from runledger.azureml_v1 import job, run_inputs
from runledger.azureml_v1.data_flow import (
    INPUT_PREFIX,
    REFERENCE_PREFIX,
    Input,
    Output,
    input_variables,
    output_variables,
)
from runledger.azureml_v1.data_marks import mark_of
from runledger.azureml_v1.pipeline.parameter import PipelineParameter

PARAMETER_PREFIX = "AML_PARAMETER_"
PIPELINE_OUTPUTS = "runledger.pipelineOutputs"
"""The property of a pipeline's run that says what its outputs are: JSON ``{name: {"step": id, "output": name}}``."""
_REFERENCE = re.compile(r"\$" + REFERENCE_PREFIX + r"(\w+)")


class PipelineRequest:
    """The steps of ``graph``. ``datastore`` and ``source_directory`` stand in for those of steps that have none.

    ``parameters`` are the values that were given for parameters: a data set may be one.
    """

    def __init__(self, graph, datastore, source_directory, parameters=None):
        self._parameters = parameters or {}
        self._graph = graph
        self._datastore = datastore
        self._source_directory = source_directory
        self.bindings = {}
        """``{name: text}`` of further parameters, which bind data sets that parameters name; known once ``steps`` was called."""
        self.ids = _ids(graph.steps)
        """``{step: its id}``."""

    def steps(self):
        """The steps as dicts of plain values. Raises ``UserErrorException`` for data that is not there."""
        return [self._step(step) for step in self._graph.steps]

    def pipeline_outputs(self):
        """The value of the property ``PIPELINE_OUTPUTS``."""
        found = {}
        for output, step in self._graph.producers.items():
            name = getattr(output, "pipeline_output_name", None)
            if name:
                found[name] = {"step": self.ids[step], "output": output.name}
        return json.dumps(found)

    def _step(self, step):
        source_directory = step._source_directory or self._source_directory or os.curdir
        step._check(source_directory)
        script, command = step._script()
        outputs, variables = self._outputs(step)
        for name, value in step.params.items():
            variables[PARAMETER_PREFIX + name] = self._template(step, value)
        data = [self._chosen(value) for value in step._data]
        variables.update(run_inputs.variables(data))
        for value in data:
            binding = value._binding_parameter() if hasattr(value, "_binding_parameter") else None
            if binding is not None:
                self.bindings[binding] = run_inputs.binding_text(value)
                variables[INPUT_PREFIX + value.name] = {"parameter": binding}
        for read in step._reads:
            variables.update(input_variables(read, self._template(step, read)))
        for value in step.inputs:
            if isinstance(value, tuple):
                variables[REFERENCE_PREFIX + value[0].name] = self._template(step, value)
        made = job.job(step._configuration, source_directory, variables, step._compute_target)
        if script is not None:
            made["script"] = script.replace(os.sep, "/")
            made["arguments"] = [self._template(step, value) for value in step._arguments]
        else:
            made["command"] = self._line(step, command) if step._is_line else [self._template(step, v) for v in command]
        return {
            "id": self.ids[step],
            "name": step.name,
            "type": type(step).__name__,
            "job": made,
            "runAfter": [self.ids[other] for other in self._graph.predecessors[step]],
            "outputs": outputs,
            "allowReuse": step.allow_reuse,
            "version": _version(step, data),
            "hashPaths": [os.path.abspath(os.path.join(source_directory, path)) for path in step._hash_paths],
        }

    def _outputs(self, step):
        """``(outputs of the step, variables of its script)``."""
        outputs, variables = [], {}
        for output, view in step._writes.items():
            datastore, path = output._place(self._datastore)
            outputs.append(
                {
                    "name": output.name,
                    "folder": datastore._folder,
                    "datastore": datastore.name,
                    "path": path,
                    "create": output._is_folder,
                }
            )
            told = view if isinstance(view, Output) else output
            variables.update(output_variables(told, output.name, {"output": output.name}, datastore.name))
        return outputs, variables

    def _template(self, step, value):
        """What ``value`` is in a run of ``step``."""
        if isinstance(value, tuple) and value and isinstance(value[0], PipelineParameter):
            value = value[0]
        if isinstance(value, PipelineParameter):
            return {"parameter": value.name}
        if isinstance(value, (Output, Input)):
            return self._reference(step, value._origin)
        if isinstance(value, str):
            return self._text(step, value)
        return job.argument_text(self._chosen(value))

    def _chosen(self, value):
        """``value``, or where it is a data set that a parameter names, the one that was given."""
        choose = getattr(value, "_with_parameters", None)
        return value if choose is None else choose(self._parameters)

    def _reference(self, step, output):
        if output in step._writes:
            return {"output": output.name}
        return {"input": {"step": self.ids[self._graph.producers[output]], "output": output.name}}

    def _text(self, step, text):
        """``text``, in which outputs and inputs may be named as ``str(PipelineData)`` does."""
        named = {output.name: output for output in step._writes}
        for read in step._reads:
            named.setdefault(read.name, read._origin)
            named.setdefault(read._origin.name, read._origin)
        parts = []
        for index, part in enumerate(_REFERENCE.split(text)):
            if index % 2 == 0:
                parts.append(part)
            elif part in named:
                parts.append(self._reference(step, named[part]))
            else:
                parts.append("$" + REFERENCE_PREFIX + part)
        if all(isinstance(part, str) for part in parts):
            return text
        return {"parts": [part for part in parts if part != ""]}

    def _line(self, step, command):
        """A line for the shell of the parts of a command; what is not a text of the user's is quoted."""
        parts = []
        for value in command:
            template = self._template(step, value)
            is_text = isinstance(value, str) or isinstance(value, (int, float))
            parts += [" "] + ([template] if is_text else ['"', template, '"'])
        return {"parts": parts[1:]}


def _ids(steps):
    """Eight hexadecimal digits for each step, the same whenever the same steps are submitted."""
    found, counts = {}, {}
    for step in steps:
        counts[step.name] = count = counts.get(step.name, 0) + 1
        text = "{}\n{}".format(step.name, count)
        found[step] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return found


def _version(step, data):
    """The version of the step, and how the files of ``data`` that it reads look: with others it is run again."""
    marks = [mark for mark in (mark_of(value) for value in data) if mark is not None]
    return step.version if not marks else " ".join([step.version or ""] + marks)
