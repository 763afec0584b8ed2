"""Which rows, or files, of a data set the operations on it leave."""

import random


def draws_of(seed):
    """The beginning of an operation that leaves what is drawn between two numbers; without ``seed`` a new one."""
    return {"kind": "draw", "seed": random.SystemRandom().randrange(2**31) if seed is None else int(seed)}


def kept_indexes(count, operation):
    """The indexes below ``count`` that ``operation`` leaves; ``None`` where it is not one on rows."""
    kind = operation["kind"]
    if kind == "take":
        return range(min(max(operation["count"], 0), count))
    if kind == "skip":
        return range(min(max(operation["count"], 0), count), count)
    if kind == "draw":
        numbers = random.Random(operation["seed"])
        low, high = operation["low"], operation["high"]
        # All are below 1, so that a share of 1 leaves everything.
        return [index for index in range(count) if low <= numbers.random() < high]
    return None


def selected(items, operation):
    """Those of the list ``items`` that ``operation`` leaves."""
    indexes = kept_indexes(len(items), operation)
    return items if indexes is None else [items[index] for index in indexes]
