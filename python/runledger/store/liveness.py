"""Whether the processes of a run are alive. Derived by readers, never written."""

from runledger import host_platform
from runledger.store import clock

NOT_RESPONDING_AFTER_S = 60.0
"""Age of the last record, in seconds, after which a run on another host does not respond."""

_ENDED = {
    "message": "The run's process ended without saying how.",
    "advice": "It was killed, or the machine ran out of memory. The end of its log may say more.",
}
_RESTARTED = {
    "message": "The run's process ended without saying how: the machine was restarted.",
    "advice": "Submit the run again.",
}


def process_record(role):
    """The fields of a ``process`` record for this process."""
    import os

    pid = os.getpid()
    return process_record_of(role, pid)


def process_record_of(role, pid):
    """The fields of a ``process`` record for the process ``pid`` of this host."""
    return {
        "role": role,
        "pid": pid,
        "startTime": host_platform.process_start_time(pid) or "",
        "bootId": host_platform.boot_id(),
        "host": host_platform.host_name(),
    }


def is_gone(process):
    """Whether the process of a record is known to have ended: one of another host is not."""
    if process["host"] and process["host"] != host_platform.host_name():
        return False
    boot = host_platform.boot_id()
    return bool(process["bootId"] and boot and process["bootId"] != boot) or not _is_alive(process)


def derived_state(view, now=None):
    """``(status, error)`` of a run for a reader on this host: the view's own, or the one its processes betray."""
    if view.is_terminal or not view.processes:
        return view.status, view.error
    host = host_platform.host_name()
    boot = host_platform.boot_id()
    is_restarted = False
    is_elsewhere = False
    # Whoever submits a run hands it over.
    working = [process for process in view.processes if process["role"] != "submitter"]
    for process in working or view.processes:
        if process["host"] and process["host"] != host:
            is_elsewhere = True
        elif process["bootId"] and boot and process["bootId"] != boot:
            is_restarted = True
        elif _is_alive(process):
            return view.status, view.error
    if is_elsewhere:
        age = (clock.now() if now is None else now) - view.last_record_time
        return ("NotResponding" if age > NOT_RESPONDING_AFTER_S else view.status), view.error
    roles = {process["role"] for process in working}
    if roles == {"orchestrator"} or "watcher" in roles:
        # The next command or window resumes it.
        return "NotResponding", view.error
    return "Failed", dict(_RESTARTED if is_restarted else _ENDED)


def _is_alive(process):
    if process["pid"] <= 0:
        # No process, but a group of them, or all.
        return False
    started = host_platform.process_start_time(int(process["pid"]))
    return started is not None and (not started or not process["startTime"] or started == process["startTime"])
