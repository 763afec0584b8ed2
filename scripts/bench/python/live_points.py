"""Logs into a run when it is told to, and tells when the call has returned.

Usage: python live_points.py <points at first>, in a folder with a workspace. Prints the run's id. Each line of the standard input is a
value of `loss` to log; the answer is the time at which `run.log` had returned. `busy` in a line instead begins a stream of 50 values a
second beside it.
"""

import selectors
import sys
import time

import runledger

stream_seconds = 0.02

with runledger.start_run("live") as run:
    step = 0
    for step in range(int(sys.argv[1])):
        run.log({"loss": 1 / (step + 1)}, step=step)
        run.log({"accuracy": step / 1000}, step=step)
    print(run.id, flush=True)
    orders = selectors.DefaultSelector()
    orders.register(sys.stdin, selectors.EVENT_READ)
    is_busy = False
    while True:
        if not orders.select(stream_seconds if is_busy else None):
            step += 1
            run.log({"accuracy": (step % 100) / 100}, step=step)
            continue
        order = sys.stdin.readline().strip()
        if not order:
            break
        if order == "busy":
            is_busy = True
            continue
        step += 1
        run.log({"loss": float(order)}, step=step)
        print(repr(time.time()), flush=True)
