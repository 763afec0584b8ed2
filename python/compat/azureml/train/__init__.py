"""``azureml.train``: what submits training scripts."""
