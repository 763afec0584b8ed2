"""Answers requests of the user's machine on a host that runs are sent to.

Its text is sent over SSH and run by the host's Python, so nothing has to be installed there, and this file imports the standard library alone.
Requests come on the standard input and answers go to the standard output: one JSON object on a line, followed by as many bytes as its
``size`` says. An answer has the ``id`` of its request. What the followed run gained (``following.py``) is told by messages without one.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time

CHUNK = 1 << 18
READY = "RUNLEDGER-READY "
"""Stands before the first line of all. What a login script prints comes before."""
KEPT_UNUSED_S = 30 * 24 * 60 * 60
STARTING_LIMIT_S = 120
LAUNCH_LIMIT_S = 24 * 60 * 60
"""Between the first and the last that is done for a run before it starts: large data takes its time."""


_LATER = object()
"""In the place of an answer that another thread gives."""
_NOT_PASSED = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV")
"""What would have packages looked for, or put, elsewhere than in an environment."""


class RequestError(Exception):
    """The request cannot be carried out; the message is for a person. ``reason`` is a word of core's errors."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


class Channel:
    """The messages of this process. Safe to write to from several threads."""

    def __init__(self, source, target):
        self._source = source
        self._target = target
        self._lock = threading.Lock()

    def send(self, message, payload=b""):
        head = json.dumps(dict(message, size=len(payload))).encode("utf-8") + b"\n"
        with self._lock:
            self._target.write(head + payload)
            self._target.flush()

    def receive(self):
        """The next request and its payload; ``(None, b"")`` at the end."""
        line = self._source.readline()
        if not line.endswith(b"\n"):
            return None, b""
        request = json.loads(line.decode("utf-8"))
        size = request.get("size", 0)
        payload = self._source.read(size) if size else b""
        return (request, payload) if len(payload) == size else (None, b"")


class Agent:
    def __init__(self, channel):
        self._channel = channel
        self._follower = None
        self._upload = None
        self._locks = []
        self._attended = []

    def serve(self):
        """Until the other side is gone."""
        while True:
            request, payload = self._channel.receive()
            if request is None:
                break
            try:
                answer = getattr(self, "do_" + request["do"].replace("-", "_"))(request, payload)
            except RequestError as error:
                answer = {"error": {"reason": error.reason, "message": str(error)}}
            except OSError as error:
                answer = {"error": {"reason": _reason_of(error), "message": _text_of(error)}}
            if answer is _LATER:
                continue
            if isinstance(answer, tuple):
                self._channel.send(dict(answer[0], id=request["id"]), answer[1])
            else:
                self._channel.send(dict(answer or {}, id=request["id"]))
        if self._follower is not None:
            self._follower.stop()
        for process in self._attended:
            _kill(process)
        self._drop_upload()

    def do_ping(self, request, payload):
        """Answers with the time."""
        return {"time": time.time()}

    def do_run(self, request, payload):
        """Runs a program to its end; the payload is its standard input."""
        try:
            done = subprocess.run(
                request["command"],
                input=payload,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=request.get("timeout"),
            )
        except FileNotFoundError:
            raise _no_program(request["command"]) from None
        except subprocess.TimeoutExpired:
            message = "{} did not end within {:g} s.".format(request["command"][0], request["timeout"])
            raise RequestError("host-unreachable", message) from None
        return {"code": done.returncode, "outputSize": len(done.stdout)}, done.stdout + done.stderr

    def do_attend(self, request, payload):
        """Runs a program that takes long, tells what it prints, and ends it with the connection. The answer comes at its end."""
        environment = {name: text for name, text in os.environ.items() if name not in _NOT_PASSED}
        environment.update(PYTHONNOUSERSITE="1", PYTHONIOENCODING="utf-8", PYTHONUNBUFFERED="1")
        try:
            process = subprocess.Popen(
                request["command"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Where this process is ended before it can end that one, the locks stay held as long as that goes on.
                pass_fds=self._locks,
            )
        except FileNotFoundError:
            raise _no_program(request["command"]) from None
        self._attended.append(process)
        threading.Thread(target=self._attend, args=(process, request["id"]), daemon=True).start()
        return _LATER

    def _attend(self, process, request_id):
        try:
            while True:
                data = process.stdout.read1(CHUNK)
                if not data:
                    break
                self._channel.send({"event": "output"}, data)
            self._channel.send({"id": request_id, "code": process.wait()})
        except (OSError, ValueError):
            # The connection is gone.
            _kill(process)

    def do_lock(self, request, payload):
        """Holds a lock until this process ends, unless another holds it."""
        import fcntl

        path = _expanded(request["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return {"isHeld": False}
        self._locks.append(descriptor)
        os.utime(path, None)
        return {"isHeld": True}

    def do_clear(self, request, payload):
        """Removes a folder with all that is in it."""
        import shutil

        path = _expanded(request["folder"])
        if os.path.isdir(path):
            shutil.rmtree(path)

    def do_look(self, request, payload):
        """What a submission has to know of the host: its folder, the space in it, and the interpreter of the script.

        ``probe`` is a program that the interpreter runs, the payload a script for it to compile.
        """
        folder = _expanded(request["folder"])
        os.makedirs(folder, exist_ok=True)
        trial = os.path.join(folder, ".{}.tmp".format(_random()))
        try:
            with open(trial, "wb") as file:
                file.write(payload or b"\n")
            probed = self._probe(request, trial if payload else "")
        finally:
            if os.path.exists(trial):
                os.remove(trial)
        return dict(probed, folder=folder, freeBytes=_free_bytes(folder))

    def _probe(self, request, script):
        import shutil

        wanted = _expanded(request.get("interpreter") or sys.executable)
        found = wanted if os.sep in wanted else shutil.which(wanted)
        if found is None or not os.path.isfile(found):
            return {"interpreter": wanted, "isThere": False, "output": "", "said": ""}
        try:
            done = subprocess.run(
                [found, "-W", "ignore", "-c", request["probe"], "", script],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=60,
                cwd="/",
            )
            output, said = done.stdout, done.stderr
        except (OSError, subprocess.SubprocessError) as error:
            output, said = b"", _text_of(error).encode("utf-8")
        return {
            "interpreter": found,
            "isThere": True,
            "output": output.decode("utf-8", "replace"),
            "said": said.decode("utf-8", "replace")[-2000:],
        }

    def do_has(self, request, payload):
        """Which of the files are there. Those that are count as used now."""
        found = []
        for path in request["paths"]:
            path = _expanded(path)
            there = os.path.exists(path)
            if there:
                # Of an environment's interpreter, which is a link, not that of the system.
                os.utime(path, None, follow_symlinks=False)
            found.append(there)
        return {"found": found}

    def do_put(self, request, payload):
        """Takes a part of a file, which appears with its last part, whole and with the content whose SHA-256 was told."""
        path = _expanded(request["path"])
        if request["offset"] == 0:
            self._drop_upload()
            os.makedirs(os.path.dirname(path), exist_ok=True)
            draft = "{}.{}.tmp".format(path, _random())
            self._upload = (draft, open(draft, "xb"), hashlib.sha256())
        draft, file, digest = self._upload
        try:
            file.write(payload)
            digest.update(payload)
            if not request["isLast"]:
                return
            file.close()
        except OSError:
            self._drop_upload()
            raise
        if digest.hexdigest() != request["sha256"]:
            self._drop_upload()
            raise RequestError("unreadable", "{} did not arrive as it was sent.".format(path))
        os.replace(draft, path)
        self._upload = None
        if request.get("mtime") is not None:
            os.utime(path, (time.time(), request["mtime"] / 1000))

    def do_data(self, request, payload):
        """What lies at places of data, which count as used now: of each the size and the time (ms) of its files. Makes their folders."""
        found = []
        for place in request["places"]:
            path = _expanded(place["path"])
            os.makedirs(path if place["isFolder"] else os.path.dirname(path), exist_ok=True)
            os.utime(os.path.dirname(path), None)
            found.append(_stamps(path))
        return {"files": found}

    def do_remove(self, request, payload):
        """Removes files."""
        for path in request["paths"]:
            try:
                os.remove(_expanded(path))
            except FileNotFoundError:
                pass

    def _drop_upload(self):
        if self._upload is not None:
            draft, file, _ = self._upload
            self._upload = None
            try:
                file.close()
            except OSError:
                pass
            os.remove(draft)

    def do_install(self, request, payload):
        """Unpacks the SDK, ``{path: text}``, in one rename."""
        import gzip
        import shutil

        folder = _expanded(request["folder"])
        if os.path.isdir(folder):
            return
        staging = "{}.{}.tmp".format(folder, _random())
        try:
            for name, text in json.loads(gzip.decompress(payload).decode("utf-8")).items():
                path = os.path.join(staging, *name.split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            os.rename(staging, folder)
        except OSError:
            shutil.rmtree(staging, ignore_errors=True)
            if not os.path.isdir(folder):
                raise

    def do_launch(self, request, payload):
        """Makes a workspace for each run, and starts their supervisor, which outlives this process and the connection."""
        for workspace in request["workspaces"]:
            _make_workspace(workspace)
        run_folder = request["specification"]["runFolder"]
        log = os.path.join(run_folder, "artifacts", "logs", "system_log.txt")
        os.makedirs(os.path.dirname(log), exist_ok=True)
        variables = dict(os.environ, PYTHONPATH=request["sdk"], **request["variables"])
        with open(log, "ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "runledger.supervisor"],
                cwd=run_folder,
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        line = _first_line(process, json.dumps(request["specification"]).encode("utf-8"))
        try:
            answer = json.loads(line.decode("utf-8"))
        except ValueError:
            answer = {"error": "the supervisor said: {!r}".format(line[:200])}
        if "error" in answer:
            raise RequestError("supervisor-failed", answer["error"])
        sys.path.insert(0, request["sdk"])
        os.environ.update(request["variables"])
        from runledger.store.liveness import process_record_of

        return {"process": process_record_of("supervisor", answer["pid"])}

    def do_follow(self, request, payload):
        """Begins to tell what a run gains. ``known`` says what the other side has."""
        sdk = _expanded(request["sdk"])
        sys.path.insert(0, sdk)
        os.environ.update(request["variables"])
        if not os.path.isdir(os.path.join(sdk, "runledger")):
            raise RequestError("not-found", "The folder {} is gone.".format(sdk))
        from runledger.host.following import Follower

        outputs = [_expanded(path) for path in request.get("outputs", [])]
        known = request["known"]
        self._follower = Follower(_expanded(request["workspace"]), request["runId"], known, self._channel.send, outputs)
        threading.Thread(target=self._follower.carry_out, daemon=True).start()

    def do_cancel(self, request, payload):
        """Asks the supervisor of a run to end it."""
        with open(os.path.join(request["runFolder"], "cancel"), "ab"):
            pass

    def do_forget(self, request, payload):
        """Removes a run's workspace, and what no run has used for long."""
        import shutil

        root = _expanded(request["folder"])
        shutil.rmtree(_expanded(request["workspace"]), ignore_errors=True)
        before = min([time.time() - KEPT_UNUSED_S] + _launch_times(root))
        for kind in ("snapshots", "sdk", "data", "environments"):
            folder = os.path.join(root, kind)
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                path = os.path.join(folder, name)
                if os.stat(path).st_mtime < before:
                    shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.remove(path)


def _launch_times(root):
    """When the runs were launched that are there, with some time before it: what they use was touched then, and not since."""
    runs = os.path.join(root, "runs")
    found = []
    for name in os.listdir(runs) if os.path.isdir(runs) else []:
        try:
            found.append(os.stat(os.path.join(runs, name, ".runledger", "workspace.json")).st_mtime - LAUNCH_LIMIT_S)
        except OSError:
            # Removed meanwhile, or being made.
            continue
    return found


def _no_program(command):
    return RequestError("not-found", "There is no {} there.".format(command[0]))


def _kill(process):
    import signal

    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        # It has ended.
        pass


def _make_workspace(workspace):
    root = _expanded(workspace["folder"])
    for name, text in workspace["files"].items():
        path = os.path.join(root, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    for name in workspace["folders"]:
        os.makedirs(os.path.join(root, *name.split("/")), exist_ok=True)


def _first_line(process, text):
    """Hands ``text`` to the process and waits for the first line that it answers."""
    timer = threading.Timer(STARTING_LIMIT_S, process.kill)
    timer.start()
    try:
        try:
            process.stdin.write(text)
            process.stdin.close()
        except OSError:
            # It ended without reading; what it said before says why.
            pass
        line = process.stdout.readline()
        process.stdout.close()
        return line
    finally:
        timer.cancel()


def _expanded(path):
    return os.path.abspath(os.path.expanduser(path)) if path.startswith("~") else path


def _stamps(path):
    """``{path below: [size, milliseconds]}``; the path of ``path`` itself, where it is a file, is empty."""
    found = {}
    for place, _, names in [(os.path.dirname(path), (), [os.path.basename(path)])] if os.path.isfile(path) else os.walk(path):
        for name in names:
            file = os.path.join(place, name)
            try:
                stat = os.stat(file)
            except OSError:
                # Taken away meanwhile.
                continue
            relative = "" if file == path else os.path.relpath(file, path).replace(os.sep, "/")
            found[relative] = [stat.st_size, stat.st_mtime_ns // 1000000]
    return found


def _free_bytes(folder):
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _reason_of(error):
    import errno

    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return "disk-full"
    return "not-writable" if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else "unreadable"


def _text_of(error):
    path = getattr(error, "filename", None)
    text = getattr(error, "strerror", None) or str(error)
    return "{}: {}".format(path, text) if path else text


def _random():
    return os.urandom(4).hex()


def main():
    source = sys.stdin.buffer
    target = os.fdopen(os.dup(1), "wb")
    # What a program that is started here prints must not come between the messages.
    os.dup2(2, 1)
    hello = {"version": list(sys.version_info[:3]), "python": sys.executable}
    target.write((READY + json.dumps(hello) + "\n").encode("utf-8"))
    target.flush()
    Agent(Channel(source, target)).serve()


if __name__ == "runledger_agent":
    main()
