"""Control groups (Linux's cgroups, version 2) of scripts: what a script starts stays in its group, whoever becomes its parent.

A group is made below that of this process, where the system lets this user do so, and has no controllers: it only says who belongs to
whom. Where there is none, descendants are all that is known.
"""

import os
import re
import time

from runledger import host_platform

_PREFIX = "runledger-"
_MEMBERS = "cgroup.procs"
_ABANDONED_AFTER_S = 3600


class ControlGroup:
    """The group in the folder ``path``. It may be gone: then it is empty."""

    def __init__(self, path, home=None):
        """``home``: the folder of the group that this process comes from."""
        self.path = path
        self._home = home

    @classmethod
    def enter_new(cls, run_id):
        """Moves this process into a group for the run, which what it starts is born into, until ``leave``.

        That is free of races and, as nothing has to run between fork and exec, cheaper than to have the child do it. ``None`` where no
        group can be had.
        """
        home = _own_folder() if host_platform.IS_LINUX else None
        if home is None:
            return None
        group = cls(os.path.join(home, _PREFIX + run_id), home)
        try:
            _remove_abandoned(home)
            os.makedirs(group.path, exist_ok=True)
            _move_into(group.path)
        except OSError:
            group.remove()
            return None
        return group

    @classmethod
    def of_record(cls, process, run_id):
        """The group that a ``process`` record names; ``None`` where it names none, or one that cannot be the run's."""
        path = process.get("cgroup")
        if path is None or not process["bootId"] or process["bootId"] != host_platform.boot_id():
            return None
        is_own = os.path.basename(path) == _PREFIX + run_id and os.path.realpath(path) == path
        is_group = any(path.startswith(mount.rstrip("/") + "/") for mount, _ in _mounts())
        return cls(path) if is_own and is_group else None

    def leave(self):
        """Moves this process back. Raises ``OSError``."""
        _move_into(self._home)

    def pids(self):
        """Ids of the living members, and of those of the groups below, without this process."""
        own = os.getpid()
        # Those of another namespace have the number 0.
        return {pid for folder in self._folders() for pid in _members(folder) if pid not in (0, own)}

    def kill(self):
        """Ends all members at once, also those that are being born meanwhile, where the kernel can do so (5.14)."""
        own = os.getpid()
        if any(own in _members(folder) for folder in self._folders()):
            return
        try:
            _write(os.path.join(self.path, "cgroup.kill"), b"1")
        except OSError:
            pass

    def remove(self):
        """Removes the group with those below, as far as they are empty."""
        for folder in reversed(self._folders()):
            try:
                os.rmdir(folder)
            except OSError:
                pass

    def _folders(self):
        return [folder for folder, _, _ in os.walk(self.path)]


def _own_folder(process="/proc/self"):
    """The folder of this process's group, where it can be divided."""
    try:
        with open(process + "/cgroup", encoding="utf-8", errors="surrogateescape") as file:
            own = next((line[3:].rstrip("\n") for line in file if line.startswith("0::/")), None)
    except OSError:
        return None
    if own is None or "/.." in own:
        # There is none of version 2, or it is outside of what this process may see.
        return None
    for mount, root in _mounts(process):
        inside = "" if root == "/" else root
        if own == root or own.startswith(inside + "/"):
            folder = os.path.join(mount, own[len(inside) :].strip("/")).rstrip("/")
            if os.access(folder, os.W_OK) and os.access(os.path.join(folder, _MEMBERS), os.W_OK):
                return folder
    return None


def _mounts(process="/proc/self"):
    """``(folder, which group it shows)`` of every mount of groups of version 2."""
    found = []
    try:
        with open(process + "/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                before, _, after = line.partition(" - ")
                if after.startswith("cgroup2 "):
                    root, folder = before.split(" ")[3:5]
                    found.append((_unescaped(folder), _unescaped(root)))
    except OSError:
        pass
    return found


def _unescaped(text):
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), text)


def _remove_abandoned(home):
    """A supervisor that is killed leaves its group behind. Young ones may be about to be entered."""
    for entry in os.scandir(home):
        if entry.name.startswith(_PREFIX) and time.time() - entry.stat().st_mtime > _ABANDONED_AFTER_S:
            try:
                os.rmdir(entry.path)
            except OSError:
                # Not empty.
                pass


def _members(folder):
    try:
        with open(os.path.join(folder, _MEMBERS), "rb") as file:
            return [int(line) for line in file]
    except OSError:
        return []


def _move_into(folder):
    _write(os.path.join(folder, _MEMBERS), b"0")


def _write(path, data):
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
