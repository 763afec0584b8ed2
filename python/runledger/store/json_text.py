"""Reads JSON with the interpreter's own scanner.

``json.loads`` is the same scanner behind regular expressions. Without them a line takes less time, and a script that
imports neither ``json`` nor ``re`` itself starts sooner.
"""

try:
    from _json import encode_basestring as quote
    from _json import make_scanner
except ImportError:
    # Not every Python has the accelerator of CPython.
    from json.encoder import encode_basestring as quote

    make_scanner = None

__all__ = ["parse", "parse_long", "quote"]

# Python refuses to read longer integers, or takes very long; whoever sets its limit cannot go lower.
MAX_PLAIN_DIGITS = 640


def _refuse_constant(text):
    raise ValueError("{} is not JSON".format(text))


def _integer(text):
    return int(text) if len(text) < MAX_PLAIN_DIGITS else float(text)


class _Options:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_refuse_constant)


class _LongTextOptions(_Options):
    parse_int = staticmethod(_integer)


def _parser(options):
    if make_scanner is None:
        import json

        decoder = json.JSONDecoder(parse_int=options.parse_int, parse_constant=_refuse_constant)
        return decoder.decode
    scan = make_scanner(options)

    def parse(text):
        text = text.strip(" \t\r\n")
        try:
            value, end = scan(text, 0)
        except StopIteration:
            raise ValueError("it is not JSON") from None
        if end != len(text):
            raise ValueError("there is more after the JSON value")
        return value

    return parse


parse = _parser(_Options)
"""The value of a JSON text, for texts without integers of more than 640 digits. Raises ``ValueError``."""
parse_long = _parser(_LongTextOptions)
"""The same for any text: longer integers become floats."""
