"""Processes that work through mini-batches. One that dies, or takes too long, is replaced, and its mini-batch tried
again.
"""

import collections
import multiprocessing
import time
from multiprocessing import connection as connections

from runledger.azureml_v1.parallel_run.worker import work

END_S = 10.0
"""How long a process may take to end by itself when there is nothing left to do."""


class StartError(Exception):
    """A process could not be made ready: the entry script cannot be loaded, or its ``init`` failed."""


class Outcome:
    """What became of the mini-batch ``index``: ``count`` items and their ``text``, or the ``failure``, a text."""

    def __init__(self, index, count=0, text="", failure=None):
        self.index = index
        self.count = count
        self.text = text
        self.failure = failure


class _Worker:
    def __init__(self, context, path, arguments):
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, path, arguments))
        self.process.start()
        theirs.close()
        self.is_ready = False
        self.task = None
        """``(index of the mini-batch, number of the attempt, when its time is over)``."""

    def stop(self):
        self.process.kill()
        self.process.join()
        self.connection.close()


class Pool:
    """``count`` processes of the entry script at ``path`` with ``arguments``.

    A mini-batch may take ``timeout_s`` seconds, and is tried ``max_try`` times at most.
    """

    def __init__(self, count, path, arguments, timeout_s, max_try):
        # A fork would take over the state of whatever library has threads.
        self._context = multiprocessing.get_context("spawn")
        self._path, self._arguments = path, arguments
        self._timeout_s, self._max_try = timeout_s, max_try
        self._workers = [self._started() for _ in range(count)]

    def outcomes(self, batches):
        """Gives an ``Outcome`` for each of the list ``batches``, as they come. Raises ``StartError``."""
        waiting = collections.deque((index, 1) for index in range(len(batches)))
        while waiting or any(worker.task for worker in self._workers):
            for worker in self._workers:
                if worker.is_ready and worker.task is None and waiting:
                    index, attempt = waiting.popleft()
                    worker.task = (index, attempt, time.monotonic() + self._timeout_s)
                    try:
                        worker.connection.send((index, batches[index]))
                    except OSError:
                        # It died meanwhile, which is seen below.
                        pass
            for outcome in self._look(waiting):
                yield outcome

    def end(self):
        """Lets the processes end by themselves."""
        for worker in self._workers:
            try:
                worker.connection.send(None)
            except OSError:
                pass
        for worker in self._workers:
            worker.process.join(END_S)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for worker in self._workers:
            worker.stop()
        return False

    def _started(self):
        return _Worker(self._context, self._path, self._arguments)

    def _look(self, waiting):
        """Waits until something has happened, and gives the outcomes of it."""
        deadlines = [worker.task[2] for worker in self._workers if worker.task]
        left = max(min(deadlines) - time.monotonic(), 0) if deadlines else None
        happened = connections.wait([worker.connection for worker in self._workers], left)
        for place, worker in enumerate(self._workers):
            if worker.connection in happened:
                outcome = self._heard(place, worker, waiting)
            elif worker.task and time.monotonic() >= worker.task[2]:
                outcome = self._failed(
                    place, "run(mini_batch) took longer than {:g} s.".format(self._timeout_s), waiting
                )
            else:
                continue
            if outcome is not None:
                yield outcome

    def _heard(self, place, worker, waiting):
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            if not worker.is_ready:
                raise StartError("The entry script {} could not be made ready; see above.".format(self._path)) from None
            return self._failed(place, "The process ended (exit code {}).".format(worker.process.exitcode), waiting)
        if message[0] == "ready":
            worker.is_ready = True
            return None
        (index, attempt, _), worker.task = worker.task, None
        if message[0] == "done":
            return Outcome(index, message[1], message[2])
        return self._tried(index, attempt, message[1], waiting)

    def _failed(self, place, why, waiting):
        """The process at ``place`` is of no use any more: another takes its place."""
        worker = self._workers[place]
        worker.stop()
        self._workers[place] = self._started()
        if worker.task is None:
            return None
        return self._tried(worker.task[0], worker.task[1], why, waiting)

    def _tried(self, index, attempt, why, waiting):
        if attempt < self._max_try:
            waiting.append((index, attempt + 1))
            return None
        return Outcome(index, failure=why)
