"""Waiting for the end of a run of any process, and showing its log meanwhile."""

import codecs
import sys
import time

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

    Raises ``NotFoundError`` for a run that is deleted meanwhile.
    """
    next_look = time.monotonic()
    while True:
        is_ended = False
        started = time.monotonic()
        if started >= next_look:
            if not folder.exists():
                raise NotFoundError("The run {} was deleted while it was waited for.".format(folder.id))
            is_ended = folder.state()[0] in TERMINAL_STATES
            now = time.monotonic()
            next_look = now + min(MAX_INTERVAL_S, max(TURN_S, 4 * (now - started)))
        if on_turn is not None:
            on_turn()
        if is_ended:
            return
        time.sleep(TURN_S if on_turn is not None else max(next_look - time.monotonic(), 0.01))


def wait_and_show(folder, log_path, address):
    """Waits as ``wait`` does, and prints the log at ``log_path`` as it grows. ``address`` is the run's link."""
    name = "RunId: {}\nWeb View: {}\n".format(folder.id, address)
    _write(name + "\n")
    log = _LogPrinter(log_path)
    wait(folder, log.print_new)
    log.end()
    _write("Execution Summary\n=================\n" + name)


class _LogPrinter:
    """Prints what is new in a log file, which need not exist yet. The heading comes with the first of it."""

    def __init__(self, path):
        self._path = path
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
            _write("\n" if self._last.endswith("\n") else "\n\n")

    def _print(self, text):
        if not self._offset:
            title = "Streaming " + LOG_ALIASES[0]
            _write("{}\n{}\n\n".format(title, "=" * len(title)))
        if text:
            _write(text)
            self._last = text


def _write(text):
    encoding = getattr(sys.stdout, "encoding", None)
    if encoding:
        # A log may hold what a terminal cannot show; that is no reason to stop waiting.
        text = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(text)
    sys.stdout.flush()
