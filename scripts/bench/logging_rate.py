"""Measures ``run.log`` against the least that does the same: one ``os.write`` of a ``json.dumps`` for each value.

Usage: python logging_rate.py <empty folder> <values a round> <rounds>

Both write to the same disk, in this process, in turns. Prints a JSON object: the seconds of each round, and the folder of
the run that was written.
"""

import json
import os
import sys
import time
from pathlib import Path

import runledger
from azureml.core import Workspace


def log_through_runledger(run, values):
    for step, value in enumerate(values):
        run.log({"loss": value}, step=step)


def log_by_hand(descriptor, values):
    for step, value in enumerate(values):
        record = {"t": time.time(), "k": "metric", "n": "loss", "v": value, "s": step}
        os.write(descriptor, (json.dumps(record) + "\n").encode("utf-8"))


def seconds_of(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main(arguments):
    folder, count, rounds = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    os.chdir(folder)
    Workspace.create(name="bench")
    values = [1.0 / (step + 1) for step in range(count)]
    result = {"runledger": [], "byHand": []}
    descriptor = os.open(str(folder / "by-hand.jsonl"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    with runledger.start_run("bench", workspace=folder) as run:
        log_through_runledger(run, values[:100])
        log_by_hand(descriptor, values[:100])
        for _ in range(rounds):
            result["runledger"].append(seconds_of(log_through_runledger, run, values))
            result["byHand"].append(seconds_of(log_by_hand, descriptor, values))
        result["runFolder"] = run.folder
    os.close(descriptor)
    result["python"] = sys.version.split()[0]
    # Runledger may speak on the standard output while the run goes on; the result is the last line.
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
