"""``from azureml.core.datastore import Datastore``."""

from runledger.azureml_v1.datastore import Datastore

__all__ = ["Datastore"]
