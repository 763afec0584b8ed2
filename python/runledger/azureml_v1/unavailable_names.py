"""What of the SDK is not offered, and what to do instead. ``docs/azureml-compatibility.md`` lists the same."""

_WEB_SERVICE = "Load the model in a web server of your own: Runledger deploys nothing."

RUN_METHODS = {
    "clean": "Delete the run in VS Code, where it can be restored from the trash.",
    "add_type_provider": "Runs have the class of their type: Run, ScriptRun, HyperDriveRun, PipelineRun or StepRun.",
}
RUN_PROPERTIES = {}

MODEL_METHODS = {
    "get_sas_urls": "model.url is the address of its file or folder, and model.download copies it.",
    "unpack": "model.download copies the file or folder; unpack it with shutil.unpack_archive.",
    "deploy": _WEB_SERVICE,
    "package": _WEB_SERVICE,
    "print_configuration": _WEB_SERVICE,
    "profile": _WEB_SERVICE,
}

_SUBMIT_AGAIN = "Keep the script that makes the pipeline, and submit it again with Experiment.submit."
PIPELINE_METHODS = {
    "service_endpoint": _SUBMIT_AGAIN,
}
_IN_PYTHON = "Make the ParallelRunConfig in Python: its arguments have the names of the file."
PARALLEL_RUN_METHODS = {
    "load_yaml": _IN_PYTHON,
    "save_to_yaml": _IN_PYTHON,
}
PIPELINE_RUN_METHODS = {
    "get_graph": "run.get_steps() has the steps that were started.",
    "save": _SUBMIT_AGAIN,
}

ENVIRONMENT_METHODS = {
    "get_image_details": "Ask docker image inspect.",
}

_AS_FRAME = "Use to_pandas_dataframe, and go on with the data frame."
_ANOTHER_VERSION = "Register another version, with register(..., create_new_version=True)."
_FILTER = "Name the files with wildcards: Dataset.File.from_files((datastore, 'data/*.csv'))."
DATASET_METHODS = {
    "add_tags": _ANOTHER_VERSION,
    "remove_tags": _ANOTHER_VERSION,
    "unregister_all_versions": "Remove its folder from .runledger/datasets yourself; the data stays where it is.",
    "update": _ANOTHER_VERSION,
}
TABULAR_DATASET_METHODS = {
    "filter": _AS_FRAME,
    "get_profile": "Use to_pandas_dataframe().describe().",
    "partition_by": "Write the parts with to_pandas_dataframe, and register them with partition_format.",
    "submit_profile_run": "Use to_pandas_dataframe().describe().",
    "to_csv_files": "Write the table with to_pandas_dataframe().to_csv(path).",
    "to_dask_dataframe": _AS_FRAME,
    "to_parquet_files": "Write the table with to_pandas_dataframe().to_parquet(path).",
    "to_spark_dataframe": _AS_FRAME,
}
FILE_DATASET_METHODS = {
    "as_cache": "Use as_mount: the files are on this machine already.",
    "file_metadata": "Use os.stat with the paths that download returns.",
    "filter": _FILTER,
}
TABULAR_FACTORY_METHODS = {
    "from_sql_query": "Read the data with a library, and give the data frame to register_pandas_dataframe.",
    "register_dask_dataframe": "Give a data frame of pandas to register_pandas_dataframe.",
    "register_spark_dataframe": "Give a data frame of pandas to register_pandas_dataframe.",
}
DATASET_CLASS_METHODS = {
    "auto_read_files": "Use Dataset.Tabular.from_delimited_files.",
    "from_binary_files": "Use Dataset.File.from_files.",
    "from_delimited_files": "Use Dataset.Tabular.from_delimited_files.",
    "from_parquet_files": "Use Dataset.Tabular.from_parquet_files.",
    "get": "Use Dataset.get_by_name.",
}
_READ_YOURSELF = "Read the data in the script with a library of your choice."
DATASTORE_METHODS = {
    "register_azure_my_sql": _READ_YOURSELF,
    "register_azure_postgre_sql": _READ_YOURSELF,
    "register_azure_sql_database": _READ_YOURSELF,
    "register_dbfs": _READ_YOURSELF,
    "register_hdfs": _READ_YOURSELF,
}

EXPERIMENT_METHODS = {
    "delete": "Delete its runs in VS Code, where they can be restored from the trash.",
    "from_directory": "Use Experiment(Workspace.from_config(path), name).",
}

_FOLDER = "A workspace is a folder of this machine, without keys, endpoints and resources: leave the call out."
WORKSPACE_METHODS = {
    "add_private_endpoint": _FOLDER,
    "diagnose_workspace": _FOLDER,
    "delete": "To delete a workspace with all its runs, remove the folder .runledger from its folder yourself.",
    "sync_keys": _FOLDER,
    "update": _FOLDER,
    "update_dependencies": _FOLDER,
}
WORKSPACE_PROPERTIES = {}

OTHER_CLASSES = {
    "Dataset": DATASET_CLASS_METHODS,
    "Dataset.Tabular": TABULAR_FACTORY_METHODS,
    "Datastore": DATASTORE_METHODS,
    "Environment": ENVIRONMENT_METHODS,
    "FileDataset": dict(DATASET_METHODS, **FILE_DATASET_METHODS),
    "Model": MODEL_METHODS,
    "ParallelRunConfig": PARALLEL_RUN_METHODS,
    "Pipeline": PIPELINE_METHODS,
    "PipelineRun": PIPELINE_RUN_METHODS,
    "TabularDataset": dict(DATASET_METHODS, **TABULAR_DATASET_METHODS),
}
"""``{class: {method: what to do instead}}``."""
