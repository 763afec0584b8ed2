"""Ending a run whose supervisor was killed. That is for whoever cancels it then: nobody else sees the wish.

``endScript`` of ``src/core/compute/scriptEnding.ts`` is the same for the editor and the command line.
"""

import os
import time

from runledger import host_platform
from runledger.store import clock
from runledger.store.encoding import encode_record
from runledger.store.journal_writer import JournalWriter
from runledger.store.liveness import is_gone
from runledger.supervisor.control_group import ControlGroup
from runledger.supervisor.process_tree import end_processes


def end_if_abandoned(run):
    """Ends what is left of ``run`` (a ``RunFolder``) and records ``Canceled``, where those are gone that would. Returns whether they are.

    Raises a ``RunledgerError`` or an ``OSError``.
    """
    view = run.view()
    in_charge = [process for process in view.processes if process["role"] in ("supervisor", "orchestrator", "watcher")]
    # What was not begun yet sees the wish as it begins; sweeps, pipelines and jobs of a scheduler are taken up again.
    is_abandoned = bool(in_charge) and all(process["role"] == "supervisor" and is_gone(process) for process in in_charge)
    if view.is_terminal or not is_abandoned:
        return False
    for process in view.processes:
        if process["role"] == "script":
            end_script(process, run.id)
    writer = JournalWriter(run, "cancel")
    writer.append(encode_record(clock.now(), "status", {"v": "Canceled"}))
    writer.close()
    writer.remove_active_mark()
    return True


def end_script(process, run_id):
    """Ends what is left of a script on this machine, by the ``process`` record of it: see docs/store-format.md, "Cancelling"."""
    if process["host"] != host_platform.host_name() or process["bootId"] != host_platform.boot_id():
        return
    group = ControlGroup.of_record(process, run_id)
    # A number alone may be another process by now. That of a process group is not given again before the group is empty.
    leader = int(process["pid"]) if process["startTime"] and not is_gone(process) else None

    def find():
        if group is not None:
            return group.pids()
        found = host_platform.processes_with_variable("RUNLEDGER_RUN_ID", run_id)
        if leader is not None:
            found |= host_platform.descendants(leader, (leader,))
            if not is_gone(process):
                found.add(leader)
        # Who cancels may be one of them.
        found.discard(os.getpid())
        return found

    end_processes(find, time.sleep, lambda text: None, 0, group)
    if group is not None:
        group.remove()
