"""``azureml._restclient.constants``: limits of the cloud. They may be set, and limit nothing here."""

SNAPSHOT_MAX_SIZE_BYTES = 300 * 1024 * 1024
SNAPSHOT_BATCH_SIZE = 500
