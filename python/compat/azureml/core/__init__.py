"""``from azureml.core import Workspace, Experiment, Run``."""

from azureml.core.image import Image
from azureml.core.linked_service import LinkedService
from azureml.core.webservice import Webservice
from runledger import __version__ as VERSION
from runledger.azureml_v1.compute_target import ComputeTarget
from runledger.azureml_v1.dataset_factory import Dataset
from runledger.azureml_v1.datastore import Datastore
from runledger.azureml_v1.environment import Environment
from runledger.azureml_v1.experiment import Experiment
from runledger.azureml_v1.keyvault import Keyvault
from runledger.azureml_v1.not_available import refuse_import
from runledger.azureml_v1.model import Model
from runledger.azureml_v1.run import Run, ScriptRun
from runledger.azureml_v1.run_configuration import RunConfiguration
from runledger.azureml_v1.script_run_config import ScriptRunConfig
from runledger.azureml_v1.unavailable_names import CORE_NAMES
from runledger.azureml_v1.workspace import Workspace

__version__ = VERSION

__all__ = [
    "ComputeTarget",
    "Dataset",
    "Datastore",
    "VERSION",
    "Environment",
    "Experiment",
    "Image",
    "Keyvault",
    "LinkedService",
    "Model",
    "Run",
    "RunConfiguration",
    "ScriptRun",
    "ScriptRunConfig",
    "Webservice",
    "Workspace",
    "__version__",
]

__getattr__ = refuse_import("azureml.core", CORE_NAMES)
