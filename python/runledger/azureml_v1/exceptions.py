"""The exceptions of ``azureml.exceptions``, and the translation of Runledger's own into them."""

from runledger.errors import NewerFormatError, RunledgerError, UnloggableValueError


class AzureMLException(Exception):
    """The base of all of them. ``message`` is the text for a person."""

    def __init__(self, exception_message="", inner_exception=None, **kwargs):
        super().__init__(exception_message)
        self.message = exception_message
        self.inner_exception = inner_exception


class UserErrorException(AzureMLException):
    """The caller asked for something that cannot be."""


class ValueTypeException(UserErrorException, TypeError):
    """A value of a type that cannot be logged; the message names the argument."""


class NotAvailableException(UserErrorException, NotImplementedError):
    """A part of the SDK that this version of Runledger does not offer; the message says what to do instead."""


class WorkspaceException(AzureMLException):
    """A workspace that is missing, exists already, or cannot be used."""


class ProjectSystemException(AzureMLException):
    """A configuration of a project that cannot be used."""


class ExperimentExecutionException(AzureMLException):
    """A run that could not be carried out."""


class ExperimentException(AzureMLException):
    """Kept for ``except`` clauses, as ``ImageException`` and ``OptionalDependencyMissingException`` are."""


class ImageException(AzureMLException):
    """No image is built: see ``ExperimentException``."""


class OptionalDependencyMissingException(AzureMLException):
    """Nothing is optional here: see ``ExperimentException``."""


class ActivityFailedException(AzureMLException):
    """A run that was waited for has failed."""


class RunEnvironmentException(AzureMLException):
    """There is no run to be found in the environment."""


class ServiceException(AzureMLException):
    """The store refused a request, or holds no such thing."""


class RunConfigurationException(UserErrorException):
    """A run configuration that cannot be used."""


class ComputeTargetException(AzureMLException):
    """There is no compute target of that name, or it cannot be made."""


class WebserviceException(AzureMLException):
    """A web service that does not exist: Runledger deploys nothing."""


class ModelNotFoundException(WebserviceException):
    """There is no such model."""


class ModelPathNotFoundException(WebserviceException):
    """A file or folder that was to be registered as a model does not exist."""


class SnapshotException(AzureMLException):
    """A snapshot of the code that cannot be taken."""


class TrainingException(AzureMLException):
    """A training run that could not be carried out."""


class DatasetTimestampMissingError(AzureMLException):
    """A data set has no column of times."""


class AuthenticationException(AzureMLException):
    """Kept for ``except`` clauses: there is nothing to log in to."""


def translation(error):
    """The exception of this module that stands for one of Runledger's own."""
    if isinstance(error, UnloggableValueError):
        return ValueTypeException(str(error), error)
    if isinstance(error, NewerFormatError):
        return ServiceException(str(error), error)
    return UserErrorException(str(error), error)


def translated(function):
    """Makes ``function`` raise the exceptions of this module in place of Runledger's own."""

    def call(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except RunledgerError as error:
            raise translation(error) from None

    # As `functools.wraps` does, which is a module more to load.
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(call, name, getattr(function, name))
    call.__wrapped__ = function
    return call
