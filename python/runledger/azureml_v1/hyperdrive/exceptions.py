"""The exceptions of ``azureml.train.hyperdrive.exceptions``."""

from runledger.azureml_v1.exceptions import TrainingException, UserErrorException


class HyperDriveException(TrainingException):
    """The base of all of them."""


class HyperDriveConfigException(HyperDriveException, UserErrorException):
    """An argument of a sweep that makes no sense; the message names it."""


class HyperDriveScenarioNotSupportedException(HyperDriveException, UserErrorException):
    """Arguments of a sweep that do not go together."""


class HyperDriveNotImplementedException(HyperDriveException, UserErrorException):
    """Kept for ``except`` clauses."""


class HyperDriveRehydrateException(HyperDriveException, UserErrorException):
    """A run that is no sweep, or cannot be read as one."""
