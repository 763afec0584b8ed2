"""The queue of a machine: which of the runs that want to start on it may.

A folder of tickets, one for each run that waits or goes on: files that are created exclusively, whole at once, and named by numbers that
are not given again. Whoever has fewer than ``limit`` living tickets before its own may start. A ticket holds the process that it belongs to: one that was
killed leaves a ticket that the next who looks removes, so nothing has to run for the queue to move.
"""

import json
import os
import time

from runledger import host_platform
from runledger.store.files import remove_if_present, temporary_path
from runledger.store.liveness import process_record

LIVENESS_INTERVAL = 4
"""Every how many looks the processes of tickets before one's own are looked for."""


class MachineQueue:
    """The place of this process in the queue in ``folder``, of which ``limit`` may go on at once.

    Of ``gpus`` (indexes of cards) each run gets ``gpus_per_run``, and none else has them meanwhile.
    """

    def __init__(self, folder, limit, run_id, gpus=(), gpus_per_run=0):
        self._folder = folder
        self._limit = limit
        self._gpus = list(gpus)
        self._gpus_per_run = gpus_per_run
        self._ticket = dict(process_record("supervisor"), runId=run_id, gpus=None)
        self._number = None
        self._looks = 0

    def enter(self):
        """Takes the next number. Raises ``OSError``."""
        while self._number is None:
            os.makedirs(self._folder, exist_ok=True)
            number = max([time.time_ns() // 1000] + [known + 1 for known in self._numbers()])
            if self._claim(number):
                self._number = number
                if max(self._numbers(), default=0) > number:
                    # It was written later than one that may have started since: so it has to stand behind that one.
                    self.leave()

    def _claim(self, number):
        draft = temporary_path(self._path(number))
        try:
            self._write(draft)
            os.link(draft, self._path(number))
            return True
        except (FileExistsError, FileNotFoundError):
            # Somebody was quicker, or took the folder away.
            return False
        finally:
            remove_if_present(draft)

    def ahead(self):
        """How many runs have to end before this one may start; 0: it may now."""
        earlier = [number for number in self._numbers() if number < self._number]
        if self._looks % LIVENESS_INTERVAL == 0:
            earlier = [number for number in earlier if self._is_living(number)]
        self._looks += 1
        count = len(earlier) - self._limit + 1
        if count > 0:
            return count
        if not self._gpus:
            return 0
        return 0 if self._take_gpus(earlier) else 1

    @property
    def gpus(self):
        """The cards that this run has; empty where none are shared out."""
        return self._ticket["gpus"] or []

    def leave(self):
        """Gives the place up. The last one takes the folder with it."""
        if self._number is not None:
            number, self._number = self._number, None
            remove_if_present(self._path(number))
            try:
                os.rmdir(self._folder)
            except OSError:
                pass

    def _take_gpus(self, earlier):
        taken = set()
        for number in earlier:
            cards = (self._read(number) or {"gpus": []}).get("gpus")
            if cards is None:
                # It chooses first; so no two choose the same.
                return False
            taken.update(cards)
        free = [card for card in self._gpus if card not in taken]
        if len(free) < self._gpus_per_run:
            return False
        self._ticket["gpus"] = free[: self._gpus_per_run]
        draft = temporary_path(self._path(self._number))
        self._write(draft)
        os.replace(draft, self._path(self._number))
        return True

    def _numbers(self):
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []
        return sorted(int(name) for name in names if name.isdigit())

    def _is_living(self, number):
        ticket = self._read(number)
        if ticket is None:
            return False
        is_same_boot = not ticket.get("bootId") or ticket["bootId"] == self._ticket["bootId"]
        started = host_platform.process_start_time(ticket["pid"]) if is_same_boot else None
        if started is not None and (not ticket["startTime"] or started in ("", ticket["startTime"])):
            return True
        remove_if_present(self._path(number))
        return False

    def _read(self, number):
        try:
            with open(self._path(number), encoding="utf-8") as file:
                ticket = json.load(file)
            return ticket if isinstance(ticket.get("pid"), int) else None
        except (OSError, ValueError, AttributeError):
            return None

    def _write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self._ticket, file)

    def _path(self, number):
        return os.path.join(self._folder, str(number))

