"""Code written for ``azureml.core`` on Runledger's store. Not a namespace: no part of another ``azureml`` is merged in."""

import sys

from runledger.azureml_v1.cloud_names import CLOUD_MODULES
from runledger.azureml_v1.not_available import CloudModules, ModuleRefusal
from runledger.azureml_v1.unavailable_names import MODULES

if not any(isinstance(finder, ModuleRefusal) for finder in sys.meta_path):
    sys.meta_path.append(CloudModules(CLOUD_MODULES))
    sys.meta_path.append(ModuleRefusal(MODULES))
