"""``azureml.pipeline.core.PipelineParameter``: what is chosen when a pipeline is submitted."""

import math

from runledger.azureml_v1.data_reference import DataPath, DataReference
from runledger.azureml_v1.exceptions import UserErrorException


class PipelineParameter:
    """The parameter ``name``: a text, a number, a truth value, or a ``DataPath`` or data set, which stands for its
    path.

    ``Experiment.submit(pipeline, pipeline_parameters={name: value})`` gives another value than ``default_value``.
    Raises ``UserErrorException``.
    """

    def __init__(self, name, default_value):
        if not isinstance(name, str) or not name:
            raise UserErrorException("name: the name of a PipelineParameter must be a text, not {!r}.".format(name))
        plain_value(name, default_value)
        self.name = name
        self.default_value = default_value

    def _argument(self):
        raise UserErrorException(
            "The PipelineParameter {!r} has a value only in a step of a pipeline: give its value here.".format(
                self.name
            )
        )

    def __repr__(self):
        return "PipelineParameter(name={!r}, default_value={!r})".format(self.name, self.default_value)


def values_of(parameters, given):
    """``{name: plain value}`` of ``parameters``, those of a pipeline; ``given`` are other values than the defaults.

    Raises ``UserErrorException`` for a name that the pipeline does not have, and for two parameters of one name.
    """
    found = {}
    for parameter in parameters:
        value = plain_value(parameter.name, parameter.default_value)
        if parameter.name in found and found[parameter.name] != value:
            raise UserErrorException(
                "Two parameters of the pipeline are called {!r}, with different default values: {!r} and {!r}.".format(
                    parameter.name, found[parameter.name], value
                )
            )
        found[parameter.name] = value
    if given is not None and not isinstance(given, dict):
        raise UserErrorException("pipeline_parameters must be a dict, not {}.".format(type(given).__name__))
    for name, value in (given or {}).items():
        if name not in found:
            raise UserErrorException(
                "pipeline_parameters: the pipeline has no parameter {!r}. It has: {}.".format(
                    name, ", ".join(sorted(found)) or "none"
                )
            )
        found[name] = plain_value(name, value)
    return found


def plain_value(name, value):
    """``value`` of the parameter ``name`` as a text, a number or a truth value. Raises ``UserErrorException``."""
    from runledger.azureml_v1.dataset import AbstractDataset

    if isinstance(value, DataPath):
        value = value.create_data_reference()
    if isinstance(value, (DataReference, AbstractDataset)):
        return value._argument()
    item = getattr(value, "item", None)
    plain = item() if item is not None and not isinstance(value, (str, int, float)) else value
    if isinstance(plain, (str, bool, int)) or (isinstance(plain, float) and math.isfinite(plain)):
        return plain
    raise UserErrorException(
        "The PipelineParameter {!r} must be a text, a finite number, True or False, a DataPath or a data set, not "
        "{!r}.".format(name, value)
    )
