"""A process that calls the entry script's functions: ``init`` once, then ``run`` for each mini-batch that it is given.
"""

import os
import sys


class MiniBatchContext:
    """What ``run(mini_batch, mini_batch_context)`` is told: the number of the mini-batch, and the values of the
    ``partition_keys`` that all of it has."""

    def __init__(self, minibatch_index, partition_key_value):
        self.minibatch_index = minibatch_index
        self.partition_key_value = partition_key_value


class EntryScriptError(Exception):
    """The entry script has no function ``run``, or gives back what cannot be kept."""


def work(connection, path, arguments):
    """Works until ``None`` comes. Answers ``("ready",)``, then for each mini-batch ``("done", count, text)`` or
    ``("failed", why)``.
    """
    sys.argv = [path] + arguments
    sys.path.insert(0, os.getcwd())
    module = _loaded(path)
    if hasattr(module, "init"):
        module.init()
    wants_context = _wants_context(module.run)
    connection.send(("ready",))
    while True:
        task = connection.recv()
        if task is None:
            break
        index, batch = task
        further = (MiniBatchContext(index, batch.values),) if wants_context else ()
        try:
            answer = ("done",) + rows_of(module.run(batch.items, *further))
        except Exception as error:
            import traceback

            traceback.print_exc()
            answer = ("failed", "{}: {}".format(type(error).__name__, error))
        connection.send(answer)
    if hasattr(module, "shutdown"):
        module.shutdown()


def rows_of(result):
    """``(number of items, the lines of the output file)`` of what ``run`` gave: a data frame, or a list or array.

    Columns of a data frame are separated by spaces. Raises ``EntryScriptError`` for anything else.
    """
    if hasattr(result, "to_csv") and hasattr(result, "columns"):
        return len(result), result.to_csv(sep=" ", header=False, index=False)
    if isinstance(result, (str, bytes, dict)) or not hasattr(result, "__len__") or not hasattr(result, "__iter__"):
        raise EntryScriptError(
            "run(mini_batch) must return a data frame or a list with an item for each item that it has processed, not "
            "{}.".format(type(result).__name__)
        )
    return len(result), "".join("{}\n".format(item) for item in result)


def _wants_context(function):
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len([one for one in parameters if one.kind in positional and one.default is one.empty]) > 1


def _loaded(path):
    import importlib.util

    name = os.path.splitext(os.path.basename(path))[0]
    specification = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(specification)
    # Its own objects can be pickled only where it is found by its name.
    sys.modules[name] = module
    specification.loader.exec_module(module)
    if not callable(getattr(module, "run", None)):
        raise EntryScriptError("The entry script {} has no function run(mini_batch).".format(path))
    return module
