"""The same calls for everyone: names, values and steps that vary, from a fixed seed."""

import random

NAMES = ["loss", "accuracy", "val/loss", "val/accuracy", "learning rate"]
NAMES += ["layer {}/norm".format(i) for i in range(15)]


def calls(count):
    """``count`` times ``(name, value, step)``: most values are floats, one in ten is an int; some steps go back."""
    numbers = random.Random(20)
    result = []
    for place in range(count):
        is_count = numbers.random() < 0.1
        value = numbers.randrange(1000) if is_count else numbers.gauss(0.0, 1.0) * 10.0 ** numbers.randrange(-4, 4)
        step = place - numbers.randrange(10) if numbers.random() < 0.05 and place > 10 else place
        result.append((numbers.choice(NAMES), value, step))
    return result
