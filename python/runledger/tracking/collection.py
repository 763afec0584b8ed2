"""Collects what a script wrote to ``outputs/`` and ``logs/`` of the folder it ran in."""

import os


class FolderCollection:
    """The files of ``folder`` that are new or changed since this object was made.

    Older ones belong to earlier runs in the same folder, and stay where they are.
    """

    def __init__(self, folder, prefix):
        self.folder = os.path.abspath(folder)
        self.prefix = prefix
        """The artifact's folder, as ``outputs``."""
        self._before = dict(self._scan())

    def forget(self):
        """Makes every file count as new."""
        self._before = {}

    def changed(self):
        """``(artifact, path)`` of each file to collect, sorted."""
        return sorted(
            (self.prefix + "/" + os.path.relpath(path, self.folder).replace(os.sep, "/"), path)
            for path, identity in self._scan()
            if self._before.get(path) != identity
        )

    def _scan(self):
        for folder, subfolders, files in os.walk(self.folder):
            if ".runledger" in subfolders:
                subfolders.remove(".runledger")
            for name in files:
                path = os.path.join(folder, name)
                try:
                    found = os.stat(path)
                except OSError:
                    continue
                # A pipe or a device would block whoever reads it.
                if os.path.isfile(path):
                    yield path, (found.st_mtime_ns, found.st_size, found.st_ino)


def collect(collections, save, uploaded=None):
    """Saves every changed file through ``save(artifact, path)``. Returns ``(count, [problem])``.

    ``uploaded`` holds what was saved by name: it stands, unless it came from the very file.
    """
    count = 0
    problems = []
    for collection in collections:
        for artifact, path in collection.changed():
            if uploaded and artifact in uploaded and uploaded[artifact] != path:
                continue
            try:
                save(artifact, path)
                count += 1
            except (OSError, ValueError) as error:
                problems.append("{} was not collected: {}".format(path, error))
    return count, problems
