"""Reads a run's journal: all its files, in the order (time, writer, line)."""

import os

from runledger.store.encoding import as_float
from runledger.store.json_text import MAX_PLAIN_DIGITS, parse, parse_long

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is no record that a program logged: it is counted as a problem, and never held in memory."""
MAX_DEPTH = 100
"""A line that nests deeper is no record: no reader should run out of stack on it."""
_SKIPPED_BLOCK_BYTES = 1024 * 1024
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ONE_KIND_OF_BRACKETS = bytes.maketrans(b"{}", b"[]")


def read_journal(folder):
    """Returns ``(records, problems)``: the decoded records in order, and the number of lines that are no record.

    Bytes after a file's last newline are not data. A journal that does not exist is empty.
    """
    records = []
    problems = 0
    for name in journal_files(folder):
        try:
            with open(os.path.join(folder, name), "rb") as file:
                for line in _lines(file):
                    record = None if line is None else _decode(line)
                    if record is None:
                        problems += 1
                    else:
                        records.append(record)
        except OSError:
            problems += 1
    # They are in the order of files and lines, which records of the same time keep.
    records.sort(key=_time)
    return records, problems


def _time(record):
    return record["t"]


def _lines(file):
    """The whole lines of ``file`` that are not empty, without their newlines; ``None`` for one that is too long."""
    while True:
        line = file.readline(MAX_LINE_BYTES + 1)
        if line.endswith(b"\n"):
            if len(line) > 1:
                yield line[:-1]
        elif len(line) <= MAX_LINE_BYTES:
            return
        else:
            while line and not line.endswith(b"\n"):
                line = file.readline(_SKIPPED_BLOCK_BYTES)
            if not line:
                return
            yield None


def journal_files(folder):
    """Names of the files of a journal, in order."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(name for name in names if name.endswith(".jsonl") and not name.startswith("."))


def _decode(line):
    try:
        text = line.decode("utf-8")
        record = parse(text) if len(text) < MAX_PLAIN_DIGITS else parse_long(text)
    except (ValueError, RecursionError):
        return None
    if type(record) is not dict or type(record.get("k")) is not str:
        return None
    time = record.get("t")
    if type(time) is int:
        record["t"] = as_float(time)
    elif type(time) is not float:
        return None
    if line.count(b"[") + line.count(b"{") > MAX_DEPTH and _nests_too_deep(line):
        return None
    return record


def _nests_too_deep(line):
    """Whether a line of valid JSON has more than ``MAX_DEPTH`` arrays and objects within each other."""
    outside_strings = b"".join(line.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    brackets = outside_strings.translate(_ONE_KIND_OF_BRACKETS, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        # One pass takes away the innermost pairs: what they were in is one less deep.
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)
