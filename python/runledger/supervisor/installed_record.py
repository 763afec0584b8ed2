"""Keeps with a run what was installed where its script ran: ``installed.json`` in its folder."""

import json
import os

from runledger.store.files import write_json
from runledger.supervisor import installed

QUIET_S = 2.0
"""After the script began: its own start is over, mostly."""


def record_installed(run, executor, recorder):
    """Asks the script's interpreter. A run can do without, so what goes wrong is only noted."""
    said = executor.ask([os.path.abspath(installed.__file__)])
    if said is None:
        return
    try:
        content = json.loads(said.decode("utf-8").strip().splitlines()[-1])
        write_json(os.path.join(run.path, "installed.json"), content)
    except (ValueError, IndexError, OSError) as error:
        recorder.note("What is installed could not be recorded: {}".format(error))
