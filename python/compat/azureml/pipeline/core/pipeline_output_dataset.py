"""``from azureml.pipeline.core.pipeline_output_dataset import PipelineOutputFileDataset``."""

from runledger.azureml_v1.pipeline.data import PipelineOutputFileDataset, PipelineOutputTabularDataset

__all__ = ["PipelineOutputFileDataset", "PipelineOutputTabularDataset"]
