"""What the supervisor on the node has recorded of a run, as whoever watches its job reads it: not the script's metrics."""

import json
import os

from runledger.store.journal_reader import journal_files
from runledger.store.run_view import TERMINAL_STATES


class NodeJournal:
    """Reads what was added to the files of supervisors since the last ``read``."""

    def __init__(self, run):
        self._folder = run.journal_folder
        self._offsets = {}
        self.has_begun = False
        self.status = None
        """The last one recorded."""
        self.status_time = 0.0
        self.last_time = 0.0
        """Of its last record of any kind."""

    @property
    def has_ended(self):
        return self.status in TERMINAL_STATES

    def read(self):
        for name in journal_files(self._folder):
            if name.startswith("supervisor-"):
                self._read_file(name)

    def _read_file(self, name):
        try:
            with open(os.path.join(self._folder, name), "rb") as file:
                file.seek(self._offsets.get(name, 0))
                data = file.read()
        except OSError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._offsets[name] = self._offsets.get(name, 0) + len(whole)
        for line in whole.splitlines():
            try:
                record = json.loads(line.decode("utf-8"))
                self._take(record["k"], float(record["t"]), record)
            except (ValueError, KeyError, TypeError):
                # A line that a full disk has torn.
                continue

    def _take(self, kind, time, record):
        self.has_begun = True
        self.last_time = max(self.last_time, time)
        if kind == "status" and not self.has_ended:
            self.status = record["v"]
            self.status_time = time
