"""Code written for ``azureml.core`` on Runledger's store. Not a namespace: no part of another ``azureml`` is merged in."""

import sys

from runledger.azureml_v1.cloud_names import CLOUD_FAMILIES, CLOUD_MODULES
from runledger.azureml_v1.lazy_names import lazy_names
from runledger.azureml_v1.not_available import CloudModules

if not any(isinstance(finder, CloudModules) for finder in sys.meta_path):
    sys.meta_path.append(CloudModules(CLOUD_MODULES, CLOUD_FAMILIES))

__getattr__ = lazy_names(__name__, {})
