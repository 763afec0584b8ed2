"""Files that one script writes and another reads: what ``PipelineData`` and ``OutputFileDatasetConfig`` have in common.
"""

import json
import os
import re

from runledger.azureml_v1.exceptions import UserErrorException

REFERENCE_PREFIX = "AZUREML_DATAREFERENCE_"
INPUT_PREFIX = "RUNLEDGER_INPUT_"
OUTPUT_PREFIX = "RUNLEDGER_OUTPUT_"
_NAME = re.compile(r"[A-Za-z0-9_]+\Z")


class Output:
    """What a script writes: a file or a folder at ``path`` of a datastore, as a template with ``{run-id}`` and
    ``{output-name}``.

    Views of one output, as ``as_mount()`` gives them, have it as their ``_origin``.
    """

    IS_ALWAYS_OUTPUT = False
    """Whether it is written by any script that has it among its arguments; else by the step that names it as an output.
    """

    def __init__(self, name, datastore, path, is_folder):
        self.name = None if name is None else checked_name(name)
        self._is_named = name is not None
        self._datastore = datastore
        self._path = path
        self._is_folder = is_folder
        self._origin = self
        self._producer = None
        """The step that was the last to name it as its output."""
        self._registration = None
        """How it is registered as a data set when its script has completed; see ``output_registration``."""

    def _place(self, default_datastore):
        """``(the Datastore, the template of the path)``."""
        datastore = self._datastore or default_datastore
        parts = [part for part in self._path.replace("\\", "/").split("/") if part not in ("", ".")]
        if ".." in parts:
            raise UserErrorException(
                "{!r}: the path {!r} leads out of the datastore {!r}.".format(self.name, self._path, datastore.name)
            )
        return datastore, "/".join(parts)

    def _argument(self):
        raise UserErrorException(
            "{} {!r} has no path here: it is an argument of a step of a pipeline{}.".format(
                type(self).__name__,
                self.name,
                ", or of a script that is submitted by itself, but not of a sweep" if self.IS_ALWAYS_OUTPUT else "",
            )
        )


class Input:
    """What another step has written to ``output``, read as the input ``name``.

    ``reading`` is ``None`` for a path, else the definition of a table without its sources (see ``dataset_factory``),
    and ``glob`` says which files of the folder are meant.
    """

    def __init__(self, output, name=None, reading=None, glob=None):
        self._origin = output._origin
        self._given_name = None if name is None else checked_name(name)
        self._reading = reading
        self._glob = glob

    @property
    def name(self):
        """As given, else that of the output; a step calls its inputs ``input_<n>`` where neither has one."""
        return self._given_name or self._origin.name

    def as_mount(self, path_on_compute=None):
        """The same: the files are on this machine already. So does ``as_download``."""
        return self

    def as_download(self, path_on_compute=None, overwrite=False):
        return self

    def _argument(self):
        raise UserErrorException("{!r} is the output of a step: only another step can read it.".format(self.name))


def checked_name(name):
    """``name``, of an output or input. Raises ``UserErrorException``."""
    if not isinstance(name, str) or not _NAME.match(name):
        raise UserErrorException(
            "The name of an output or input consists of letters, digits and underscores: not {!r}.".format(name)
        )
    return name


def input_variables(item, path):
    """``{variable: value}`` of the script that reads ``item``, an ``Input`` at ``path``, which is only known later."""
    reference = REFERENCE_PREFIX + item.name
    binding = {"name": item.name, "kind": "path", "pathVariable": reference}
    if item._reading is not None:
        binding.update(kind="tabular", content=item._reading, glob=item._glob)
    return {reference: path, INPUT_PREFIX + item.name: json.dumps(binding)}


def output_variables(output, name, path, datastore):
    """``{variable: value}`` of the script that writes ``output``, as ``name``, to ``path`` of the ``datastore`` of that
    name.
    """
    reference = REFERENCE_PREFIX + name
    binding = {"name": name, "pathVariable": reference}
    if output._registration is not None:
        binding["register"] = dict(output._registration, datastore=datastore)
    found = {reference: path, OUTPUT_PREFIX + name: json.dumps(binding)}
    if output.IS_ALWAYS_OUTPUT and name not in os.environ:
        # As the SDK names it; a variable of the system is worth more than that.
        found[name] = path
    return found
