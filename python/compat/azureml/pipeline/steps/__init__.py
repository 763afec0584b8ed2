"""``from azureml.pipeline.steps import PythonScriptStep``."""

from azureml.pipeline.steps.adla_step import AdlaStep
from azureml.pipeline.steps.azurebatch_step import AzureBatchStep
from azureml.pipeline.steps.data_transfer_step import DataTransferStep
from azureml.pipeline.steps.databricks_step import DatabricksStep
from azureml.pipeline.steps.kusto_step import KustoStep
from azureml.pipeline.steps.module_step import ModuleStep
from azureml.pipeline.steps.mpi_step import MpiStep
from azureml.pipeline.steps.r_script_step import RScriptStep
from azureml.pipeline.steps.synapse_spark_step import SynapseSparkStep
from azureml.train.automl import AutoMLStep, AutoMLStepRun
from runledger.azureml_v1.pipeline.hyper_drive_step import HyperDriveStep, HyperDriveStepRun
from runledger.azureml_v1.pipeline.parallel_run_step import ParallelRunConfig, ParallelRunStep
from runledger.azureml_v1.pipeline.steps import CommandStep, EstimatorStep, PythonScriptStep

__all__ = [
    "AdlaStep",
    "AutoMLStep",
    "AutoMLStepRun",
    "AzureBatchStep",
    "CommandStep",
    "DataTransferStep",
    "DatabricksStep",
    "EstimatorStep",
    "HyperDriveStep",
    "HyperDriveStepRun",
    "KustoStep",
    "ModuleStep",
    "MpiStep",
    "ParallelRunConfig",
    "ParallelRunStep",
    "PythonScriptStep",
    "RScriptStep",
    "SynapseSparkStep",
]
