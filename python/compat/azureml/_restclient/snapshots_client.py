"""``azureml._restclient.snapshots_client``: limits of the cloud. They may be set, and limit nothing here."""

SNAPSHOT_MAX_SIZE_BYTES = 300 * 1024 * 1024
