"""Why a script failed, from how it ended and from the end of its log."""

import os
import re

LOG_TAIL_BYTES = 64 * 1024
MAX_MESSAGE_LENGTH = 3000
_MAX_LINES_AFTER_TRACEBACK = 20

_HEADER = "Traceback (most recent call last):"
_CHAINED = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_EXCEPTION = re.compile(r"^([A-Za-z_][\w.]*)(?:: ?(.*))?$")
_FRAME = re.compile(r'^  File ".+", line \d+')
_MISSING_FILE = re.compile(r"No such file or directory: '((?:[^'\\]|\\.)+)'")
_MISSING_MODULE = re.compile(r"No module named '([\w.]+)'")
_NUMPY_ALIAS = re.compile(r"module 'numpy' has no attribute '(float|int|bool|object|str|complex|long|unicode)'")
_KILL_SIGNALS = ("SIGKILL",)
_ON_SPACE = "Free some space there, or write less to outputs/."
_HARDLY_ANY_BYTES = 64 << 10


def read_tail(path):
    """The end of a log as text; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - LOG_TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def last_traceback(text):
    """``(type, message, traceback)`` of the last exception that ``text`` shows, or ``None``."""
    lines = text.replace("\r\n", "\n").split("\n")
    start = _start_of_last(lines)
    if start is None:
        return None
    end = start + 1
    while end < len(lines) and (lines[end].startswith(" ") or not lines[end].strip()):
        end += 1
    if end == len(lines):
        return None
    match = _EXCEPTION.match(lines[end])
    if match is None:
        return None
    last = end
    while last + 1 < len(lines) and lines[last + 1].strip() and not _EXCEPTION_END.match(lines[last + 1]):
        last += 1
        if last - end > _MAX_LINES_AFTER_TRACEBACK:
            last = end
            break
    message = "\n".join([match.group(2) or ""] + lines[end + 1 : last + 1]).strip()
    if len(lines) - last > _MAX_LINES_AFTER_TRACEBACK:
        # Long before the end: an exception that the script only printed.
        return None
    first = _start_of_chain(lines, start)
    return match.group(1), message, "\n".join(lines[first : last + 1])


_EXCEPTION_END = re.compile(r"^(Traceback|Error in |Exception ignored)")


def _start_of_last(lines):
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].startswith(_HEADER):
            return place
        if _FRAME.match(lines[place]):
            # A syntax error in the script itself has no header. Its frame is the only one.
            before = place - 1
            while before >= 0 and lines[before].startswith("  "):
                before -= 1
            if before < 0 or not lines[before].startswith(_HEADER):
                return place
    return None


def _start_of_chain(lines, start):
    first = start
    place = start - 1
    while place >= 0 and not lines[place].strip():
        place -= 1
    if place >= 0 and lines[place] in _CHAINED:
        for earlier in range(place - 1, -1, -1):
            if lines[earlier].startswith(_HEADER):
                return _start_of_chain(lines, earlier)
    return first


def failure(exit_code, signal_name, log_tail, specification, working_folder):
    """The ``error`` of a ``Failed`` record: message, and where they are known type, traceback and advice."""
    if signal_name is not None:
        error = {"message": "The script was ended by the signal {}.".format(signal_name)}
        if signal_name in _KILL_SIGNALS:
            error["advice"] = (
                "Nothing in Runledger sent it: most often the system ends a process like this when memory runs out. "
                "Try smaller batches or less data, and look at the system's log."
            )
        return error
    found = last_traceback(log_tail)
    if found is None:
        message = "The script ended with exit code {}.".format(exit_code)
        if _is_full(working_folder):
            # Its traceback could not be written either.
            return {"message": "{} No space is left for {}.".format(message, working_folder), "advice": _ON_SPACE}
        return {"message": message}
    kind, message, trace = found
    error = {"message": message[:MAX_MESSAGE_LENGTH] or kind, "type": kind, "traceback": trace}
    advice = _advice(kind, message, specification, working_folder)
    if advice is not None:
        error["advice"] = advice
    return error


def _is_full(folder):
    try:
        found = os.statvfs(folder)
    except (OSError, AttributeError):
        return False
    return found.f_bavail * found.f_frsize < _HARDLY_ANY_BYTES


def _advice(kind, message, specification, working_folder):
    if kind == "FileNotFoundError":
        match = _MISSING_FILE.search(message)
        if match is not None:
            return _advice_on_file(match.group(1), specification, working_folder)
    if kind in ("ModuleNotFoundError", "ImportError"):
        match = _MISSING_MODULE.search(message)
        if match is not None:
            return _advice_on_module(match.group(1), specification, working_folder)
    match = _NUMPY_ALIAS.search(message)
    if match is not None:
        return "NumPy 1.24 removed np.{0}. Write {0} (or np.{0}_) in its place, or install numpy<1.24.".format(
            match.group(1)
        )
    if kind == "MemoryError":
        return "Memory ran out. Try smaller batches or less data."
    return None


def _advice_on_file(name, specification, working_folder):
    relative = os.path.relpath(os.path.join(working_folder, name), working_folder)
    if _is_left_out(relative, specification, working_folder):
        return _left_out(relative, specification)
    return None


def _advice_on_module(name, specification, working_folder):
    if name == "sklearn.externals" or name.startswith("sklearn.externals."):
        return "scikit-learn 0.23 removed sklearn.externals. Use the package joblib: import joblib."
    top = name.split(".")[0]
    if top == "azureml":
        return "{} is not available in this version of Runledger.".format(name)
    script_folder = os.path.dirname(specification.script or "")
    for relative in (os.path.join(folder, top + suffix) for folder in {"", script_folder} for suffix in (".py", "")):
        if _is_left_out(relative, specification, working_folder):
            return _left_out(relative, specification)
    interpreter = specification.interpreter
    if not interpreter:
        return None
    return (
        '{0} has no module {1!r}. Install the package that provides it, as with "{0} -m pip install {1}", or choose '
        "another interpreter.".format(interpreter, top)
    )


def _is_left_out(relative, specification, working_folder):
    if specification.is_in_place or relative.split(os.sep)[0] in ("..", ""):
        return False
    return os.path.exists(os.path.join(specification.source_folder, relative)) and not os.path.exists(
        os.path.join(working_folder, relative)
    )


def _left_out(relative, specification):
    source = specification.source_folder
    ignore_file = next(
        (name for name in (".amlignore", ".gitignore") if os.path.exists(os.path.join(source, name))), None
    )
    path = relative.replace(os.sep, "/")
    if ignore_file is None:
        return '{} is in {}, and not in the snapshot that the script ran from. Use the run configuration "local (in place)".'.format(
            path, source
        )
    return (
        "{0} is in {1}, but {2} keeps it out of the snapshot that the script ran from. Change {2}, or use the run "
        'configuration "local (in place)".'.format(path, source, ignore_file)
    )
