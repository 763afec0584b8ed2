"""What happened to an experiment after it was made: its tags, and whether it is archived."""

import os
import time

from runledger.errors import creation_error
from runledger.store.encoding import encode_record
from runledger.store.journal_reader import read_journal
from runledger.store.names import random_hex

_FOLDER = "journal"
_writers = {}


class ExperimentState:
    """``tags`` are ``{name: str or None}``; ``archived_time`` is a time in Unix seconds, or ``None``."""

    def __init__(self):
        self.tags = {}
        self.archived_time = None


def state(experiment_path):
    """The state of the experiment in the folder ``experiment_path``. Records that cannot be used change nothing."""
    found = ExperimentState()
    for record in read_journal(os.path.join(experiment_path, _FOLDER))[0]:
        name, value = record.get("n"), record.get("v")
        if not isinstance(name, str) or not (value is None or isinstance(value, str)):
            continue
        if record["k"] == "tag":
            found.tags[name] = value
        elif record["k"] == "untag":
            found.tags.pop(name, None)
        elif record["k"] == "attribute" and name == "archived":
            found.archived_time = record["t"] if value == "true" else None
    return found


def append(experiment_path, kind, **fields):
    """Appends a record to this process's file of the journal. Raises ``NotWritableError``."""
    folder = os.path.join(experiment_path, _FOLDER)
    key = (os.getpid(), folder)
    if key not in _writers:
        _writers[key] = os.path.join(folder, "script-{}-{}.jsonl".format(os.getpid(), random_hex()))
    try:
        os.makedirs(folder, exist_ok=True)
        descriptor = os.open(_writers[key], os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        try:
            line = encode_record(time.time(), kind, fields)
            if os.write(descriptor, line) != len(line):
                # What is torn is no line; the next record goes to a file of its own.
                del _writers[key]
                raise OSError("no space is left")
        finally:
            os.close(descriptor)
        _announce(experiment_path)
    except OSError as error:
        raise creation_error(error, "a record of the experiment", folder) from None


def _announce(experiment_path):
    """Touches the folder, so that those who watch which experiments there are look again."""
    try:
        os.utime(experiment_path)
    except PermissionError:
        # A folder of somebody else's can be written to without being touched: they see it at their next look.
        pass
