"""``Pipeline.load_yaml``: the pipeline of a file, as steps. The file is read and checked by the ``runledger`` command."""

import os
import re

from runledger import cli
from runledger.azureml_v1.data_reference import DataReference
from runledger.azureml_v1.datastore import Datastore
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.pipeline.data import PipelineData
from runledger.azureml_v1.pipeline.parameter import PipelineParameter
from runledger.azureml_v1.pipeline.steps import PythonScriptStep
from runledger.azureml_v1.run_configuration import RunConfiguration

_STANDS_FOR = re.compile(r"(input|output|parameter):(.+)\Z", re.DOTALL)


def steps_of_file(workspace, path):
    """The steps of the pipeline in the file ``path``, in their order there. Relative paths in it start at its folder.

    Raises ``UserErrorException`` where there is no such file, and a ``RunledgerError`` for what is wrong in it.
    """
    path = os.path.abspath(os.fspath(path))
    if not os.path.isfile(path):
        raise UserErrorException("filename: there is no file {}.".format(path))
    answer = cli.call("read-pipeline", {"workspaceFolder": workspace._store.folder, "path": path})
    return _Reader(workspace, os.path.dirname(path), answer["pipeline"]).steps()


class _Reader:
    """Makes the steps of ``content``, the pipeline in the words of the file."""

    def __init__(self, workspace, folder, content):
        self._workspace = workspace
        self._folder = folder
        self._steps = content["steps"]
        self._references = content.get("data_references") or {}
        self._compute_target = content.get("default_compute")
        self._parameters = {
            name: PipelineParameter(name, parameter["default"])
            for name, parameter in (content.get("parameters") or {}).items()
        }
        self._outputs = {}
        """``{name of a step: {name of its output: PipelineData}}``"""
        self._destinations = {}
        """The outputs by what others read them as."""
        for name, step in self._steps.items():
            made = self._outputs[name] = {}
            for output, place in (step.get("outputs") or {}).items():
                made[output] = PipelineData(output, datastore=self._datastore(place.get("datastore")))
                self._destinations[place.get("destination") or output] = made[output]

    def steps(self):
        return [self._step(name, step) for name, step in self._steps.items()]

    def _step(self, key, step):
        source_directory = os.path.normpath(os.path.join(self._folder, step.get("source_directory") or "."))
        inputs = {name: self._input(name, item["source"]) for name, item in (step.get("inputs") or {}).items()}
        outputs = self._outputs[key]
        known = {"input": inputs, "output": outputs, "parameter": self._parameters}
        params = {name: self._value(value) for name, value in (step.get("parameters") or {}).items()}
        return PythonScriptStep(
            step["script_name"],
            name=step.get("name") or key,
            arguments=[_argument(key, value, known) for value in step.get("arguments") or []],
            compute_target=step.get("compute") or self._compute_target,
            runconfig=self._configuration(step.get("runconfig"), source_directory),
            inputs=list(inputs.values()),
            outputs=list(outputs.values()),
            params=params,
            source_directory=source_directory,
            allow_reuse=step.get("allow_reuse", True),
            version=step.get("version"),
            hash_paths=step.get("hash_paths"),
        )

    def _input(self, name, source):
        output = self._destinations.get(source)
        if output is not None:
            return output.as_input(name)
        reference = self._references[source]
        datastore = self._datastore(reference.get("datastore")) or self._workspace.get_default_datastore()
        return DataReference(datastore, name, reference.get("path_on_datastore"))

    def _value(self, value):
        return self._parameter(value["source"]) if isinstance(value, dict) else value

    def _parameter(self, name):
        if name not in self._parameters:
            raise UserErrorException(
                "The pipeline has no parameter {!r}. It has: {}.".format(name, ", ".join(self._parameters) or "none")
            )
        return self._parameters[name]

    def _configuration(self, name, source_directory):
        """A file by its path, else a run configuration by its name; ``None`` where the step names none."""
        if name is None:
            return None
        if os.path.isfile(os.path.join(self._folder, name)):
            return RunConfiguration.load(os.path.join(self._folder, name))
        folders = [source_directory, self._folder, self._workspace._store.folder]
        for folder in folders[:-1]:
            try:
                return RunConfiguration.load(folder, name)
            except UserErrorException:
                continue
        return RunConfiguration.load(folders[-1], name)

    def _datastore(self, name):
        return None if name is None else Datastore.get(self._workspace, name)


def _argument(step, value, known):
    """``input:NAME``, ``output:NAME`` and ``parameter:NAME`` stand for these; anything else for itself."""
    match = _STANDS_FOR.match(value) if isinstance(value, str) else None
    if match is None:
        return value
    kind, name = match.groups()
    if name not in known[kind]:
        raise UserErrorException("The step {!r} has no {} {!r}, which its arguments name.".format(step, kind, name))
    return known[kind][name]
