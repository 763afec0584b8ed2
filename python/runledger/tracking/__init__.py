"""Writing runs: the engine that both public APIs, ``runledger`` and ``azureml.core``, stand on."""
