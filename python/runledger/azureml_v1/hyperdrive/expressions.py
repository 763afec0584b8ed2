"""``azureml.train.hyperdrive.parameter_expressions``: from which values a hyperparameter is chosen.

Each gives ``[name, arguments]``. Bounds must be finite, a lower one below its upper one, steps and spreads above 0.
Raises ``HyperDriveConfigException``.
"""

import math
import numbers

from runledger.azureml_v1.hyperdrive.exceptions import HyperDriveConfigException


def choice(*options):
    """One of ``options``: texts, numbers or truth values, or one list or range of them."""
    if len(options) == 1 and not isinstance(options[0], (str, bytes)) and hasattr(options[0], "__iter__"):
        options = tuple(options[0])
    if not options:
        raise HyperDriveConfigException("choice: name at least one option.")
    return ["choice", [[_option(option) for option in options]]]


def randint(upper):
    """A whole number from 0 to ``upper - 1``."""
    value = _number("randint", "upper", upper)
    if value != int(value) or value < 1:
        raise HyperDriveConfigException("randint: upper must be a whole number of at least 1, not {!r}.".format(upper))
    return ["randint", [int(value)]]


def uniform(min_value, max_value):
    """A number between the two, all equally likely."""
    return _between("uniform", min_value, max_value)


def quniform(min_value, max_value, q):
    """As ``uniform``, rounded to a multiple of ``q``."""
    return _between("quniform", min_value, max_value, q)


def loguniform(min_value, max_value):
    """``exp`` of a number between the two, all equally likely: the bounds are logarithms."""
    return _between("loguniform", min_value, max_value)


def qloguniform(min_value, max_value, q):
    """As ``loguniform``, rounded to a multiple of ``q``."""
    return _between("qloguniform", min_value, max_value, q)


def normal(mu, sigma):
    """A number around the mean ``mu``, with the standard deviation ``sigma``."""
    return _around("normal", mu, sigma)


def qnormal(mu, sigma, q):
    """As ``normal``, rounded to a multiple of ``q``."""
    return _around("qnormal", mu, sigma, q)


def lognormal(mu, sigma):
    """``exp`` of a number around ``mu``, with the standard deviation ``sigma``."""
    return _around("lognormal", mu, sigma)


def qlognormal(mu, sigma, q):
    """As ``lognormal``, rounded to a multiple of ``q``."""
    return _around("qlognormal", mu, sigma, q)


NAMES = (
    "choice",
    "lognormal",
    "loguniform",
    "normal",
    "qlognormal",
    "qloguniform",
    "qnormal",
    "quniform",
    "randint",
    "uniform",
)


def checked(parameter, expression):
    """``expression`` of the hyperparameter ``parameter``, as its function gives it. Raises
    ``HyperDriveConfigException``.
    """
    if isinstance(expression, (list, tuple)) and len(expression) == 2 and expression[0] in NAMES:
        name, arguments = expression
        if isinstance(arguments, (list, tuple)):
            try:
                return globals()[name](*arguments)
            except TypeError:
                pass
    raise HyperDriveConfigException(
        "parameter_space[{!r}] must be an expression, as choice(1, 2) or uniform(0.1, 1), not {!r}.".format(
            parameter, expression
        )
    )


def _between(name, low, high, step=None):
    arguments = [_number(name, "min_value", low), _number(name, "max_value", high)]
    if arguments[0] >= arguments[1]:
        raise HyperDriveConfigException(
            "{}: min_value must be below max_value, but they are {!r} and {!r}.".format(name, low, high)
        )
    return [name, arguments + _step(name, step)]


def _around(name, mu, sigma, step=None):
    spread = _positive(name, "sigma", sigma)
    return [name, [_number(name, "mu", mu), spread] + _step(name, step)]


def _step(name, step):
    return [] if step is None else [_positive(name, "q", step)]


def _positive(name, argument, value):
    number = _number(name, argument, value)
    if number <= 0:
        raise HyperDriveConfigException("{}: {} must be above 0, not {!r}.".format(name, argument, value))
    return number


def _number(name, argument, value):
    plain = _plain(value)
    if isinstance(plain, bool) or not isinstance(plain, numbers.Real) or not math.isfinite(plain):
        raise HyperDriveConfigException("{}: {} must be a finite number, not {!r}.".format(name, argument, value))
    return plain


def _option(option):
    plain = _plain(option)
    if isinstance(plain, (str, bool, int)) or (isinstance(plain, float) and math.isfinite(plain)):
        return plain
    raise HyperDriveConfigException(
        "choice: an option must be a text, a finite number, True or False, not {!r}.".format(option)
    )


def _plain(value):
    """The number of Python that a number of NumPy is."""
    item = getattr(value, "item", None)
    return item() if item is not None and not isinstance(value, (str, bool, int, float)) else value
