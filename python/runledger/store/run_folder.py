"""A run's folder in the store: its paths, its record, its journal, its files."""

import errno
import os

from runledger.errors import NotFoundError, RunledgerError
from runledger.store.files import is_temporary, read_json, temporary_path, remove_if_present
from runledger.store.names import validated_artifact_path, validated_run_id


class RunFolder:
    """Paths and contents of one run. ``workspace_folder`` holds ``.runledger/``; ``key`` is its experiment's."""

    def __init__(self, workspace_folder, key, run_id):
        self.workspace_folder = workspace_folder
        self.experiment_key = key
        self.id = validated_run_id(run_id)
        store = os.path.join(workspace_folder, ".runledger")
        self.path = os.path.join(store, "experiments", key, "runs", self.id)
        self.active_path = os.path.join(store, "active", self.id)
        self.journal_folder = os.path.join(self.path, "journal")
        self.artifacts_folder = os.path.join(self.path, "artifacts")
        self.children_folder = os.path.join(self.path, "children")
        self.cancel_path = os.path.join(self.path, "cancel")
        self._run_json = None
        self._view = None
        self._view_key = None

    @property
    def run_json(self):
        """The record of the run's creation. Raises ``NotFoundError``, ``UnreadableError`` or ``NewerFormatError``."""
        if self._run_json is None:
            self._run_json = read_json(os.path.join(self.path, "run.json"), "the run {}".format(self.id))
        return self._run_json

    def exists(self):
        return os.path.isfile(os.path.join(self.path, "run.json"))

    def add_child(self, run_id):
        """Makes the run ``run_id`` known as a child of this one, so that it is found without a search. Raises ``OSError``."""
        try:
            # Without its parents: the folder of a run that was deleted must not come back.
            os.mkdir(self.children_folder)
        except FileExistsError:
            pass
        with open(os.path.join(self.children_folder, validated_run_id(run_id)), "a"):
            pass

    def children(self):
        """Folders of the run's children, newest first. Those that were deleted or cannot be read are left out."""
        try:
            ids = os.listdir(self.children_folder)
        except OSError:
            return []
        found = []
        for run_id in ids:
            try:
                child = RunFolder(self.workspace_folder, self.experiment_key, run_id)
                found.append((child.run_json.get("number") or 0, child))
            except (RunledgerError, ValueError):
                continue
        return [child for _, child in sorted(found, key=lambda pair: pair[0], reverse=True)]

    def view(self):
        """The run as its journal gives it now. Folded again only where the journal has grown."""
        from runledger.store.journal_reader import journal_files, read_journal
        from runledger.store.run_view import fold

        key = []
        for name in journal_files(self.journal_folder):
            try:
                key.append((name, os.stat(os.path.join(self.journal_folder, name)).st_size))
            except OSError:
                pass
        if self._view is None or key != self._view_key:
            records, problems = read_journal(self.journal_folder)
            self._view = fold(self.run_json, records, problems)
            self._view_key = key
        return self._view

    def state(self):
        """``(status, error, view)`` with liveness applied."""
        from runledger.store.liveness import derived_state

        view = self.view()
        status, error = derived_state(view)
        if status != view.status:
            # The process may have recorded its end after the journal was read, and before it was looked for.
            view = self.view()
            status, error = derived_state(view)
        return status, error, view

    def artifact_path(self, name):
        """The path of the run's file ``name``, which need not exist. Raises ``InvalidNameError``."""
        return os.path.join(self.artifacts_folder, *validated_artifact_path(name).split("/"))

    def existing_artifact_path(self, name):
        """The path of the run's file ``name``. Raises ``NotFoundError``."""
        path = self.artifact_path(name)
        if not os.path.isfile(path):
            raise NotFoundError("The run {} has no file {!r}.".format(self.id, name))
        return path

    def artifact_names(self):
        """Names of the run's files, sorted."""
        names = []
        for folder, _, files in os.walk(self.artifacts_folder):
            relative = os.path.relpath(folder, self.artifacts_folder)
            prefix = "" if relative == "." else relative.replace(os.sep, "/") + "/"
            names.extend(prefix + name for name in files if not is_temporary(name))
        return sorted(names)

    def save_artifact(self, name, source):
        """Copies ``source`` (a path, or a readable stream of bytes or text) to the run's file ``name``, whole or not at all."""
        target = self.artifact_path(name)
        is_stream = hasattr(source, "read")
        if not is_stream and os.path.exists(target) and os.path.samefile(source, target):
            return
        if not self.exists():
            # Making its folders again would leave the remains of a run that was deleted.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        staged = temporary_path(target)
        try:
            with open(staged, "xb") as output:
                if is_stream:
                    _copy_stream(source, output)
                else:
                    with open(source, "rb") as stream:
                        _copy_stream(stream, output)
            os.replace(staged, target)
        except BaseException:
            remove_if_present(staged)
            raise

    def write_artifact(self, name, data):
        """Writes ``data`` (bytes) to the run's file ``name``."""
        import io

        self.save_artifact(name, io.BytesIO(data))

    def unused_artifact_name(self, text, suffix):
        """A name like ``text`` + ``suffix`` that no file of the run has, whatever ``text`` holds."""
        from runledger.store.names import artifact_path_from_text

        stem, extension = os.path.splitext(suffix)
        name = artifact_path_from_text(text, suffix)
        if self._is_below_a_file(name):
            text = text.replace("/", "_")
            name = artifact_path_from_text(text, suffix)
        count = 1
        while os.path.lexists(self.artifact_path(name)):
            count += 1
            name = artifact_path_from_text(text, "{}_{}{}".format(stem, count, extension))
        return name

    def document_artifact_name(self, label):
        """The name of the file for the document ``label``: the one that it has, else one that is free."""
        from runledger.store.names import artifact_path_from_text

        name = self.unused_artifact_name(label, "")
        if name == artifact_path_from_text(label):
            return name
        known = self.view().documents.get(label)
        return name if known is None else known["path"]

    def _is_below_a_file(self, name):
        folder = os.path.dirname(self.artifact_path(name))
        while len(folder) > len(self.artifacts_folder):
            if os.path.isfile(folder):
                return True
            folder = os.path.dirname(folder)
        return False

    def __reduce__(self):
        return RunFolder, (self.workspace_folder, self.experiment_key, self.id)


def _copy_stream(stream, output):
    while True:
        block = stream.read(1 << 20)
        if not block:
            return
        output.write(block.encode("utf-8") if isinstance(block, str) else block)
