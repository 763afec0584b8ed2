"""The first process of a container: starts the script, looks after what it starts, and ends with how the script ended.

A program of its own, run by the image's Python: the folder of the SDK, the log of the run, the file that asks for its end, and the
command are its arguments. The script's output goes straight to the log. A script as the first process would get no SIGTERM
that it does not handle, and would leave behind what has ended.
"""

import os
import subprocess
import sys

POLL_INTERVAL_S = 0.5
NOT_STARTED = 127
SAYS = "runledger: "
"""Begins what this says of itself, for the supervisor to find."""
OUT_OF_MEMORY = "Memory ran out in the container."
_MEMORY_EVENTS = ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control")
"""Of the container's own group of processes: where the system has groups of version 2, else of version 1."""


def main(arguments):
    sdk_folder, log_path, cancel_path = arguments[:3]
    command = arguments[3:]
    sys.path.insert(0, sdk_folder)
    from runledger import host_platform
    from runledger.supervisor.process_tree import LEFTOVER_PATIENCE_S, ProcessTree

    host_platform.adopt_orphans()
    waiter = host_platform.ChildWaiter()
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **host_platform.spawn_options()
        )
    except OSError as error:
        _say("{} could not be started in the container: {}.".format(command[0], error.strerror or error))
        return NOT_STARTED
    finally:
        os.close(log)
    tree = ProcessTree(child, waiter, _say)
    while True:
        code = waiter.poll(child)
        if code is not None:
            tree.end(LEFTOVER_PATIENCE_S)
            if _has_run_out_of_memory():
                _say(OUT_OF_MEMORY)
            # As shells and container engines tell of a signal.
            return code if code >= 0 else 128 - code
        # The file too: whoever looked after the run may be gone, and with it who passes signals on.
        if waiter.is_asked_to_end or os.path.exists(cancel_path):
            tree.end(0)
            code = waiter.poll(child)
            return code if code is not None and code >= 0 else 128 - (code or -9)
        waiter.pause(POLL_INTERVAL_S)


def _has_run_out_of_memory():
    """Whether the system ended a process for want of memory; engines tell so of the first process alone."""
    for path in _MEMORY_EVENTS:
        try:
            with open(path, encoding="utf-8") as file:
                counts = dict(line.split(" ", 1) for line in file.read().splitlines() if " " in line)
        except (OSError, ValueError):
            continue
        return counts.get("oom_kill", "0").strip() != "0"
    return False


def _say(text):
    sys.stderr.write(SAYS + text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
