"""The folder that the script runs in, and what is collected from it."""

import os
import shutil

from runledger.host_platform import link_folder
from runledger.supervisor.specification import STD_LOG
from runledger.tracking.collection import FolderCollection, collect

SYSTEM_LOG = "logs/system_log.txt"
_COLLECTED = ("outputs", "logs")


class SnapshotError(Exception):
    """A snapshot that cannot be unpacked; the message is for a person."""


class InPlaceFolder:
    """The source folder itself. What the script writes there stays, and is copied into the run."""

    def __init__(self, source_folder):
        self.path = source_folder
        self._made_outputs = False
        self._collections = []

    def prepare(self):
        if not os.path.isdir(self.path):
            raise SnapshotError("The source folder {} does not exist.".format(self.path))
        outputs = os.path.join(self.path, "outputs")
        if not os.path.exists(outputs):
            try:
                os.mkdir(outputs)
                self._made_outputs = True
            except OSError:
                # A folder that cannot be written: the script may not need to.
                pass
        self._collections = [FolderCollection(os.path.join(self.path, name), name) for name in _COLLECTED]

    def collect(self, run):
        """Copies new and changed files into the run. Returns what could not be."""
        problems = _collect(run, self._collections)
        if self._made_outputs:
            try:
                os.rmdir(os.path.join(self.path, "outputs"))
            except OSError:
                # The script wrote to it.
                pass
        return problems

    def remove(self):
        """Leaves the user's folder alone."""


class SnapshotFolder:
    """``<run>/.work``, unpacked from a snapshot. ``outputs`` and ``logs`` in it are links into the run's files."""

    def __init__(self, run, snapshot):
        self.path = os.path.join(run.path, ".work")
        self._run = run
        self._snapshot = snapshot

    def prepare(self):
        """Unpacks the snapshot. Raises ``SnapshotError`` or ``OSError``."""
        self.remove()
        os.mkdir(self.path)
        unpack(self._snapshot, self.path)
        for name in _COLLECTED:
            inside = os.path.join(self.path, name)
            target = os.path.join(self._run.artifacts_folder, name)
            os.makedirs(target, exist_ok=True)
            if os.path.isdir(inside):
                _collect(self._run, [_all_of(inside, name)])
                shutil.rmtree(inside)
            elif os.path.lexists(inside):
                # A file of that name is the script's own affair.
                continue
            if not link_folder(target, inside):
                os.makedirs(inside, exist_ok=True)

    def collect(self, run):
        """Copies what is not in the run's files already. Returns what could not be."""
        folders = [(os.path.join(self.path, name), name) for name in _COLLECTED]
        # Without links, or where the script put a folder of its own in a link's place.
        return _collect(run, [_all_of(path, name) for path, name in folders if not os.path.islink(path)])

    def remove(self):
        def make_writable(function, path, error):
            try:
                os.chmod(os.path.dirname(path), 0o700)
                os.chmod(path, 0o700)
                function(path)
            except OSError:
                pass

        if os.path.lexists(self.path):
            shutil.rmtree(self.path, onerror=make_writable)


def _all_of(path, name):
    collection = FolderCollection(path, name)
    collection.forget()
    return collection


def _collect(run, collections):
    reserved = {STD_LOG: None, SYSTEM_LOG: None}
    return collect(collections, run.save_artifact, reserved)[1]


def unpack(archive, folder):
    """Unpacks a zip file into ``folder``. Nothing is written outside it. Raises ``SnapshotError``."""
    import zipfile

    try:
        with zipfile.ZipFile(archive) as content:
            for entry in content.infolist():
                _unpack_entry(content, entry, folder)
    except (zipfile.BadZipFile, FileNotFoundError, EOFError, NotImplementedError, RuntimeError) as error:
        raise SnapshotError("The snapshot {} cannot be unpacked: {}.".format(archive, error)) from None


def _unpack_entry(content, entry, folder):
    import stat

    name = entry.filename
    parts = name.rstrip("/").split("/")
    mode = entry.external_attr >> 16
    # ZipInfo ends a name at a NUL, and turns the platform's separator into a slash.
    is_unsafe = (
        name.startswith("/") or "\\" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts)
    )
    if is_unsafe or stat.S_ISLNK(mode):
        raise SnapshotError(
            "The snapshot {} holds an entry that could lead out of its folder: {!r}.".format(content.filename, name)
        )
    target = os.path.join(folder, *parts)
    if entry.is_dir():
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with content.open(entry) as source, open(target, "wb") as output:
        shutil.copyfileobj(source, output, 1 << 20)
    if mode & 0o111:
        os.chmod(target, 0o755)
