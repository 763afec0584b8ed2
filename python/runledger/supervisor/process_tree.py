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
    """The descendants of this process, which has adopted orphans, the process group of ``child`` (a ``Popen``), and a ``ControlGroup``."""

    def __init__(self, child, waiter, note, control_group=None):
        """``waiter``: this process's ``ChildWaiter``. ``note``: is told what is done, in sentences."""
        self._child = child
        self._waiter = waiter
        self._note = note
        self._group = control_group

    def end(self, patience_s):
        """Ends them: at first by asking, after ``patience_s`` in which they may end by themselves."""
        end_processes(self._find, self._waiter.pause, self._note, patience_s, self._group)

    def _find(self):
        remaining = host_platform.descendants(os.getpid(), (self._child.pid,))
        if self._group is not None:
            remaining |= self._group.pids()
        # After the listing, which passes over those that have ended: none is left behind as a zombie.
        self._waiter.reap(self._child)
        return remaining


def end_processes(find, pause, note, patience_s, control_group=None):
    """Ends the processes whose ids ``find()`` gives, those of ``control_group`` among them. See ``ProcessTree``."""

    def wait(seconds):
        deadline = time.monotonic() + seconds
        while True:
            remaining = find()
            left = deadline - time.monotonic()
            if not remaining or left <= 0:
                return remaining
            pause(min(left, 0.05))

    remaining = wait(patience_s)
    if remaining:
        note("Asking processes to end: {}".format(sorted(remaining)))
        host_platform.signal_processes(remaining, forcibly=False)
        remaining = wait(GRACE_S)
    deadline = time.monotonic() + KILL_LIMIT_S
    while remaining and time.monotonic() < deadline:
        note("Ending processes: {}".format(sorted(remaining)))
        if control_group is not None:
            control_group.kill()
        host_platform.signal_processes(remaining, forcibly=True)
        remaining = wait(0.2)
    if remaining:
        note("Processes that could not be ended: {}".format(sorted(remaining)))
