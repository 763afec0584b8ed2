"""``from azureml.data.azure_storage_datastore import AzureBlobDatastore``: every datastore is a folder."""

from runledger.azureml_v1.datastore import Datastore

AbstractAzureStorageDatastore = AzureBlobDatastore = AzureFileDatastore = Datastore

__all__ = ["AbstractAzureStorageDatastore", "AzureBlobDatastore", "AzureFileDatastore"]
