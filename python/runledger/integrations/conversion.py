"""From what a library hands to its callbacks to what a run can hold."""

import math

from runledger.errors import InvalidArgumentError

MAX_TEXT_LENGTH = 500
"""A longer value of a parameter is cut off: some objects print everything that they hold."""


def chosen_run(run):
    """``run``, else the run that this process is in. Raises ``InvalidArgumentError`` where there is none."""
    from runledger.api import Run, active_run

    if run is None:
        run = active_run()
        if run is None:
            raise InvalidArgumentError(
                "There is no run to log to.", 'Start one first: with runledger.start_run("experiment") as run: ...'
            )
    if not isinstance(run, Run):
        raise InvalidArgumentError("run must be a runledger.Run, not {}.".format(type(run).__name__))
    return run


def numbers(values, prefix=""):
    """``{name: float or int}`` of what is a number, whatever its type (a tensor of one value too); the rest is left
    out."""
    found = {}
    for name, value in (values or {}).items():
        number = as_number(value)
        if number is not None:
            found[prefix + str(name)] = number
    return found


def as_number(value):
    """``value`` as an int or a float, or ``None``."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (str, bytes)) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        # A vector, or something else that is no number.
        return None


def parameters(values, prefix=""):
    """``{name: scalar}`` of any values: nested dicts become ``outer.inner``, what is no scalar its text."""
    found = {}
    for name, value in values.items():
        label = prefix + str(name)
        if isinstance(value, dict):
            found.update(parameters(value, label + "."))
        elif value is None or isinstance(value, (bool, int, float)):
            found[label] = value
        else:
            number = None if isinstance(value, str) else as_number(value)
            if number is not None and math.isfinite(number):
                found[label] = number
            else:
                found[label] = str(value)[:MAX_TEXT_LENGTH]
    return found


def log_new_parameters(run, values):
    """Logs the parameters that the run does not have yet: the first value of a name stays."""
    known = run.params
    new = {name: value for name, value in values.items() if name not in known}
    if new:
        run.log_params(new)
