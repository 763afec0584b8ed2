"""Turns what people log into what the journal holds: plain ``bool``, ``int``, ``float`` and ``str``.

NumPy, pandas and tensor types are recognised by their methods, so nothing is imported for them.
"""

from runledger.errors import InvalidArgumentError, UnloggableValueError

_PLAIN = frozenset((float, int, str, bool))
_MAX_INTEGER = 1 << 1023


def scalar(value, argument):
    """``value`` as a plain scalar. Raises ``UnloggableValueError``, which names ``argument``."""
    kind = type(value)
    if kind in _PLAIN:
        if kind is int and not -_MAX_INTEGER < value < _MAX_INTEGER:
            raise InvalidArgumentError("{} is an integer too large to be logged.".format(argument))
        return value
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return scalar(int(value), argument)
    if isinstance(value, str):
        return str.__str__(value)
    for method in ("item", "numpy"):
        # NumPy scalars, arrays and tensors of one element.
        convert = getattr(value, method, None)
        if callable(convert) and hasattr(value, "dtype"):
            try:
                converted = convert()
            except (TypeError, ValueError, RuntimeError):
                break
            if converted is not value and type(converted) in _PLAIN:
                return scalar(converted, argument)
            if method == "numpy" and hasattr(converted, "item"):
                return scalar(converted, argument)
            if getattr(getattr(converted, "dtype", None), "kind", None) == "f":
                # A float wider than Python's stays NumPy's own.
                return float(converted)
    if not hasattr(value, "__len__") and not hasattr(value, "dtype"):
        # Decimal, Fraction and other real numbers.
        convert = getattr(type(value), "__float__", None)
        if convert is not None:
            try:
                return float(value)
            except (TypeError, ValueError, OverflowError):
                pass
    raise UnloggableValueError(
        "{} must be a number, a str or a bool, not {}.".format(argument, type(value).__name__),
        "Convert it first, for example with float() or str().",
    )


def scalar_or_null(value, argument):
    """Like ``scalar``; ``None`` stays, and pandas' missing values become ``None``."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return scalar(value, argument)


def vector(value, argument):
    """A list, tuple, set, range, generator, array or series as a list of plain scalars and ``None``."""
    if isinstance(value, (str, bytes, dict)) or value is None:
        raise UnloggableValueError("{} must be a list of values, not {}.".format(argument, type(value).__name__))
    to_list = getattr(value, "tolist", None)
    if callable(to_list):
        value = to_list()
    try:
        items = iter(value)
    except TypeError:
        raise UnloggableValueError(
            "{} must be a list of values, not {}.".format(argument, type(value).__name__)
        ) from None
    label = "An item of " + argument
    return [item if type(item) is float else scalar_or_null(item, label) for item in items]


def columns(value, argument):
    """A table as ``{column: [value, ...]}``: from a dict of columns or of scalars, a list of rows, or a data frame."""
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        value = value.to_dict("list")
    if isinstance(value, (list, tuple)) and value and all(isinstance(row, dict) for row in value):
        names = []
        for row in value:
            names.extend(name for name in row if name not in names)
        value = {name: [row.get(name) for row in value] for name in names}
    if not isinstance(value, dict):
        raise UnloggableValueError("{} must be a dict of columns, not {}.".format(argument, type(value).__name__))
    result = {}
    for name, column in value.items():
        label = "{}[{!r}]".format(argument, name)
        is_scalar = (
            column is None
            or isinstance(column, str)
            or not ((hasattr(column, "__iter__") or hasattr(column, "tolist")) and getattr(column, "ndim", 1) != 0)
        )
        result[str(name)] = [scalar_or_null(column, label)] if is_scalar else vector(column, label)
    return result


def text(value, argument):
    """A tag's or property's value as a ``str``; anything else is spelled as Python does."""
    if type(value) is str:
        return value
    try:
        return str(scalar(value, argument))
    except InvalidArgumentError:
        return str(value)


def step_number(step, argument="step"):
    """A step as an ``int``, or ``None``."""
    if step is None or (type(step) is int and -_MAX_INTEGER < step < _MAX_INTEGER):
        return step
    value = scalar(step, argument)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise UnloggableValueError("{} must be an integer, not {!r}.".format(argument, step))
