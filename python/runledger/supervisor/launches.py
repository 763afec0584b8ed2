"""What to launch, as the caller wrote it on stdin: one run, or several that are started as one."""

import json

from runledger.supervisor.specification import LaunchSpecification, SpecificationError


class Launches:
    """``value``: the launch of the first run; ``array.tasks`` has, by place, what is not so for the run of that place."""

    def __init__(self, value):
        self.value = value
        array = value.get("array")
        if array is not None and not (
            isinstance(array, dict)
            and isinstance(array.get("name"), str)
            and isinstance(array.get("limit"), (int, type(None)))
            and isinstance(array.get("tasks"), dict)
            and array["tasks"]
            and all(place.isdigit() and isinstance(task, dict) for place, task in array["tasks"].items())
        ):
            raise SpecificationError("The launch specification's array is not one.")
        self._array = array

    @classmethod
    def parse(cls, data):
        """Reads ``data`` (bytes). Raises ``SpecificationError``."""
        try:
            value = json.loads(data.decode("utf-8"))
        except ValueError as error:
            raise SpecificationError("The launch specification is not JSON: {}.".format(error)) from None
        if not isinstance(value, dict):
            raise SpecificationError("The launch specification is not a JSON object.")
        return cls(value)

    @property
    def array_name(self):
        """What the runs of the array have in common as a name; ``None`` where there is one run."""
        return None if self._array is None else self._array["name"]

    @property
    def limit(self):
        """How many go on at a time; ``None`` for as many as can."""
        return None if self._array is None else self._array["limit"]

    @property
    def places(self):
        """Of the runs, in order; ``[None]`` where there is one that is in no array."""
        return [None] if self._array is None else sorted(int(place) for place in self._array["tasks"])

    def specification(self, place=None):
        """The ``LaunchSpecification`` of the run at ``place``. Raises ``SpecificationError``."""
        value = {name: field for name, field in self.value.items() if name != "array"}
        if self._array is not None:
            task = self._array["tasks"].get(str(place))
            if task is None:
                raise SpecificationError("The launch specification's array has no run {}.".format(place))
            value.update(task)
            if value.get("runId") != "{}_{}".format(self.array_name, place):
                raise SpecificationError("The run {} is not that of place {}.".format(value.get("runId"), place))
        return LaunchSpecification(value)
