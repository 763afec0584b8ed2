"""``azureml.train.hyperdrive``: sweeps over hyperparameters."""
