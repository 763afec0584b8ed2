"""``azureml.pipeline``: steps that run one after another, or side by side, and pass files on."""
