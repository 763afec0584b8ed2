"""Measures ``run.log`` against the least that does the same: one ``os.write`` of a ``json.dumps`` for each value.

Usage: python logging_rate.py <calls a round> <rounds>, in an empty folder. All write to the same disk, in this process,
in turns. Prints a JSON object: microseconds a call of each round.
"""

import json
import os
import sys
import time

from varied_values import calls

import runledger
from azureml.core import Experiment, Workspace


def main(arguments):
    count, rounds = int(arguments[0]), int(arguments[1])
    values = calls(count)
    run = Experiment(Workspace.create(name="bench"), "bench").start_logging()
    native = runledger.start_run("bench")
    descriptor = os.open("plain-loop.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    bare = os.open("bare-write.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    line = b'{"t":1763674412.251234,"k":"metric","n":"val/accuracy","v":0.12345678901234567,"s":12345}\n'

    def azureml():
        for name, value, step in values:
            run.log(name, value, step=step)

    def runledger_native():
        for name, value, step in values:
            native.log({name: value}, step=step)

    def plain_loop():
        for name, value, step in values:
            record = {"t": time.time(), "k": "metric", "n": name, "v": value, "s": step}
            os.write(descriptor, (json.dumps(record) + "\n").encode("utf-8"))

    def bare_write():
        for _ in values:
            os.write(bare, line)

    contestants = {
        "azureml": azureml,
        "native": runledger_native,
        "plainLoop": plain_loop,
        "bareWrite": bare_write,
    }
    times = {name: [] for name in contestants}
    for round_number in range(rounds + 1):
        for name, function in contestants.items():
            start = time.perf_counter()
            function()
            # The first round warms up.
            if round_number:
                times[name].append((time.perf_counter() - start) / count * 1e6)
    run.complete()
    native.finish()
    print(json.dumps({"result": times}))


if __name__ == "__main__":
    main(sys.argv[1:])
