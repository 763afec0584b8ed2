"""Which runs of an experiment a caller asked for."""

from runledger.azureml_v1.exceptions import UserErrorException
from runledger.errors import RunledgerError

STATUSES = (
    "NotStarted",
    "Starting",
    "Provisioning",
    "Preparing",
    "Queued",
    "Running",
    "Finalizing",
    "CancelRequested",
    "Completed",
    "Failed",
    "Canceled",
    "NotResponding",
)
"""Every status of the SDK. ``Provisioning`` never occurs here."""


class RunFilter:
    """The conditions of ``get_runs``; all that are given must hold. Raises ``UserErrorException`` for a wrong one.

    ``tags`` and ``properties`` are a name, several names, or ``{name: value}``.
    """

    def __init__(self, run_type=None, tags=None, properties=None, status=None, include_children=False):
        if run_type is not None and not isinstance(run_type, str):
            raise UserErrorException("type must be a str, not {}.".format(type(run_type).__name__))
        if status is not None and status not in STATUSES:
            raise UserErrorException("status must be one of {}, not {!r}.".format(", ".join(STATUSES), status))
        self._type = run_type
        self._tags = _wanted(tags, "tags")
        self._properties = _wanted(properties, "properties")
        self._status = status
        self._include_children = include_children

    def matching(self, folders):
        """Those of ``folders`` that match, lazily and in their order. Runs that cannot be read are left out."""
        for folder in folders:
            try:
                is_match = self._matches(folder)
            except RunledgerError:
                continue
            if is_match:
                yield folder

    def _matches(self, folder):
        record = folder.run_json
        return (
            (self._include_children or record.get("parentId") is None)
            and self._type in (None, record.get("type"))
            and (self._tags is None or _holds(folder.view().tags, self._tags))
            and (self._properties is None or _holds(folder.view().properties, self._properties))
            and (self._status is None or folder.state()[0] == self._status)
        )


def _wanted(names, argument):
    if names is None or isinstance(names, (str, dict)):
        return names
    if isinstance(names, (list, tuple, set, frozenset)) and all(isinstance(name, str) for name in names):
        return names
    raise UserErrorException(
        "{} must be a name, a list of names or a dict of names and values, not {!r}.".format(argument, names)
    )


def _holds(found, wanted):
    if isinstance(wanted, str):
        return wanted in found
    if isinstance(wanted, dict):
        return all(
            name in found and found[name] == (None if value is None else str(value)) for name, value in wanted.items()
        )
    return all(name in found for name in wanted)
