"""Measures how long a call that logs a number takes with a peer.

Usage: python peer_logging_rate.py tensorboardX|wandb|mlflow <calls a round> <rounds>, in an empty folder. Prints a JSON
object: microseconds a call of each round. What the peer does later, in other threads and processes, is not counted.
"""

import json
import sys
import time

from peer_runs import start
from varied_values import calls


def main(arguments):
    peer, count, rounds = arguments[0], int(arguments[1]), int(arguments[2])
    run = start(peer)
    values = calls(count * (rounds + 1))
    times = []
    for round_number in range(rounds + 1):
        part = values[round_number * count : (round_number + 1) * count]
        log = run.log
        begun = time.perf_counter()
        for name, value, step in part:
            log(name, value, step)
        if round_number:
            times.append((time.perf_counter() - begun) / count * 1e6)
    run.finish()
    print(json.dumps({"result": times}))


if __name__ == "__main__":
    main(sys.argv[1:])
