"""What carries a script out: a process of this machine, or whatever else the launch specification has a part for."""


class Executor:
    """Starts the script of one run, tells how it goes, and ends it. Records ``Running`` itself, when that is so.

    An outcome is the value of a terminal status: ``{"v": "Completed", ...}``, or what ``failed`` makes.
    """

    def start(self, folder, variables):
        """Starts the script in ``folder``, with ``variables`` over its own. Returns an outcome where that fails, else ``None``."""
        raise NotImplementedError

    def poll(self):
        """The outcome, or ``None`` while the script goes on. Called several times a second."""
        raise NotImplementedError

    @property
    def running_since(self):
        """``time.monotonic()`` when the script itself began; ``None`` before. The limit of its duration counts from there."""
        raise NotImplementedError

    def end(self, patience_s):
        """Ends whatever is left: at first by asking, after ``patience_s`` in which it may end by itself. Safe to call at any time."""
        raise NotImplementedError

    def usage(self):
        """``(processor seconds so far, bytes of memory)`` of what was started; ``None`` where that is not to be had."""
        return None

    def ask(self, program):
        """What the Python program ``program`` (a path and its arguments) prints, run by the script's interpreter where the script runs.

        ``None`` where that is not to be had. Called from another thread.
        """
        return None


def executor_of(specification, recorder, waiter):
    """The executor that ``specification`` asks for. ``waiter``: the process's ``ChildWaiter``."""
    if specification.container is not None:
        from runledger.supervisor.container_executor import ContainerExecutor

        return ContainerExecutor(specification, recorder, waiter)
    from runledger.supervisor.process_executor import ProcessExecutor

    return ProcessExecutor(specification, recorder, waiter)


def failed(message, advice=None):
    """The outcome of a run that failed for a reason of its own, and not of its script's."""
    error = {"message": message}
    if advice is not None:
        error["advice"] = advice
    return {"v": "Failed", "error": error}
