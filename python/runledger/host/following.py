"""Tells the user's machine what a run gains on this host: its journals and logs as they grow, its files, its child runs and its models.

Everything goes by offsets and by what the other side says that it has, so a connection can be cut at any time. That the run has ended is told
last of all: who sees it ended at home has its files.
"""

import hashlib
import json
import os
import threading
import time

from runledger.errors import RunledgerError
from runledger.host.gathering import CHUNK, AppendedFile, artifact_files, file_stamp, is_appended, place_files
from runledger.store.liveness import derived_state
from runledger.store.run_folder import RunFolder

POLL_S = 0.2
SCAN_EVERY = 5
"""Every how many looks at the journals folders are listed for what is new in them."""
SIGN_OF_LIFE_S = 5.0
STARTING_LIMIT_S = 60.0
QUIET_S = 2.0
"""How long a run has to be silent before its processes are looked for."""
WATCH_AGAIN_S = 30.0
"""Between two attempts to watch the job of a run again."""
LIVE_FILE_BYTES = 32 << 20
"""Larger files come at the end: they would hold up what is logged."""
_TERMINAL = ("Completed", "Failed", "Canceled")


class Follower:
    """Follows the run ``run_id`` in the workspace ``root``. ``send`` takes a message and a payload.

    ``outputs`` are paths of data that the run writes, files or folders, which come home when it has ended.
    """

    def __init__(self, root, run_id, known, send, outputs=()):
        self._store = os.path.join(root, ".runledger")
        self._root = root
        self._run_id = run_id
        self._known = known
        self._send = send
        self._runs = {}
        self._models = set(known.get("models", ()))
        self._outputs = outputs
        self._stop = threading.Event()
        self._last_sent = time.monotonic()
        self._started = time.monotonic()
        self._next_watch = 0.0
        self._ending = None

    def stop(self):
        self._stop.set()

    def carry_out(self):
        """Until the run has ended, or the connection."""
        try:
            self._follow()
        except (BrokenPipeError, ValueError) as error:
            if isinstance(error, ValueError):
                self._fail(error)
        except Exception as error:
            self._fail(error)

    def _fail(self, error):
        try:
            self._tell({"event": "failed", "message": "{}: {}".format(type(error).__name__, error)})
        except (OSError, ValueError):
            pass

    def _follow(self):
        tick = 0
        while not self._stop.is_set():
            is_scan = tick % SCAN_EVERY == 0
            if is_scan:
                self._find_runs()
            main = self._runs.get(self._run_id)
            if main is None:
                self._tell({"event": "gone"})
                return
            sent = False
            for run in list(self._runs.values()):
                sent = run.send_growth(is_scan) or sent
            if is_scan:
                sent = self._send_models() or sent
            if main.has_ended:
                self._finish(None)
                return
            is_quiet = not sent and time.monotonic() - main.last_growth > QUIET_S
            if is_scan and is_quiet and not self._is_ending:
                failure = self._failure(main)
                if failure is not None:
                    self._finish(failure)
                    return
            if is_scan:
                self._end_where_abandoned(main.folder)
            if time.monotonic() - self._last_sent > SIGN_OF_LIFE_S:
                self._tell({"event": "alive"})
            tick += 1
            self._stop.wait(POLL_S)

    def _tell(self, message, payload=b""):
        self._send(message, payload)
        self._last_sent = time.monotonic()

    def _find_runs(self):
        experiments = os.path.join(self._store, "experiments")
        for key in _names(experiments):
            for run_id in _names(os.path.join(experiments, key, "runs")):
                if run_id in self._runs:
                    continue
                folder = RunFolder(self._root, key, run_id)
                if not folder.exists():
                    continue
                if run_id != self._run_id:
                    experiment = _read(os.path.join(experiments, key, "experiment.json"))
                    self._tell({"event": "run", "run": run_id, "record": folder.run_json, "experiment": experiment.get("name", key)})
                is_main = run_id == self._run_id
                self._runs[run_id] = FollowedRun(folder, self._known.get("runs", {}).get(run_id, {}), self._tell, is_main)

    def _failure(self, main):
        """Why a run will not go on, where nobody recorded its end; ``None`` where it may."""
        view = main.folder.view()
        if view.is_terminal:
            return None
        if not any(process["role"] in ("supervisor", "watcher") for process in view.processes):
            if time.monotonic() - self._started < STARTING_LIMIT_S:
                return None
            return {"message": "The run was never started: the connection was cut before.", "advice": "Submit it again."}
        status, error = derived_state(view)
        if status == "NotResponding" and any(process["role"] == "watcher" for process in view.processes):
            self._watch_again(main.folder)
        if status != "Failed":
            return None
        # It may have recorded its end between the reading and its death.
        main.send_growth(False)
        if main.has_ended:
            return None
        found = os.statvfs(self._root)
        if found.f_bavail * found.f_frsize < 1 << 20:
            return dict(error, advice="No space is left for {} there: its last words could not be written.".format(self._root))
        return error

    def _watch_again(self, run):
        """The job of a run on a cluster goes on without the process that watches it, and somebody has to."""
        now = time.monotonic()
        if now >= self._next_watch:
            self._next_watch = now + WATCH_AGAIN_S
            from runledger.supervisor.slurm import resume

            resume.start(run)

    def _end_where_abandoned(self, run):
        """A supervisor that was killed does not see that the run is to be canceled. Beside the loop, as processes take their time."""
        if os.path.exists(run.cancel_path) and not self._is_ending:
            # What a folder remembers of its run is for one thread.
            own = RunFolder(run.workspace_folder, run.experiment_key, run.id)
            self._ending = threading.Thread(target=_end_if_abandoned, args=(own,), daemon=True)
            self._ending.start()

    @property
    def _is_ending(self):
        return self._ending is not None and self._ending.is_alive()

    def _finish(self, failure):
        for run in self._runs.values():
            run.send_rest()
        self._send_models()
        self._send_outputs()
        ends = {}
        for run_id, run in self._runs.items():
            if run_id != self._run_id:
                view = run.folder.view()
                if not view.is_terminal:
                    ends[run_id] = derived_state(view)[1] or {"message": "The run that it is a child of has ended."}
        main = self._runs[self._run_id]
        if ends:
            self._tell({"event": "unfinished", "runs": ends})
        if failure is not None:
            self._tell({"event": "failure", "error": failure})
        main.send_end()
        self._tell({"event": "ended"})

    def _send_outputs(self):
        known = self._known.get("outputs", ())
        for index, root in enumerate(self._outputs):
            here = known[index] if index < len(known) else {}
            files = here.get("files", {})
            for path, stamp in sorted(place_files(root).items()):
                if _same(files.get(path), stamp):
                    continue
                part = here.get("parts", {}).get(path)
                start = part[2] if part is not None and _same(part, stamp) else 0
                file = os.path.join(root, *path.split("/")) if path else root
                if not send_file(self._tell, {"output": index, "path": path}, file, stamp, start):
                    message = "{} could not be brought home: it cannot be read there, or was still being written.".format(file)
                    self._tell({"event": "problem", "run": self._run_id, "message": message})

    def _send_models(self):
        """Model versions that the run has registered. Each appears in one rename, and is whole from then on."""
        sent = False
        models = os.path.join(self._store, "models")
        for key in _names(models):
            versions = os.path.join(models, key, "versions")
            for version in _names(versions):
                folder = os.path.join(versions, version)
                record = _read(os.path.join(folder, "model.json"))
                if not record.get("id") or record["id"] in self._models:
                    continue
                self._models.add(record["id"])
                self._tell({"event": "model", "model": record["id"], "key": key, "record": record})
                for path, stamp in sorted(artifact_files(folder).items()):
                    if path.split("/")[0] in ("files", "journal"):
                        send_file(self._tell, {"model": record["id"], "path": path}, os.path.join(folder, *path.split("/")), stamp, 0)
                self._tell({"event": "model-end", "model": record["id"]})
                sent = True
        return sent


def _end_if_abandoned(run):
    from runledger.supervisor.abandoned import end_if_abandoned

    try:
        end_if_abandoned(run)
    except (OSError, RunledgerError):
        # A file system that is away for a moment: the next look tries again.
        pass


class FollowedRun:
    """What was told of one run. ``known`` is what the other side had at first."""

    def __init__(self, folder, known, tell, is_main):
        self.folder = folder
        self.has_ended = False
        self.last_growth = time.monotonic()
        self._tell = tell
        self._is_main = is_main
        self._journals = {}
        self._logs = {}
        self._known_journals = known.get("journals", {})
        self._known_files = known.get("files", {})
        self._parts = known.get("parts", {})
        self._sent_files = {path: tuple(stamp) for path, stamp in self._known_files.items()}
        self._seen = {}

    def send_growth(self, is_scan):
        """Tells what journals and logs have gained; with ``is_scan`` also of new files. Returns whether anything was."""
        if is_scan or not self._journals:
            for name in _names(self.folder.journal_folder):
                if name.endswith(".jsonl") and name not in self._journals:
                    path = os.path.join(self.folder.journal_folder, name)
                    self._journals[name] = AppendedFile(path, self._known_journals.get(name, 0))
        sent = False
        for name, journal in list(self._journals.items()):
            sent = self._send_journal(name, journal) or sent
        if is_scan:
            sent = self._send_files(at_end=False) or sent
        for path, log in self._logs.items():
            for offset, data in log.growth():
                self._tell({"event": "bytes", "run": self.folder.id, "file": "artifacts/" + path, "offset": offset}, data)
                sent = True
        if sent:
            self.last_growth = time.monotonic()
        return sent

    def _send_journal(self, name, journal):
        sent = False
        is_watched = self._is_main and name.startswith("supervisor-")
        for offset, data in journal.whole_lines():
            if is_watched:
                cut = _terminal_line(data)
                if cut is not None:
                    # The end is told when everything else is.
                    self.has_ended = True
                    journal.back_to(offset + cut)
                    data = data[:cut]
            if data:
                self._tell({"event": "bytes", "run": self.folder.id, "file": "journal/" + name, "offset": offset}, data)
                sent = True
            if self.has_ended:
                break
        return sent

    def _send_files(self, at_end):
        sent = False
        for path, stamp in artifact_files(self.folder.artifacts_folder).items():
            if is_appended(path):
                if path not in self._logs:
                    size = self._known_files.get(path, (0,))[0]
                    self._logs[path] = AppendedFile(os.path.join(self.folder.artifacts_folder, *path.split("/")), size)
                continue
            if _same(self._sent_files.get(path), stamp):
                continue
            is_still = _same(self._seen.get(path), stamp)
            self._seen[path] = stamp
            is_live = not path.startswith("outputs/") and stamp[0] <= LIVE_FILE_BYTES and is_still
            if at_end or is_live:
                part = self._parts.pop(path, None)
                start = part[2] if part is not None and _same(part, stamp) else 0
                place = {"run": self.folder.id, "path": path}
                if send_file(self._tell, place, os.path.join(self.folder.artifacts_folder, *path.split("/")), stamp, start):
                    self._sent_files[path] = stamp
                    sent = True
                elif at_end:
                    message = "{} could not be brought home: it cannot be read there, or was still being written.".format(path)
                    self._tell({"event": "problem", "run": self.folder.id, "message": message})
        return sent

    def send_rest(self):
        """Everything but the record of the end."""
        self.send_growth(True)
        self._send_files(at_end=True)
        for name, journal in self._journals.items():
            if not (self._is_main and name.startswith("supervisor-")):
                self._send_tail(name, journal)

    def send_end(self):
        for name, journal in self._journals.items():
            self._send_tail(name, journal)

    def _send_tail(self, name, journal):
        for offset, data in journal.growth():
            self._tell({"event": "bytes", "run": self.folder.id, "file": "journal/" + name, "offset": offset}, data)


def send_file(tell, place, path, stamp, start):
    """Sends a file from ``start`` on, and the hash of all of it. Returns whether it stayed the same meanwhile."""
    size, mtime = stamp
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            left = start
            while left:
                data = file.read(min(CHUNK, left))
                if not data:
                    return False
                digest.update(data)
                left -= len(data)
            offset = start
            while True:
                data = file.read(min(CHUNK, size - offset))
                digest.update(data)
                is_last = offset + len(data) >= size
                message = dict(place, event="file", total=size, mtime=mtime, offset=offset, isLast=is_last)
                if is_last:
                    message["sha256"] = digest.hexdigest()
                elif not data:
                    return False
                tell(message, data)
                offset += len(data)
                if is_last:
                    return _same(file_stamp(path), stamp)
    except OSError:
        # It was taken away, or may not be read.
        return False


def _same(known, stamp):
    return known is not None and stamp is not None and known[0] == stamp[0] and abs(known[1] - stamp[1]) <= 2


def _terminal_line(data):
    """Where the first line begins that records the end of the run; ``None`` where none does."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end == -1 else end
        line = data[start:end]
        if b'"status"' in line:
            try:
                record = json.loads(line.decode("utf-8"))
            except ValueError:
                record = {}
            if record.get("k") == "status" and record.get("v") in _TERMINAL:
                return start
        start = end + 1
    return None


def _names(folder):
    try:
        return [name for name in sorted(os.listdir(folder)) if not name.startswith(".")]
    except OSError:
        return []


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        return value if isinstance(value, dict) else {}
    except (OSError, ValueError):
        return {}
