"""Whole-file operations that a crash cannot leave half done."""

import os

from runledger.errors import NewerFormatError, NotFoundError, UnreadableError
from runledger.store.encoding import indented_json, to_line
from runledger.store.json_text import parse_long
from runledger.store.names import random_hex

FORMAT = 1
"""The highest format that this version reads and writes."""


def write_json(path, value):
    """Creates or replaces the JSON file ``path``."""
    try:
        text = indented_json(value)
    except TypeError:
        # Other kinds of mappings and sequences.
        import json

        text = json.dumps(value, ensure_ascii=False, indent=1)
    write_bytes(path, to_line(text))


def temporary_path(path):
    """A path beside ``path`` that no reader takes for an entry of the store."""
    folder, name = os.path.split(path)
    # A long name keeps its beginning only: the whole must fit into 255 bytes.
    stem = name.encode("utf-8")[:200].decode("utf-8", "ignore")
    return os.path.join(folder, ".{}.{}.tmp".format(stem, random_hex()))


def is_temporary(name):
    """Whether ``name`` is one that ``temporary_path`` makes."""
    return name.startswith(".") and name.endswith(".tmp")


def write_bytes(path, data):
    """Creates or replaces the file ``path`` with ``data``."""
    staged = temporary_path(path)
    try:
        with open(staged, "xb") as file:
            file.write(data)
        os.replace(staged, path)
    except BaseException:
        remove_if_present(staged)
        raise


def remove_if_present(path):
    """Removes a file; a failure to do so is not an error."""
    try:
        os.unlink(path)
    except OSError:
        pass


def touch(path):
    """Creates an empty file, or sets the time of an existing one to now."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
    os.close(descriptor)
    os.utime(path)


def read_json(path, what):
    """Reads the JSON object in ``path``. ``what``, as "the workspace", is named in errors.

    Raises ``NotFoundError``, ``UnreadableError`` or, for a ``format`` of the future, ``NewerFormatError``.
    """
    try:
        with open(path, "rb") as file:
            value = parse_long(file.read().decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError("{} does not exist ({}).".format(_sentence(what), path)) from None
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableError("{} cannot be read: {} ({}).".format(_sentence(what), path, error)) from None
    if not isinstance(value, dict):
        raise UnreadableError("{} cannot be read: {} is not a JSON object.".format(_sentence(what), path))
    found = value.get("format", 1)
    if isinstance(found, (int, float)) and found > FORMAT:
        raise NewerFormatError(
            "{} was written by a newer version of Runledger: {} has format {}, and this version reads up to {}.".format(
                _sentence(what), path, found, FORMAT
            ),
            "Update the runledger package and the extension.",
        )
    return value


def _sentence(what):
    return what[:1].upper() + what[1:]
