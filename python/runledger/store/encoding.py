"""Records of the journal as lines of JSON.

Values here are exactly ``None``, ``bool``, ``int``, ``float``, ``str``, ``list`` and ``dict``: the tracking package
turns everything else into these. Formatting by hand takes a third of the time of ``json.dumps``.
"""

from runledger.store.json_text import quote

_MAX_EXACT = 1 << 53
_INFINITY = float("inf")


def float_json(value):
    """A float as JSON. Non-finite ones are tagged, so that they differ from the strings that spell them."""
    if value - value == 0.0:
        return repr(value)
    if value != value:
        return '{"$float":"NaN"}'
    return '{"$float":"Infinity"}' if value > 0 else '{"$float":"-Infinity"}'


def to_json(value):
    """One value as JSON text on one line."""
    kind = type(value)
    if kind is float:
        return float_json(value)
    if kind is str:
        return quote(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return repr(value)
    if value is None:
        return "null"
    if kind is list:
        return "[" + ",".join([to_json(item) for item in value]) + "]"
    if kind is dict:
        return "{" + ",".join([quote(name) + ":" + to_json(item) for name, item in value.items()]) + "}"
    raise TypeError("cannot encode {}".format(kind.__name__))


def to_line(text):
    """The bytes of a line. Lone surrogates become JSON escapes: a line is always valid UTF-8."""
    return (text + "\n").encode("utf-8", "backslashreplace")


def record_time(ns):
    """A time in nanoseconds as the ``t`` of a record: seconds, to the microsecond, which is all that a float holds."""
    return ns // 1000 / 1e6


def time_text(ns):
    """The same as JSON. Two slices take half the time of spelling the float."""
    digits = str(ns)
    return digits[:10] + "." + digits[10:16] if len(digits) == 19 else repr(record_time(ns))


def ascii_or_valid(text):
    """``text``, a JSON string, with lone surrogates as escapes, so that it can be encoded as it is."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def indented_json(value, line_start="\n"):
    """One value as JSON text for people too. Raises ``TypeError`` for a value that is none of the above."""
    kind = type(value)
    inner = line_start + " "
    if kind is dict and value:
        parts = [quote(name) + ": " + indented_json(item, inner) for name, item in value.items()]
        return "{" + inner + ("," + inner).join(parts) + line_start + "}"
    if kind is list and value:
        return "[" + inner + ("," + inner).join([indented_json(item, inner) for item in value]) + line_start + "]"
    return to_json(value)


def encode_record(time, kind, fields):
    """The line of a record. Fields that are ``None`` stay: leave out what is absent."""
    parts = ['{"t":', repr(time), ',"k":"', kind, '"']
    for name, value in fields.items():
        parts.append(',"{}":'.format(name))
        parts.append(to_json(value))
    parts.append("}")
    return to_line("".join(parts))


def decode_number(value):
    """The number that a decoded JSON value stands for, or ``None`` where it is none."""
    kind = type(value)
    if kind is float:
        return value
    if kind is int:
        # A float is as large as a number gets.
        return value if -_MAX_EXACT < value < _MAX_EXACT or abs(as_float(value)) != _INFINITY else as_float(value)
    if kind is dict and len(value) == 1:
        tag = value.get("$float")
        if tag in ("NaN", "Infinity", "-Infinity"):
            return float(tag)
    return None


def as_float(number):
    """An ``int`` as the nearest ``float``: infinite where it is beyond all of them, as JavaScript reads it."""
    try:
        return float(number)
    except OverflowError:
        return _INFINITY if number > 0 else -_INFINITY


def tag_floats(value):
    """``value`` with every non-finite float tagged: what may be given to any JSON encoder."""
    if type(value) is float and value - value != 0.0:
        return {"$float": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if type(value) is list:
        return [tag_floats(item) for item in value]
    if type(value) is dict:
        return {name: tag_floats(item) for name, item in value.items()}
    return value
