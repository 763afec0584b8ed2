"""Everything that a script started, and ending it."""

import os
import time

from runledger import host_platform

GRACE_S = 5.0
"""Between asking processes to end and ending them."""
KILL_LIMIT_S = 10.0
LEFTOVER_PATIENCE_S = 1.0
"""How long background processes may outlive the script before they are asked to end."""


class ProcessTree:
    """The descendants of this process, which has adopted orphans, and the process group of ``child`` (a ``Popen``)."""

    def __init__(self, child, waiter, note):
        """``waiter``: this process's ``ChildWaiter``. ``note``: is told what is done, in sentences."""
        self._child = child
        self._waiter = waiter
        self._note = note

    def end(self, patience_s):
        """Ends them: at first by asking, after ``patience_s`` in which they may end by themselves."""
        remaining = self._wait(patience_s)
        if remaining:
            self._note("Asking processes to end: {}".format(sorted(remaining)))
            host_platform.signal_processes(remaining, forcibly=False)
            remaining = self._wait(GRACE_S)
        deadline = time.monotonic() + KILL_LIMIT_S
        while remaining and time.monotonic() < deadline:
            self._note("Ending processes: {}".format(sorted(remaining)))
            host_platform.signal_processes(remaining, forcibly=True)
            remaining = self._wait(0.2)
        if remaining:
            self._note("Processes that could not be ended: {}".format(sorted(remaining)))

    def _wait(self, seconds):
        deadline = time.monotonic() + seconds
        while True:
            remaining = host_platform.descendants(os.getpid(), (self._child.pid,))
            # After the listing, which passes over those that have ended: none is left behind as a zombie.
            self._waiter.reap(self._child)
            left = deadline - time.monotonic()
            if not remaining or left <= 0:
                return remaining
            self._waiter.pause(min(left, 0.05))
