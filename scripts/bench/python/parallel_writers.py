"""Logs from several processes at once.

Usage: python parallel_writers.py one-run|own-runs|plain-loop <processes> <calls each>, in the folder of a workspace. Prints a
JSON object: how many values were written a second by all of them, and the folders of the runs.

Each process starts, waits until all are ready, and logs ``step / 7`` at each step under a name of its own.
"""

import json
import os
import subprocess
import sys
import time


def main(arguments):
    mode, count, calls = arguments[0], int(arguments[1]), int(arguments[2])
    environment = dict(os.environ)
    run = None
    if mode == "one-run":
        import runledger

        run = runledger.start_run("one run")
        environment.update(RUNLEDGER_WORKSPACE=os.getcwd(), RUNLEDGER_EXPERIMENT="one run", RUNLEDGER_RUN_ID=run.id)
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, "--writer", mode, str(calls), str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        for place in range(count)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write(b"go\n")
        process.stdin.flush()
    reports = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    seconds = max(report["end"] for report in reports) - min(report["start"] for report in reports)
    if run is not None:
        run.finish()
    if any(process.returncode for process in processes):
        raise SystemExit("A writer failed.")
    folders = sorted({report["folder"] for report in reports})
    print(json.dumps({"result": {"rate": count * calls / seconds, "folders": folders}}))


def write(mode, calls, place):
    name = "writer {}".format(place)
    if mode == "plain-loop":
        folder = os.getcwd()
        descriptor = os.open("plain-{}.jsonl".format(place), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

        def log(value, step):
            record = {"t": time.time(), "k": "metric", "n": name, "v": value, "s": step}
            os.write(descriptor, (json.dumps(record) + "\n").encode("utf-8"))

    else:
        import runledger

        # In one run, the environment says which: the experiment's name has no effect.
        run = runledger.start_run("own runs")
        folder = run.folder

        def log(value, step):
            run.log({name: value}, step=step)

    log(0.0, 0)
    print("ready", flush=True)
    sys.stdin.readline()
    # The same clock for all processes of a machine.
    start = time.monotonic()
    for step in range(1, calls):
        log(step / 7, step)
    end = time.monotonic()
    if mode != "plain-loop":
        run.finish()
    print(json.dumps({"start": start, "end": end, "folder": folder}))


if __name__ == "__main__":
    if sys.argv[1] == "--writer":
        write(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(sys.argv[1:])
