"""Which steps a pipeline has, and which comes after which."""

from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.pipeline.step import PipelineStep


class StepSequence:
    """Steps one after another. Steps in a list within are not ordered among themselves.

    ``StepSequence([[a, b], c])`` runs ``a`` and ``b`` first, then ``c``.
    """

    def __init__(self, steps=None):
        self.steps = list(steps or [])

    def append(self, step):
        """Adds a step, or a list of steps, at the end."""
        self.steps.append(step)

    def __iter__(self):
        return iter(self.steps)


class Graph:
    """The steps of a pipeline, ``steps`` as they were given, each after its predecessors.

    With ``resolve_closure`` the steps that those given depend on belong to it as well. Raises ``UserErrorException``
    for steps that wait for each other, an output that two steps write, and an input that no step writes.
    """

    def __init__(self, steps, resolve_closure=True):
        self._sequences = {}
        self.steps = []
        self.producers = {}
        """``{output: the step that writes it}``."""
        self.predecessors = {}
        """``{step: [steps]}``, those whose outputs it reads included."""
        given = self._flattened(steps)
        if not given:
            raise UserErrorException("steps: a pipeline needs a step.")
        for step in given:
            self._add(step)
        index = 0
        while index < len(self.steps):
            self._connect(self.steps[index], resolve_closure)
            index += 1
        self.steps = self._ordered()

    def _flattened(self, item, where="steps"):
        if isinstance(item, PipelineStep):
            return [item]
        if isinstance(item, StepSequence):
            found, before = [], []
            for part in item:
                these = self._flattened(part)
                for step in these:
                    self._sequences.setdefault(step, []).extend(before)
                found, before = found + these, these or before
            return found
        if isinstance(item, (list, tuple)):
            return [step for part in item for step in self._flattened(part)]
        raise UserErrorException("{}: {!r} is no step of a pipeline.".format(where, item))

    def _add(self, step):
        if step in self.steps:
            return
        self.steps.append(step)
        for output in step._writes:
            other = self.producers.setdefault(output, step)
            if other is not step:
                raise UserErrorException(
                    "The steps {!r} and {!r} both have {!r} among their outputs: give each its own.".format(
                        other.name, step.name, output.name
                    )
                )

    def _connect(self, step, resolve_closure):
        before = list(self._sequences.get(step, [])) + step._predecessors
        for read in step._reads:
            producer = self.producers.get(read._origin) or read._origin._producer
            if producer is None:
                raise UserErrorException(
                    "The step {!r} reads {!r}, which no step writes: put it among the outputs of one.".format(
                        step.name, read._origin.name
                    )
                )
            before.append(producer)
        found = []
        for other in before:
            if other not in found:
                found.append(other)
            if other not in self.steps:
                if not resolve_closure:
                    raise UserErrorException(
                        "The step {!r} comes after {!r}, which is not among the steps of the pipeline. Add it, or leave "
                        "resolve_closure out.".format(step.name, other.name)
                    )
                self._add(other)
        self.predecessors[step] = found

    def _ordered(self):
        ordered, waiting = [], list(self.steps)
        while waiting:
            ready = [step for step in waiting if all(other in ordered for other in self.predecessors[step])]
            if not ready:
                raise UserErrorException(
                    "Steps of the pipeline wait for each other: {}. Take one of these dependencies away.".format(
                        self._cycle(waiting)
                    )
                )
            ordered += ready
            waiting = [step for step in waiting if step not in ready]
        return ordered

    def _cycle(self, waiting):
        """One cycle among steps each of which has a predecessor among them, in the order in which they would run."""
        path, step = [], waiting[0]
        while step not in path:
            path.append(step)
            step = next(other for other in self.predecessors[step] if other in waiting)
        names = [other.name for other in path[path.index(step) :]]
        return " -> ".join(reversed(names + names[:1]))
