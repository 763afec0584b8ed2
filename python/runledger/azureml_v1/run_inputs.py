"""What ``run.input_datasets`` and ``run.output_datasets`` give: what the submission bound, each in a variable of the
script.
"""

import json
import os

from runledger.azureml_v1.data_flow import INPUT_PREFIX, OUTPUT_PREFIX, REFERENCE_PREFIX
from runledger.azureml_v1.exceptions import UserErrorException


class Inputs(dict):
    """``{name: data set, or local path}``. A missing name says how one is bound."""

    def __missing__(self, name):
        raise KeyError(
            "This run has no input {!r}; it has: {}. Pass dataset.as_named_input({!r}) among the arguments of the "
            "ScriptRunConfig.".format(name, ", ".join(sorted(self)) or "none", name)
        )


def binding_text(value):
    """What a variable says of ``value``, data that is an input."""
    name, binding = value._input_binding()
    return json.dumps(dict(binding, name=name))


def variables(values):
    """The variables that bind those of ``values``, arguments of a script, that are data."""
    found = {}
    for value in values:
        bind = getattr(value, "_input_binding", None)
        if bind is not None:
            name, binding = bind()
            found[INPUT_PREFIX + name] = binding_text(value)
            if binding["kind"] == "path":
                found[REFERENCE_PREFIX + name] = binding["path"]
    return found


def outputs():
    """``{name: local path}`` of what the submission bound for this process to write. Raises ``UserErrorException``."""
    found = {}
    for variable, text in os.environ.items():
        if variable.startswith(OUTPUT_PREFIX):
            try:
                binding = json.loads(text)
                found[binding["name"]] = os.environ[binding["pathVariable"]]
            except (ValueError, KeyError, TypeError) as error:
                raise UserErrorException("The variable {} binds no output: {!r}.".format(variable, error)) from None
    return found


def _located(binding):
    """``binding`` with the place that was not known when it was made, where an earlier step has left its output."""
    if "pathVariable" not in binding:
        return binding
    path = os.environ[binding["pathVariable"]]
    if binding["kind"] == "path":
        return dict(binding, path=path)
    place = path if binding.get("glob") is None else os.path.join(path, binding["glob"].lstrip("/"))
    return dict(binding, content=dict(binding["content"], sources=[{"path": place}]))


def bound(workspace):
    """The inputs of this process, whose run belongs to ``workspace``. Raises ``UserErrorException``."""
    from runledger.azureml_v1.dataset import of_binding

    found = Inputs()
    for variable, text in os.environ.items():
        if variable.startswith(INPUT_PREFIX):
            try:
                binding = json.loads(text)
                found[binding["name"]] = of_binding(workspace, _located(binding))
            except (ValueError, KeyError, TypeError) as error:
                raise UserErrorException("The variable {} binds no data: {!r}.".format(variable, error)) from None
    return found
