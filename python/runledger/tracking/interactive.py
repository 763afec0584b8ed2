"""Runs that live in the process that started them: a script, a notebook, a prompt.

They complete when the interpreter exits, fail on an uncaught exception or a non-zero ``sys.exit`` or ``exit``, and are
canceled by an interrupt. What goes wrong at a prompt ends nothing. A bare ``raise SystemExit`` cannot be told from a
good end. A process that is killed leaves its ``process`` record, from which readers derive the failure.
"""

import atexit
import os
import sys
import time

# `threading` stands on this; to import it takes a tenth of the start of a run.
from _thread import start_new_thread

from runledger.store.liveness import process_record
from runledger.tracking.recorder import Recorder

HEARTBEAT_INTERVAL_S = 10.0
MAX_TRACEBACK_LENGTH = 20000

_active = {}
"""Interactive runs of this process by id; of a forked child, none until it starts its own."""
_state = {
    "hooked": False,
    "hook": None,
    "last_value": None,
    "pid": None,
    "has_heartbeat": False,
    "error": None,
    "canceled": False,
    "exit_code": None,
}


class InteractiveRun:
    """An interactive run of this process: its folder, its recorder, and the folders that are collected at its end."""

    def __init__(self, run, recorder, collections):
        self.run = run
        self.recorder = recorder
        self._collections = collections
        self._owner = os.getpid()
        self._is_ended = False

    @property
    def is_owner(self):
        """False in a forked child, which may log but does not end the run."""
        return self._owner == os.getpid()

    def complete(self):
        self._end("Completed", None)

    def fail(self, error):
        self._end("Failed", error)

    def cancel(self):
        self._end("Canceled", None)

    def _end(self, state, error):
        if not self.is_owner:
            return
        if not self._is_ended:
            self._collect()
        # A failure after completion stands: the store's rules decide which terminal state counts.
        if not self._is_ended or state != "Completed":
            self.recorder.status(state, error)
        self._is_ended = True
        _active.pop(self.run.id, None)

    def _collect(self):
        from runledger.tracking.collection import collect

        problems = collect(self._collections, self.recorder.save_file, dict(self.recorder.uploaded))[1]
        for problem in problems:
            self.recorder.warning(problem)


def start(experiment, display_name=None, tags=None, outputs=None):
    """Starts an interactive run in ``experiment`` (an ``ExperimentStore``).

    ``outputs`` is the folder whose files are collected at the end, made if missing: ``outputs`` by default.
    """
    run = experiment.create_run(displayName=display_name, tags=tags or {}, submission=submission())
    return _go_on(run, lambda recorder: _collections(outputs or "outputs", recorder))


def start_child(experiment, parent, display_name=None, run_id=None, outputs=None):
    """Starts a child of the run ``parent`` (a ``RunFolder``) in this process. Only ``outputs``, where given, is collected:
    the usual folders are the parent's.
    """
    run = experiment.create_run(run_id, parent=parent, displayName=display_name, submission=submission())
    return adopt(run, outputs)


def adopt(run, outputs=None):
    """Starts the interactive run ``run`` (a ``RunFolder``), which was made before, in this process."""
    return _go_on(run, lambda recorder: [] if outputs is None else _collections(outputs, recorder)[:1])


def _go_on(run, collections_for):
    recorder = Recorder(run, "interactive", is_owner=True)
    recorder.process(process_record("interactive"))
    recorder.status("Running")
    active = InteractiveRun(run, recorder, collections_for(recorder))
    if _state["pid"] != os.getpid():
        # What a parent process left behind is not this one's.
        _active.clear()
        _state.update(pid=os.getpid(), has_heartbeat=False, error=None, canceled=False)
    # An exit that was asked for before a run was started has been caught.
    _state["exit_code"] = None
    _active[run.id] = active
    _install_hooks()
    _start_heartbeat()
    return active


def active_run(run_id):
    """The interactive run ``run_id`` where it was started by this process or its parent, else ``None``."""
    return _active.get(run_id)


def latest_run():
    """The folder of the run that was started last in this process and goes on, or ``None``."""
    return next((active.run for active in reversed(list(_active.values())) if active.is_owner), None)


def describe_exception(kind, error, trace):
    """An exception as the ``error`` of a ``status`` record."""
    import traceback

    text = "".join(traceback.format_exception(kind, error, trace))
    if len(text) > MAX_TRACEBACK_LENGTH:
        text = text[: MAX_TRACEBACK_LENGTH // 2] + "\n...\n" + text[-MAX_TRACEBACK_LENGTH // 2 :]
    name = kind.__name__ if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "." + kind.__name__
    try:
        message = str(error)
    except Exception:
        message = ""
    return {"message": message or name, "type": name, "traceback": text}


def exit_failure(code):
    """The ``error`` for ``sys.exit(code)``, or ``None`` where that means success."""
    if code is None or code == 0:
        return None
    if isinstance(code, int):
        return {"message": "The script ended with exit code {}.".format(int(code))}
    return {"message": str(code), "type": "SystemExit"}


def submission():
    """The ``submission`` of a run that this process starts itself; ``None`` where it runs no script."""
    main = sys.modules.get("__main__")
    script = getattr(main, "__file__", None)
    if not script:
        return None
    return {
        "script": os.path.abspath(script),
        "command": None,
        "arguments": [str(argument) for argument in sys.argv[1:]],
        "sourceDirectory": os.getcwd(),
        "inPlace": True,
        "target": "local",
        "runConfiguration": None,
        "interpreter": sys.executable or None,
        "environmentVariables": {},
        "maxRunDurationSeconds": None,
    }


def _collections(outputs, recorder):
    from runledger.tracking.collection import FolderCollection

    try:
        os.makedirs(outputs, exist_ok=True)
    except OSError as error:
        recorder.warning("The folder {!r} could not be made: {}".format(outputs, error))
    return [FolderCollection(outputs, "outputs"), FolderCollection("logs", "logs")]


def _install_hooks():
    if _state["hooked"]:
        return
    _state["hooked"] = True
    atexit.register(_at_exit)
    previous_hook = sys.excepthook
    previous_exit = sys.exit

    def on_uncaught(kind, error, trace):
        _note_uncaught(kind, error, trace)
        previous_hook(kind, error, trace)

    def on_exit(status=None):
        # The interpreter tells nobody its exit code. Python 3.8 to 3.13 name the parameter differently, or not at all.
        try:
            previous_exit(status)
        except SystemExit as error:
            _note_exit(error)
            raise

    sys.excepthook = on_uncaught
    sys.exit = on_exit
    _state["hook"] = on_uncaught
    _state["last_value"] = getattr(sys, "last_value", None)
    _watch_builtin_exit()


def _watch_builtin_exit():
    import builtins

    # The class of ``exit`` and ``quit``; absent under ``python -S``.
    quitter = type(getattr(builtins, "exit", None))
    if quitter.__module__ != "_sitebuiltins":
        return
    previous_call = quitter.__call__

    def on_call(self, code=None):
        try:
            previous_call(self, code)
        except SystemExit as error:
            _note_exit(error)
            raise

    quitter.__call__ = on_call


def _note_uncaught(kind, error, trace):
    if _is_at_prompt():
        return
    if issubclass(kind, KeyboardInterrupt):
        _state["canceled"] = True
    else:
        _state["error"] = describe_exception(kind, error, trace)


def _is_at_prompt():
    """Whether this is a session of Python's prompt or IPython, which goes on after an exception."""
    import builtins

    return hasattr(sys, "ps1") or hasattr(builtins, "__IPYTHON__")


def _note_exit(error):
    import threading

    if threading.current_thread() is threading.main_thread() and not _is_at_prompt():
        _state["exit_code"] = error.code
        error._runledger_watch = _CaughtExit()


class _CaughtExit:
    """Lives as long as the ``SystemExit`` that it is attached to: one that ends while Python code runs was caught."""

    def __del__(self):
        try:
            sys._getframe(1)
        except ValueError:
            return
        _state["exit_code"] = None


def _at_exit():
    if _state["pid"] != os.getpid():
        return
    last = getattr(sys, "last_value", None)
    if sys.excepthook is not _state["hook"] and last is not None and last is not _state["last_value"]:
        # The script's own hook took the place of ours; the interpreter leaves the exception here.
        _note_uncaught(type(last), last, last.__traceback__)
    failure = _state["error"] or exit_failure(_state["exit_code"])
    for active in list(_active.values()):
        if _state["canceled"]:
            active.cancel()
        elif failure is not None:
            active.fail(failure)
        else:
            active.complete()


def _start_heartbeat():
    if not _state["has_heartbeat"]:
        _state["has_heartbeat"] = True
        start_new_thread(_beat, ())


def _beat():
    # Ends with the interpreter, which does not wait for it.
    while True:
        time.sleep(HEARTBEAT_INTERVAL_S)
        for active in list(_active.values()):
            if active.is_owner:
                try:
                    active.recorder.heartbeat()
                except OSError:
                    # RUNLEDGER_STRICT is for the script's own calls.
                    pass
