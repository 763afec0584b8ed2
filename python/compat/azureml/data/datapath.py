"""``from azureml.data.datapath import DataPath``."""

from runledger.azureml_v1.data_reference import DataPath, DataPathComputeBinding

__all__ = ["DataPath", "DataPathComputeBinding"]
