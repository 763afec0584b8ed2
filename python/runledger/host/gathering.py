"""Which files of a run there are to tell of, and what those gained that only grow."""

import os

from runledger.store.files import is_temporary

CHUNK = 1 << 18
_LONGEST_LINE = 1 << 23
_LOG_ENDINGS = (".txt", ".log", ".jsonl", ".out", ".err")
_TENSORBOARD = "events.out.tfevents."


class AppendedFile:
    """A file that only grows, known up to ``offset``. One that has shrunk was written anew, and begins again."""

    def __init__(self, path, offset):
        self._path = path
        self._offset = offset

    def growth(self):
        """``(offset, bytes)`` of what is new."""
        while True:
            data = self._read(CHUNK)
            if not data:
                return
            offset = self._offset
            self._offset += len(data)
            yield offset, data

    def whole_lines(self):
        """The same, up to the last line that has an end."""
        while True:
            data = self._read(CHUNK)
            end = data.rfind(b"\n") + 1
            if end == 0 and len(data) == CHUNK:
                data = self._read(_LONGEST_LINE)
                end = data.rfind(b"\n") + 1 or (len(data) if len(data) == _LONGEST_LINE else 0)
            if end == 0:
                return
            offset = self._offset
            self._offset += end
            yield offset, data[:end]

    def back_to(self, offset):
        self._offset = offset

    def _read(self, most):
        try:
            size = os.stat(self._path).st_size
            if size == self._offset:
                return b""
            if size < self._offset:
                self._offset = 0
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                return file.read(most)
        except OSError:
            return b""


def is_appended(path):
    """Whether a run's file is a log: sent as it grows."""
    name = path.rsplit("/", 1)[-1]
    return path.startswith("logs/") and (name.endswith(_LOG_ENDINGS) or name.startswith(_TENSORBOARD))


def artifact_files(folder):
    """``{path: (size, milliseconds of its last change)}`` of the files below ``folder``. Names that are no text are left out."""
    found = {}
    for place, _, names in os.walk(folder):
        relative = os.path.relpath(place, folder)
        prefix = "" if relative == "." else relative.replace(os.sep, "/") + "/"
        for name in names:
            stamp = None if is_temporary(name) or not _is_text(prefix + name) else file_stamp(os.path.join(place, name))
            if stamp is not None:
                found[prefix + name] = stamp
    return found


def place_files(path):
    """The same of a place of data; the path of ``path`` itself, where it is a file, is empty."""
    if os.path.isfile(path):
        return {"": file_stamp(path)}
    return artifact_files(path)


def file_stamp(path):
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns // 1000000


def _is_text(name):
    try:
        name.encode("utf-8")
        return True
    except UnicodeEncodeError:
        return False
