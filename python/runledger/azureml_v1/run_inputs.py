"""What ``run.input_datasets`` gives: the inputs that the submission bound, each in a variable of the script."""

import json
import os

from runledger.azureml_v1.exceptions import UserErrorException

PREFIX = "RUNLEDGER_INPUT_"


class Inputs(dict):
    """``{name: data set, or local path}``. A missing name says how one is bound."""

    def __missing__(self, name):
        raise KeyError(
            "This run has no input {!r}; it has: {}. Pass dataset.as_named_input({!r}) among the arguments of the "
            "ScriptRunConfig.".format(name, ", ".join(sorted(self)) or "none", name)
        )


def variables(values):
    """The variables that bind those of ``values``, arguments of a script, that are data."""
    found = {}
    for value in values:
        bind = getattr(value, "_input_binding", None)
        if bind is not None:
            name, binding = bind()
            found[PREFIX + name] = json.dumps(dict(binding, name=name))
            if binding["kind"] == "path":
                found["AZUREML_DATAREFERENCE_" + name] = binding["path"]
    return found


def bound(workspace):
    """The inputs of this process, whose run belongs to ``workspace``. Raises ``UserErrorException``."""
    from runledger.azureml_v1.dataset import of_binding

    found = Inputs()
    for variable, text in os.environ.items():
        if variable.startswith(PREFIX):
            try:
                binding = json.loads(text)
                found[binding["name"]] = of_binding(workspace, binding)
            except (ValueError, KeyError, TypeError) as error:
                raise UserErrorException("The variable {} binds no data: {!r}.".format(variable, error)) from None
    return found
