"""``from azureml.pipeline.core.published_pipeline import PublishedPipeline``."""

from runledger.azureml_v1.pipeline.published import PublishedPipeline

__all__ = ["PublishedPipeline"]
