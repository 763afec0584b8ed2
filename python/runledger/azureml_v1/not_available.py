"""Names of the SDK that exist, and that this version of Runledger does not offer."""

_TEXT = "{}.{} is not available in this version of Runledger."


def refuse_import(module, names):
    """A module ``__getattr__`` that raises ``ImportError`` for ``names``, saying why."""

    def refuse(name):
        if name in names:
            raise ImportError(_TEXT.format(module, name), name=module)
        raise AttributeError("module {!r} has no attribute {!r}".format(module, name))

    return refuse


def refuse_attributes(class_name, names):
    """A class ``__getattr__`` whose ``AttributeError`` says of ``names`` why they are missing."""

    def refuse(self, name):
        if name in names:
            raise AttributeError(_TEXT.format(class_name, name))
        raise AttributeError("{!r} object has no attribute {!r}".format(type(self).__name__, name))

    return refuse


RUN_ATTRIBUTES = frozenset(
    (
        "child_run",
        "create_children",
        "download_files",
        "get_all_logs",
        "get_children",
        "get_details_with_logs",
        "get_environment",
        "get_secret",
        "get_secrets",
        "get_snapshot_id",
        "input_datasets",
        "output_datasets",
        "register_model",
        "restore_snapshot",
        "submit_child",
        "upload_files",
        "upload_folder",
        "wait_for_completion",
    )
)
EXPERIMENT_ATTRIBUTES = frozenset(("archive", "delete", "list", "reactivate", "submit", "tag", "tags"))
WORKSPACE_ATTRIBUTES = frozenset(
    (
        "compute_targets",
        "datasets",
        "datastores",
        "delete",
        "environments",
        "get_default_compute_target",
        "get_default_datastore",
        "get_default_keyvault",
        "get_mlflow_tracking_uri",
        "images",
        "models",
        "set_default_datastore",
        "webservices",
    )
)
