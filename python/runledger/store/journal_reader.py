"""Reads a run's journal: all its files, in the order (time, writer, line)."""

import json
import os


def _refuse_constant(text):
    raise ValueError("{} is not JSON".format(text))


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


def read_journal(folder):
    """Returns ``(records, problems)``: the decoded records in order, and the number of lines that are no record.

    Bytes after a file's last newline are not data. A journal that does not exist is empty.
    """
    keyed = []
    problems = 0
    for name in journal_files(folder):
        try:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
        except OSError:
            problems += 1
            continue
        lines = data.split(b"\n")
        lines.pop()
        for place, line in enumerate(lines):
            if not line:
                continue
            record = _decode(line)
            if record is None:
                problems += 1
            else:
                keyed.append((record["t"], name, place, record))
    keyed.sort(key=_order)
    return [entry[3] for entry in keyed], problems


def _order(entry):
    return entry[:3]


def journal_files(folder):
    """Names of the files of a journal, in order."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(name for name in names if name.endswith(".jsonl") and not name.startswith("."))


def _decode(line):
    try:
        record = _decoder.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if type(record) is not dict:
        return None
    if type(record.get("t")) not in (int, float) or type(record.get("k")) is not str:
        return None
    return record
