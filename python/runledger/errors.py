"""Errors that a person can act on: what happened, where, and what to do next."""


class RunledgerError(Exception):
    """The base of everything that Runledger refuses. ``advice`` says what to do next, where there is something."""

    def __init__(self, message, advice=None):
        super().__init__(message if advice is None else "{} {}".format(message, advice))
        self.advice = advice


class InvalidNameError(RunledgerError, ValueError):
    """A name that the store cannot hold."""


class InvalidArgumentError(RunledgerError, ValueError):
    """An argument whose value makes no sense; the message names it."""


class UnloggableValueError(InvalidArgumentError, TypeError):
    """A value of a type that cannot be logged; the message names the argument."""


class NotFoundError(RunledgerError):
    """A workspace, experiment, run or file that does not exist."""


class AlreadyExistsError(RunledgerError):
    """Something that was to be created is there already."""


class UnreadableError(RunledgerError):
    """A file of the store that is damaged."""


class NewerFormatError(UnreadableError):
    """A store, or a run, written by a newer version of Runledger."""


class NotWritableError(RunledgerError, OSError):
    """The store cannot be written: permissions, or a full disk."""


def creation_error(error, what, path):
    """Turns an ``OSError`` met while creating ``what`` (as "the run") at ``path`` into a ``NotWritableError``."""
    import errno

    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return NotWritableError(
            "Cannot create {}: no space is left for {}.".format(what, path),
            "Free some space, then try again. Nothing that was stored before is affected.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotWritableError(
            "Cannot create {}: {} cannot be written.".format(what, path),
            "Check the permissions of the folder, or choose another one.",
        )
    return NotWritableError("Cannot create {} in {}: {}.".format(what, path, error.strerror or error))
