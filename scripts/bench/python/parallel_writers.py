"""Logs from several processes at once, in bursts.

Usage: python parallel_writers.py <calls a burst> <rounds> <processes side by side> <calls of each>, in the folder of a
workspace. Two processes log in turns: one alone, both into a run of their own, both into one run; and the same with the
plain loop of ``json.dumps`` and ``os.write``. Then many processes log at once, each into a run of its own. Prints a
JSON object: values a second in each burst by kind, and the folders of the runs with how many values each writer wrote.

A writer logs ``step / 7`` at each step, under a name of its own.
"""

import json
import os
import subprocess
import sys
import time

KINDS = {
    "one": ("own", 1),
    "twoInTwo": ("own", 2),
    "twoInOne": ("shared", 2),
    "onePlain": ("plain", 1),
    "twoPlain": ("plain", 2),
}
DELAY_S = 0.01
"""From the word to begin to the beginning: every process has heard it by then."""


class Writer:
    """A process that logs a burst when it is told to."""

    def __init__(self, place, environment):
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--writer", str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def tell(self, request):
        self._process.stdin.write((json.dumps(request) + "\n").encode())
        self._process.stdin.flush()

    def hear(self):
        while True:
            line = self._process.stdout.readline()
            if not line:
                raise SystemExit("A writer ended with {}.".format(self._process.wait()))
            # Runledger may print, too.
            if line.startswith(b"{"):
                return json.loads(line)

    def end(self):
        self.tell({"kind": "end"})
        written = self.hear()["written"]
        self._process.stdin.close()
        if self._process.wait():
            raise SystemExit("A writer failed.")
        return written


def burst(writers, kind, calls):
    """Values a second, of all ``writers`` together."""
    start = time.monotonic() + DELAY_S
    for writer in writers:
        writer.tell({"kind": kind, "calls": calls, "start": start})
    times = [writer.hear() for writer in writers]
    return len(writers) * calls / (max(t["end"] for t in times) - min(t["start"] for t in times))


def main(arguments):
    import runledger

    calls, rounds, many, many_calls = [int(argument) for argument in arguments]
    shared = runledger.start_run("shared")
    environment = dict(os.environ, SHARED_RUN=shared.id)
    pair = [Writer(place, environment) for place in range(2)]
    rates = {name: [] for name in KINDS}
    for round_number in range(rounds + 1):
        for name, (kind, count) in KINDS.items():
            rate = burst(pair[:count], kind, calls)
            # The first round warms up.
            if round_number:
                rates[name].append(rate)
    written = [entry for writer in pair for entry in writer.end()]
    shared.finish()
    crowd = [Writer(place, environment) for place in range(many)]
    burst(crowd, "own", many_calls)
    crowded = [entry for writer in crowd for entry in writer.end()]
    print(json.dumps({"result": {"rates": rates, "written": written, "crowded": crowded}}))


def write(place):
    import runledger

    name = "writer {}".format(place)
    runs = {}
    counts = {"own": 0, "shared": 0, "plain": 0}
    descriptor = os.open("plain-{}.jsonl".format(place), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def run_of(kind):
        if kind == "shared":
            # As a process that was submitted with this run.
            os.environ.update(
                RUNLEDGER_WORKSPACE=os.getcwd(),
                RUNLEDGER_EXPERIMENT="shared",
                RUNLEDGER_RUN_ID=os.environ["SHARED_RUN"],
            )
            run = runledger.start_run("shared")
            for variable in ("RUNLEDGER_WORKSPACE", "RUNLEDGER_EXPERIMENT", "RUNLEDGER_RUN_ID"):
                del os.environ[variable]
            return run
        return runledger.start_run("own")

    def log_plain(values, step):
        record = {"t": time.time(), "k": "metric", "n": name, "v": values[name], "s": step}
        os.write(descriptor, (json.dumps(record) + "\n").encode("utf-8"))

    for line in sys.stdin:
        request = json.loads(line)
        kind = request["kind"]
        if kind == "end":
            break
        if kind == "plain":
            log = log_plain
        else:
            if kind not in runs:
                runs[kind] = run_of(kind)
            log = runs[kind].log
        first = counts[kind]
        counts[kind] += request["calls"]
        steps = range(first, counts[kind])
        time.sleep(max(request["start"] - time.monotonic(), 0))
        # The same clock for all processes of a machine.
        start = time.monotonic()
        for step in steps:
            log({name: step / 7}, step)
        print(json.dumps({"start": start, "end": time.monotonic()}), flush=True)
    if "own" in runs:
        runs["own"].finish()
    written = [{"folder": run.folder, "name": name, "count": counts[kind]} for kind, run in runs.items()]
    print(json.dumps({"written": written}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--writer":
        write(int(sys.argv[2]))
    else:
        main(sys.argv[1:])
