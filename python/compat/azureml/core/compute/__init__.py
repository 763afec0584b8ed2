"""``from azureml.core.compute import ComputeTarget, AmlCompute``."""

from runledger.azureml_v1.cloud_names import CLOUD_MEMBERS
from runledger.azureml_v1.compute_target import (
    AdlaCompute,
    AksCompute,
    AmlCompute,
    BatchCompute,
    ComputeInstance,
    ComputeTarget,
    DataFactoryCompute,
    DatabricksCompute,
    DsvmCompute,
    HDInsightCompute,
    KubernetesCompute,
    RemoteCompute,
    SynapseCompute,
)
from runledger.azureml_v1.exceptions import ComputeTargetException
from runledger.azureml_v1.not_available import cloud_members

globals().update(cloud_members(__name__, CLOUD_MEMBERS[__name__]))

__all__ = [
    *CLOUD_MEMBERS[__name__],
    "AdlaCompute",
    "AksCompute",
    "AmlCompute",
    "BatchCompute",
    "ComputeInstance",
    "ComputeTarget",
    "ComputeTargetException",
    "DataFactoryCompute",
    "DatabricksCompute",
    "DsvmCompute",
    "HDInsightCompute",
    "KubernetesCompute",
    "RemoteCompute",
    "SynapseCompute",
]
