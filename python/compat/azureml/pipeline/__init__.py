"""``azureml.pipeline``: ``core`` and ``steps``."""
