"""Waiting for the end of a run of any process, and showing its log meanwhile."""

import codecs
import sys
import time

from runledger.azureml_v1.orchestration import Resumption
from runledger.azureml_v1.run_details import LOG_ALIASES
from runledger.errors import NotFoundError
from runledger.store.run_view import TERMINAL_STATES

TURN_S = 0.2
"""Between two looks at the log."""
MAX_INTERVAL_S = 5.0
"""Between two looks at the state. One takes long where much was logged, so it is a share of the time at most."""
_BLOCK = 1 << 16


def wait(folder, on_turn=None):
    """Returns once the run has ended. ``on_turn`` is called every ``TURN_S``, and once after the end.

    Raises ``NotFoundError`` for a run that is deleted meanwhile, and a ``RunledgerError`` where a sweep or pipeline whose
    process died cannot be taken up again.
    """
    next_look = time.monotonic()
    resumption = Resumption(folder)
    while True:
        is_ended = False
        started = time.monotonic()
        if started >= next_look:
            if not folder.exists():
                raise NotFoundError("The run {} was deleted while it was waited for.".format(folder.id))
            status = folder.state()[0]
            is_ended = status in TERMINAL_STATES
            resumption.look(status)
            now = time.monotonic()
            next_look = now + min(MAX_INTERVAL_S, max(TURN_S, 4 * (now - started)))
        if on_turn is not None:
            on_turn()
        if is_ended:
            return
        time.sleep(TURN_S if on_turn is not None else max(next_look - time.monotonic(), 0.01))


def wait_and_show(folder, log_path, address, log_name=LOG_ALIASES[0]):
    """Waits as ``wait`` does, and prints the log at ``log_path``, shown as ``log_name``, as it grows. ``address`` is the
    run's link.
    """
    name = "RunId: {}\nWeb View: {}\n".format(folder.id, address)
    write(name + "\n")
    log = LogPrinter(log_path, log_name)
    wait(folder, log.print_new)
    log.end()
    write("Execution Summary\n=================\n" + name)


class LogPrinter:
    """Prints what is new in a log file, which need not exist yet. The heading, after ``before``, comes with the first of it."""

    def __init__(self, path, name=LOG_ALIASES[0], before=""):
        self._path = path
        self._name = name
        self._before = before
        self._offset = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._last = "\n"

    def print_new(self):
        try:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                while True:
                    block = file.read(_BLOCK)
                    if not block:
                        return
                    self._print(self._decoder.decode(block))
                    self._offset += len(block)
        except FileNotFoundError:
            return

    def end(self):
        """Prints what was left of an unfinished character, and ends the last line."""
        if self._offset:
            self._print(self._decoder.decode(b"", True))
            write("\n" if self._last.endswith("\n") else "\n\n")

    def _print(self, text):
        if not self._offset:
            title = "Streaming " + self._name
            write("{}{}\n{}\n\n".format(self._before, title, "=" * len(title)))
        if text:
            write(text)
            self._last = text


def write(text):
    """Prints ``text`` at once."""
    encoding = getattr(sys.stdout, "encoding", None)
    if encoding:
        # A log may hold what a terminal cannot show; that is no reason to stop waiting.
        text = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(text)
    sys.stdout.flush()
