"""Answers questions about runs, so that another program can compare what this SDK does with what it does itself.

Usage: python reader_process.py. Reads a request a line from its standard input, a JSON object, and answers each with a
JSON object on a line. Non-finite numbers are tagged as in journals.

``{"read": <folder of a run>}`` gives what the run's files say. Every answer has the memory that this process took at
most, in bytes.
``{"count": <folder of a run>}`` gives numbers of metrics and problems only.
``{"write": <workspace>, "experiment": <key>, "run": <id>, "calls": [[method, arguments, keyword arguments], ...]}``
calls methods of a ``Recorder`` of that run; what they raise is given as names of exceptions, null where they raise
nothing.
"""

import json
import os
import sys

from runledger.store.encoding import as_float, tag_floats
from runledger.store.journal_reader import read_journal
from runledger.store.liveness import derived_state
from runledger.store.run_folder import RunFolder
from runledger.store.run_view import fold
from runledger.tracking.recorder import Recorder


def view_of(folder):
    with open(os.path.join(folder, "run.json"), "rb") as file:
        run_json = json.load(file)
    records, problems = read_journal(os.path.join(folder, "journal"))
    return fold(run_json, records, problems)


def read(folder):
    view = view_of(folder)
    status, _ = derived_state(view)
    return {
        "status": status,
        "storedStatus": view.status,
        "startTime": view.start_time,
        "endTime": view.end_time,
        "exitCode": view.exit_code,
        "error": view.error,
        "displayName": view.display_name,
        "description": view.description,
        "notes": view.notes,
        "tags": list(view.tags.items()),
        "properties": list(view.properties.items()),
        "parameters": list(view.parameters.items()),
        "metrics": [metric_of(name, metric) for name, metric in view.metrics.items()],
        "images": [[name, images] for name, images in view.images.items()],
        "documents": [[name, d["schema"], d["path"]] for name, d in view.documents.items()],
        "snapshot": view.snapshot,
        "warnings": view.warnings,
        "problems": view.problems,
    }


def metric_of(name, metric):
    return {
        "name": name,
        "kind": metric.kind,
        "description": metric.description,
        "points": list(metric.points),
        "values": list(metric.values),
        "columns": list((metric.columns or {}).items()),
    }


def count(folder):
    view = view_of(folder)
    return {
        "metrics": len(view.metrics),
        "points": sum(len(metric.points) for metric in view.metrics.values()),
        "problems": view.problems,
    }


def write(request):
    recorder = Recorder(RunFolder(request["write"], request["experiment"], request["run"]), "python", is_owner=True)
    raised = []
    for method, arguments, options in untagged(request["calls"]):
        try:
            getattr(recorder, method)(*arguments, **options)
            raised.append(None)
        except Exception as error:
            raised.append(type(error).__name__)
    recorder.close()
    return {"raised": raised}


def untagged(value):
    """Values of a request: tagged numbers as themselves."""
    if type(value) is list:
        return [untagged(item) for item in value]
    if type(value) is dict:
        if list(value) == ["$float"]:
            return float(value["$float"])
        return {name: untagged(item) for name, item in value.items()}
    return value


def plain(value):
    """Integers as the floats that they are elsewhere, tuples as lists, non-finite numbers tagged."""
    if type(value) is int:
        return tag_floats(as_float(value))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if type(value) is dict:
        return {name: plain(item) for name, item in value.items()}
    return tag_floats(value)


def peak_bytes():
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    for line in sys.stdin:
        request = json.loads(line)
        if "read" in request:
            answer = read(request["read"])
        elif "count" in request:
            answer = count(request["count"])
        else:
            answer = write(request)
        answer = plain(answer)
        answer["peakBytes"] = peak_bytes()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
