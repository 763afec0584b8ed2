"""What a supervisor writes of its run: records in the journal, and lines in the system log. Neither ends a run that cannot be written."""

import os
import time

from runledger.store import clock
from runledger.store.encoding import encode_record
from runledger.store.journal_writer import JournalWriter
from runledger.store.liveness import process_record
from runledger.supervisor.working_folder import SYSTEM_LOG

TERMINAL_ATTEMPTS = 9


class Recorder:
    """Opens the journal by recording this process as the run's ``role``. Raises ``OSError`` where that fails."""

    def __init__(self, run, role="supervisor"):
        self._run = run
        self._writer = JournalWriter(run, role)
        self._writer.append(encode_record(clock.now(), "process", process_record(role)))

    def append(self, kind, fields):
        try:
            self._writer.append(encode_record(clock.now(), kind, fields))
        except OSError as error:
            self.note("A record could not be written: {}".format(error))

    def status(self, state):
        self.append("status", {"v": state})

    def warn(self, message):
        self.append("warning", {"message": message})

    def note(self, text):
        """A line in the system log; one that cannot be written is dropped."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        try:
            with open(self._run.artifact_path(SYSTEM_LOG), "a", encoding="utf-8", errors="backslashreplace") as log:
                log.write("{} {}\n".format(stamp, text))
        except OSError:
            pass

    def end(self, outcome):
        """Records how the run ended: patiently, since a disk that is full may not stay so."""
        self.note("The run ends as {}".format(outcome["v"]))
        for attempt in range(TERMINAL_ATTEMPTS):
            try:
                self._writer.append(encode_record(clock.now(), "status", outcome))
                break
            except OSError as error:
                self.note("The end could not be recorded: {}".format(error))
                time.sleep(min(0.25 * 2**attempt, 8.0))
        self.close()

    def close(self, has_ended=True):
        """To be called alone where another records the end, or has; without a mark then, unless the run goes on."""
        try:
            self._writer.close()
        except OSError:
            pass
        if has_ended:
            self._writer.remove_active_mark()
