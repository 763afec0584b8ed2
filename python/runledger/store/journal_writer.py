"""Appends records to a run's journal."""

import os

# `threading` and `weakref` stand on these; to import those two takes a fifth of the start of a run.
from _thread import allocate_lock
from _weakref import ref

from runledger.store.files import remove_if_present, touch
from runledger.store.names import random_hex

_OPEN_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_writers = {}
"""Weak references to the writers of this process, by their identities."""


def _after_fork_in_child():
    for reference in list(_writers.values()):
        writer = reference()
        if writer is not None:
            writer._forget_parent()


_CANNOT_TELL_FORKS = not hasattr(os, "register_at_fork")
if not _CANNOT_TELL_FORKS:
    os.register_at_fork(after_in_child=_after_fork_in_child)


class JournalWriter:
    """One process's file in a run's journal, opened at the first append. Safe to use from several threads.

    A forked child that appends opens a file of its own. ``run`` is a ``RunFolder``; ``role`` is lower-case letters.
    """

    def __init__(self, run, role):
        self._run = run
        self._role = role
        self._lock = allocate_lock()
        self._descriptor = None
        self._pid = None
        self._path = None
        self._is_torn = False
        identity = id(self)

        def forget(reference):
            # Another writer may have got the identity since, where references are told late.
            if _writers.get(identity) is reference:
                del _writers[identity]

        _writers[identity] = ref(self, forget)

    def append(self, line):
        """Writes ``line`` (bytes that end with a newline) by one ``write``. Raises ``OSError``: then nothing is data."""
        with self._lock:
            if self._descriptor is None or (_CANNOT_TELL_FORKS and self._pid != os.getpid()):
                self._open()
            if self._is_torn:
                line = b"\n" + line
            try:
                if os.write(self._descriptor, line) != len(line):
                    # The torn bytes become a line of garbage that readers skip; this one is written again, whole.
                    line = line if line.startswith(b"\n") else b"\n" + line
                    if os.write(self._descriptor, line) != len(line):
                        import errno

                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self._path)
                self._is_torn = False
            except OSError:
                self._is_torn = True
                raise

    def close(self):
        """Closes the file and touches ``active/<run-id>``. A later append opens the file again."""
        with self._lock:
            if self._descriptor is None:
                return
            descriptor, self._descriptor = self._descriptor, None
            if self._pid == os.getpid():
                os.close(descriptor)
                touch(self._run.active_path)

    def __del__(self):
        descriptor = self._descriptor
        if descriptor is not None and self._pid == os.getpid():
            os.close(descriptor)

    def remove_active_mark(self):
        """To be called by whoever has recorded the terminal state, after that."""
        remove_if_present(self._run.active_path)

    def _open(self):
        pid = os.getpid()
        if self._path is None or self._pid != pid:
            name = "{}-{}-{}.jsonl".format(self._role, pid, random_hex())
            self._path = os.path.join(self._run.journal_folder, name)
            self._is_torn = False
        self._pid = pid
        try:
            touch(self._run.active_path)
        except OSError:
            # The mark is how watchers learn of the run early; the journal is the truth.
            pass
        self._descriptor = os.open(self._path, _OPEN_FLAGS, 0o666)

    def _forget_parent(self):
        # The lock may have been held by another thread of the parent at the fork.
        self._lock = allocate_lock()
        descriptor, self._descriptor = self._descriptor, None
        self._path = None
        if descriptor is not None:
            try:
                os.close(descriptor)
            except OSError:
                pass
