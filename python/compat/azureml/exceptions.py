"""``from azureml.exceptions import UserErrorException``."""

from runledger.azureml_v1.exceptions import (
    ActivityFailedException,
    AuthenticationException,
    AzureMLException,
    ComputeTargetException,
    DatasetTimestampMissingError,
    ExperimentExecutionException,
    ModelNotFoundException,
    ModelPathNotFoundException,
    NotAvailableException,
    ProjectSystemException,
    RunConfigurationException,
    RunEnvironmentException,
    ServiceException,
    SnapshotException,
    TrainingException,
    UserErrorException,
    ValueTypeException,
    WebserviceException,
    WorkspaceException,
)
from runledger.azureml_v1.not_available import refuse_import
from runledger.azureml_v1.unavailable_names import EXCEPTION_NAMES

__all__ = [
    "ActivityFailedException",
    "AuthenticationException",
    "AzureMLException",
    "ComputeTargetException",
    "DatasetTimestampMissingError",
    "ExperimentExecutionException",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "NotAvailableException",
    "ProjectSystemException",
    "RunConfigurationException",
    "RunEnvironmentException",
    "ServiceException",
    "SnapshotException",
    "TrainingException",
    "UserErrorException",
    "ValueTypeException",
    "WebserviceException",
    "WorkspaceException",
]

__getattr__ = refuse_import("azureml.exceptions", EXCEPTION_NAMES)
