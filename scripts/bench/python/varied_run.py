"""Makes a run of varied values.

Usage: python varied_run.py <calls>, in an empty folder. Prints a JSON object: the run's folder.
"""

import json
import sys

from varied_values import calls

import runledger
from azureml.core import Workspace

Workspace.create(name="bench")
with runledger.start_run("bench") as run:
    for name, value, step in calls(int(sys.argv[1])):
        run.log({name: value}, step=step)
print(json.dumps({"result": {"folder": run.folder}}))
