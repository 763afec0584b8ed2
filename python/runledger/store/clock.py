"""The time that records get: this machine's, or that of the user's where a run was sent from one whose clock says something else."""

import os
import time


def _ahead_ns():
    try:
        return int(float(os.environ.get("RUNLEDGER_CLOCK_AHEAD") or 0) * 1e9)
    except ValueError:
        return 0


_AHEAD_NS = _ahead_ns()


def time_ns():
    """Nanoseconds since 1970."""
    return time.time_ns() - _AHEAD_NS


def now():
    """Seconds since 1970."""
    return time.time() - _AHEAD_NS / 1e9
