"""The behaviour of Azure ML's SDK version 1 on Runledger's store. ``azureml.core`` is a thin front of this package."""
