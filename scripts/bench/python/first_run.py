"""Measures how long it takes from the first import to a run that can be logged to.

Usage: python first_run.py azureml|runledger|tensorboardX|wandb|mlflow, in a folder of its own. Prints a JSON object:
milliseconds.
"""

import sys
import time

begun = time.perf_counter()
if sys.argv[1] == "runledger":
    import runledger

    finish = runledger.start_run("bench").finish
elif sys.argv[1] == "azureml":
    from azureml.core import Experiment, Workspace

    try:
        workspace = Workspace.from_config()
    except Exception:
        # In the first round, which is not counted.
        workspace = Workspace.create(name="bench")
    run = Experiment(workspace, "bench").start_logging()
    finish = run.complete
else:
    from peer_runs import start

    finish = start(sys.argv[1]).finish
milliseconds = (time.perf_counter() - begun) * 1000
finish()
print('{{"result": {!r}}}'.format(milliseconds))
