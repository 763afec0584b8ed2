"""Everything that differs between Linux, macOS and Windows: processes, their trees, signals, links, folders.

Windows and macOS parts are written from documentation and are best effort where the system offers no equivalent.
"""

import os
import sys

IS_WINDOWS = sys.platform == "win32"
IS_LINUX = sys.platform.startswith("linux")
IS_MACOS = sys.platform == "darwin"

_PR_SET_CHILD_SUBREAPER = 36
_PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
_STILL_ACTIVE = 259


def host_name():
    """The name of this host; with that of the compute target where a run was sent to it: two machines may be called the same."""
    site = os.environ.get("RUNLEDGER_HOST_SITE")
    return "{}@{}".format(_own_name(), site) if site else _own_name()


def _own_name():
    if hasattr(os, "uname"):
        return os.uname().nodename
    import socket

    return socket.gethostname()


def user_name():
    """The name of the current user, or an empty string."""
    for variable in ("LOGNAME", "USER", "USERNAME"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return ""


def user_data_folder():
    """The folder of the user's own data of Runledger; it may not exist."""
    home = os.environ.get("RUNLEDGER_HOME")
    if home:
        return os.path.abspath(home)
    if os.environ.get("XDG_DATA_HOME"):
        return os.path.join(os.environ["XDG_DATA_HOME"], "runledger")
    if IS_MACOS:
        return os.path.expanduser("~/Library/Application Support/runledger")
    if IS_WINDOWS:
        local = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        return os.path.join(local, "runledger")
    return os.path.expanduser("~/.local/share/runledger")


def boot_id():
    """Identifies the machine's boot; empty where that is not to be had."""
    if IS_LINUX:
        try:
            with open("/proc/sys/kernel/random/boot_id") as file:
                return file.read().strip()
        except OSError:
            return ""
    if IS_MACOS:
        return _output(["sysctl", "-n", "kern.bootsessionuuid"])
    return ""


def process_start_time(pid):
    """The start of process ``pid`` as the platform gives it, empty where unknown, ``None`` where it has ended."""
    if IS_LINUX:
        fields = _stat_fields(pid)
        if fields is None:
            return "" if not os.path.isdir("/proc/self") and _exists_by_signal(pid) else None
        # A zombie has ended; only its parent has not noticed yet.
        return None if fields[0] in (b"Z", b"X") else fields[19].decode("ascii")
    if IS_WINDOWS:
        return "" if _exists_on_windows(pid) else None
    if not _exists_by_signal(pid):
        return None
    return _output(["ps", "-o", "lstart=", "-p", str(pid)], {"LC_ALL": "C", "TZ": "UTC"})


def _stat_fields(pid):
    """Fields of ``/proc/<pid>/stat`` from the third (state) on, or ``None``."""
    try:
        with open("/proc/{}/stat".format(pid), "rb") as file:
            content = file.read()
    except OSError:
        return None
    return content[content.rindex(b")") + 2 :].split()


def _exists_by_signal(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _exists_on_windows(pid):
    import ctypes

    kernel = ctypes.windll.kernel32
    handle = kernel.OpenProcess(_PROCESS_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return False
    try:
        code = ctypes.c_ulong()
        return bool(kernel.GetExitCodeProcess(handle, ctypes.byref(code))) and code.value == _STILL_ACTIVE
    finally:
        kernel.CloseHandle(handle)


def _output(command, environment=None):
    import subprocess

    try:
        return (
            subprocess.run(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=dict(os.environ, **(environment or {})),
                timeout=10,
            )
            .stdout.decode("utf-8", "replace")
            .strip()
        )
    except (OSError, subprocess.SubprocessError):
        return ""


def link_folder(target, link):
    """Makes ``link`` a symbolic link to the folder ``target``. Returns whether that was possible."""
    try:
        os.symlink(target, link, target_is_directory=True)
    except (OSError, NotImplementedError):
        return False
    return True


def detach():
    """Makes this process independent of the terminal, session and parent that started it.

    Where it leads a process group already, that takes a fork: the parent ends at once, with code 0.
    """
    import signal

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if not hasattr(os, "setsid") or os.getsid(0) == os.getpid():
        return
    try:
        os.setsid()
    except PermissionError:
        if os.fork() != 0:
            os._exit(0)
        os.setsid()


def allow_open_files(count):
    """Lets this process have ``count`` files open, as far as the system's hard limit goes."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            # macOS has a lower one that it does not tell.
            pass


def adopt_orphans():
    """Makes this process the parent of every descendant whose own parent ends. Returns whether that is possible."""
    if not IS_LINUX:
        return False
    try:
        import ctypes

        return ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    except (OSError, ImportError, AttributeError):
        return False


def descendants(root, groups=()):
    """Ids of the living descendants of process ``root``, and of the members of the process groups ``groups``."""
    if IS_WINDOWS:
        # taskkill walks the tree below each of these.
        return {pid for pid in groups if _exists_on_windows(pid)}
    parents = {}
    found = set()
    for pid, parent, group in _processes():
        parents.setdefault(parent, []).append(pid)
        if group in groups:
            found.add(pid)
    waiting = [root] + list(found)
    while waiting:
        for pid in parents.get(waiting.pop(), ()):
            if pid not in found:
                found.add(pid)
                waiting.append(pid)
    found.discard(root)
    return found


def _processes():
    """``(pid, parent's pid, group)`` of every living process that can be seen."""
    if IS_LINUX:
        for name in os.listdir("/proc"):
            if name.isdigit():
                fields = _stat_fields(name)
                if fields is not None:
                    # A zombie has no children left, and needs no signal.
                    if fields[0] not in (b"Z", b"X"):
                        yield int(name), int(fields[1]), int(fields[2])
        return
    for line in _output(["ps", "-axo", "pid=,ppid=,pgid=,stat="]).splitlines():
        parts = line.split()
        if len(parts) == 4 and not parts[3].startswith("Z"):
            yield int(parts[0]), int(parts[1]), int(parts[2])


def processes_with_variable(name, value):
    """Ids of the living processes of this user that were started with a variable of the environment; none where that is not told."""
    wanted = "{}={}".format(name, value).encode("utf-8", "surrogateescape")
    found = set()
    for pid, _, _ in _processes() if IS_LINUX else ():
        try:
            with open("/proc/{}/environ".format(pid), "rb") as file:
                if wanted in file.read().split(b"\0"):
                    found.add(pid)
        except OSError:
            # Somebody else's, or it has just ended.
            pass
    return found


def tree_usage(root):
    """``(processor seconds, bytes of memory)`` of the descendants of process ``root``; ``None`` where that is not to be had.

    Memory that processes share is shared out among them, where the system tells.
    """
    if IS_WINDOWS:
        return None
    return _linux_tree_usage(root) if IS_LINUX else _ps_tree_usage(root)


def _linux_tree_usage(root):
    ticks = os.sysconf("SC_CLK_TCK")
    # With what their children used that have ended: so nothing counts less when a process ends.
    own = _stat_fields(root)
    total = sum(int(field) for field in own[13:15]) if own else 0
    memory = 0
    for pid in descendants(root):
        fields = _stat_fields(pid)
        if fields is not None:
            total += sum(int(field) for field in fields[11:15])
            memory += _linux_memory(pid)
    return total / ticks, memory


def _linux_memory(pid):
    try:
        with open("/proc/{}/smaps_rollup".format(pid), "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        with open("/proc/{}/statm".format(pid), "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _ps_tree_usage(root):
    pids = descendants(root)
    if not pids:
        return 0.0, 0
    seconds = 0.0
    memory = 0
    for line in _output(["ps", "-o", "rss=,time=", "-p", ",".join(map(str, sorted(pids)))]).splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0].isdigit():
            memory += int(parts[0]) * 1024
            for part in parts[1].replace("-", ":").split(":"):
                seconds = seconds * 60 + float(part)
    return seconds, memory


def signal_processes(pids, forcibly):
    """Asks processes to end (SIGTERM), or ends them (SIGKILL)."""
    import signal

    for pid in pids:
        try:
            if IS_WINDOWS:
                _output(["taskkill", "/T", "/PID", str(pid)] + (["/F"] if forcibly else []))
            else:
                os.kill(pid, signal.SIGKILL if forcibly else signal.SIGTERM)
        except OSError:
            pass


def spawn_options():
    """Keyword arguments of ``subprocess.Popen`` that put the child into a session of its own."""
    if IS_WINDOWS:
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def signal_name(number):
    """``SIGKILL`` for 9."""
    import signal

    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal {}".format(number)


class ChildWaiter:
    """Waits for one child, reaping adopted orphans on the way, and wakes early on SIGCHLD and SIGTERM.

    To be made before the child is started. ``is_asked_to_end`` turns true when this process gets SIGTERM.
    """

    def __init__(self):
        import signal

        self.is_asked_to_end = False
        self._wake_reader = None
        signal.signal(signal.SIGTERM, self._on_terminate)
        if not IS_WINDOWS:
            self._wake_reader, writer = os.pipe()
            os.set_blocking(self._wake_reader, False)
            os.set_blocking(writer, False)
            signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
            signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _on_terminate(self, number, frame):
        self.is_asked_to_end = True

    def poll(self, child):
        """The exit code of ``child`` (a ``Popen``), negative for a signal, or ``None`` while it runs."""
        if IS_WINDOWS:
            return child.poll()
        if child.returncode is None:
            self.reap(child)
        return child.returncode

    def reap(self, child=None):
        """Takes note of every child that has ended."""
        while not IS_WINDOWS:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if child is not None and pid == child.pid:
                child.returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def pause(self, seconds):
        """Waits until something may have happened, at most ``seconds``."""
        if self._wake_reader is None:
            import time

            time.sleep(min(seconds, 0.1))
            return
        import select

        if select.select([self._wake_reader], [], [], seconds)[0]:
            try:
                os.read(self._wake_reader, 4096)
            except BlockingIOError:
                pass
