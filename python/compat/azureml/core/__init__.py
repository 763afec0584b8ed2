"""``from azureml.core import Workspace, Experiment, Run``."""

from runledger import __version__ as VERSION
from runledger.azureml_v1.experiment import Experiment
from runledger.azureml_v1.not_available import refuse_import
from runledger.azureml_v1.run import Run
from runledger.azureml_v1.unavailable_names import CORE_NAMES
from runledger.azureml_v1.workspace import Workspace

__version__ = VERSION

__all__ = ["VERSION", "Experiment", "Run", "Workspace", "__version__"]

__getattr__ = refuse_import("azureml.core", CORE_NAMES)
