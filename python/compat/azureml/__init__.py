"""Code written for ``azureml.core`` on Runledger's store. Not a namespace: no part of another ``azureml`` is merged in."""
