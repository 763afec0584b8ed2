"""The ``runledger`` command, which submits runs and reads and writes YAML for this package."""

import os

from runledger.errors import (
    AlreadyExistsError,
    InvalidArgumentError,
    InvalidNameError,
    NewerFormatError,
    NotFoundError,
    NotWritableError,
    RunledgerError,
    UnreadableError,
)

_ERRORS = {
    "already-exists": AlreadyExistsError,
    "disk-full": NotWritableError,
    "invalid-argument": InvalidArgumentError,
    "invalid-name": InvalidNameError,
    "newer-format": NewerFormatError,
    "not-a-store": NotFoundError,
    "not-found": NotFoundError,
    "not-writable": NotWritableError,
    "script-not-found": NotFoundError,
    "unreadable": UnreadableError,
}


class CommandNotFoundError(RunledgerError):
    """There is no ``runledger`` command on this machine that works."""


class SubmissionError(RunledgerError):
    """The command refused; ``reason`` is its word for why, as ``script-syntax``."""

    def __init__(self, message, advice=None, reason=None):
        super().__init__(message, advice)
        self.reason = reason


PROGRESS_MARK = "Environment: "
"""How the lines begin that the command writes while it makes an environment, which can take minutes."""


def call(command, request):
    """Carries out the internal ``command`` with ``request``, a dict of plain values. Returns its answer, a dict. What
    it tells of its progress is written to the standard error.

    Raises a ``RunledgerError``: ``CommandNotFoundError`` where there is no command, else what the command says.
    """
    import json
    import subprocess

    site = os.environ.get("RUNLEDGER_HOST_SITE")
    if site and command.startswith("submit"):
        # What was submitted from there would be known there alone.
        raise SubmissionError(
            "A script that runs on {} cannot submit runs: the workspace is on another machine.".format(site),
            "Make child runs with run.child_run(), or submit from the machine that the workspace is on.",
        )
    line = _command_line()
    environment = dict(os.environ, ELECTRON_RUN_AS_NODE="1")
    try:
        process = subprocess.Popen(
            line + ["internal", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        raise CommandNotFoundError(
            "The command {} cannot be started: {}.".format(line[0], error.strerror or error),
            "Check the variable RUNLEDGER_CLI, and that Node.js 24 is installed.",
        ) from None
    with process:
        output, said = _exchange(process, json.dumps(request).encode("utf-8"))
    return _answer(process.returncode, output, said)


def _exchange(process, data):
    """Hands ``data`` to the process and waits for its end. Returns its output (bytes) and what else it said (a str)."""
    import sys
    import threading

    said = []

    def listen():
        for line in process.stderr:
            text = line.decode("utf-8", "replace")
            if text.startswith(PROGRESS_MARK):
                sys.stderr.write(text)
                sys.stderr.flush()
            else:
                said.append(text)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        try:
            process.stdin.write(data)
            process.stdin.close()
        except OSError:
            # It ended before it read everything; what it says tells why.
            pass
        output = process.stdout.read()
        process.wait()
    except BaseException:
        process.terminate()
        raise
    listener.join()
    return output, "".join(said)


def _answer(exit_code, output, said):
    import json

    try:
        answer = json.loads(output.decode("utf-8"))
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        said = said.strip().split("\n")[0]
        raise CommandNotFoundError(
            "The command runledger does not work here (exit code {}): {}".format(exit_code, said or "no answer"),
            "It needs Node.js 24 or later, and the same version as this package.",
        )
    error = answer.get("error")
    if isinstance(error, dict):
        reason, message, advice = error.get("reason"), str(error.get("message")), error.get("advice")
        if reason in _ERRORS:
            raise _ERRORS[reason](message, advice)
        raise SubmissionError(message, advice, reason)
    return answer


def _command_line():
    """The command's program and first arguments."""
    chosen = os.environ.get("RUNLEDGER_CLI")
    if chosen:
        return _parsed(chosen)
    found = _launcher() or _beside_package() or _on_path()
    if found is None:
        raise CommandNotFoundError(
            "The command runledger was not found, and submitting needs it.",
            "Put it on the path, or set RUNLEDGER_CLI to where it is; logging and reading runs work without it.",
        )
    return found


def _parsed(text):
    """``RUNLEDGER_CLI``: a path, or a command line as a JSON list."""
    if text.startswith("["):
        import json

        try:
            line = json.loads(text)
        except ValueError:
            line = None
        if not isinstance(line, list) or not line or not all(isinstance(part, str) for part in line):
            raise CommandNotFoundError("RUNLEDGER_CLI is neither a path nor a JSON list of texts: {}".format(text))
        return line
    return [text]


def _launcher():
    """What the editor leaves in the user's folder at each start."""
    from runledger.host_platform import user_data_folder

    path = os.path.join(user_data_folder(), "bin", "runledger")
    return [path] if os.access(path, os.X_OK) else None


def _beside_package():
    """The command of the installation that this package is a part of."""
    import shutil

    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    # In a checkout the sources: what is in dist may be older.
    for program in (os.path.join(root, "src", "cli", "main.ts"), os.path.join(root, "dist", "cli.cjs")):
        if os.path.isfile(program):
            node = os.path.join(root, "node_modules", ".bin", "node")
            node = node if os.path.exists(node) else shutil.which("node")
            return None if node is None else [node, program]
    return None


def _on_path():
    import shutil

    found = shutil.which("runledger")
    return None if found is None else [found]
