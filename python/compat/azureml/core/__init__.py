"""``from azureml.core import Workspace, Experiment, Run``. Each name is loaded at first use, so that a script starts fast."""

from runledger import __version__
from runledger.azureml_v1.lazy_names import lazy_names
from runledger.azureml_v1.script_globals import give_script_globals

VERSION = __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    # For editors, which follow no strings.
    from azureml.core.image import Image
    from azureml.core.linked_service import LinkedService, SynapseWorkspaceLinkedServiceConfiguration
    from azureml.core.webservice import Webservice
    from runledger.azureml_v1.compute_target import ComputeTarget
    from runledger.azureml_v1.dataset_factory import Dataset
    from runledger.azureml_v1.datastore import Datastore
    from runledger.azureml_v1.environment import ContainerRegistry, Environment
    from runledger.azureml_v1.experiment import Experiment
    from runledger.azureml_v1.keyvault import Keyvault
    from runledger.azureml_v1.model import Model
    from runledger.azureml_v1.run import Run, ScriptRun, get_run
    from runledger.azureml_v1.run_configuration import RunConfiguration
    from runledger.azureml_v1.script_run_config import ScriptRunConfig
    from runledger.azureml_v1.workspace import Workspace

__all__ = [
    "ComputeTarget",
    "ContainerRegistry",
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
    "SynapseWorkspaceLinkedServiceConfiguration",
    "Webservice",
    "Workspace",
    "__version__",
    "get_run",
]

_HOMES = {
    "ComputeTarget": "runledger.azureml_v1.compute_target",
    "ContainerRegistry": "runledger.azureml_v1.environment",
    "Dataset": "runledger.azureml_v1.dataset_factory",
    "Datastore": "runledger.azureml_v1.datastore",
    "Environment": "runledger.azureml_v1.environment",
    "Experiment": "runledger.azureml_v1.experiment",
    "Image": "azureml.core.image",
    "Keyvault": "runledger.azureml_v1.keyvault",
    "LinkedService": "azureml.core.linked_service",
    "Model": "runledger.azureml_v1.model",
    "Run": "runledger.azureml_v1.run",
    "RunConfiguration": "runledger.azureml_v1.run_configuration",
    "ScriptRun": "runledger.azureml_v1.run",
    "ScriptRunConfig": "runledger.azureml_v1.script_run_config",
    "SynapseWorkspaceLinkedServiceConfiguration": "azureml.core.linked_service",
    "Webservice": "azureml.core.webservice",
    "Workspace": "runledger.azureml_v1.workspace",
    "get_run": "runledger.azureml_v1.run",
}

__getattr__ = lazy_names(__name__, _HOMES)

give_script_globals()


def __dir__():
    return list(__all__)
