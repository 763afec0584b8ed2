"""What of the SDK is not offered, and what to do instead. ``docs/azureml-compatibility.md`` lists the same."""

_SUBMIT = (
    "Submit the script with the command Runledger: Submit in VS Code, or in a terminal with runledger run "
    "submit-script; Experiment.get_runs finds the run, and run.wait_for_completion waits for it."
)
_CHILDREN = "Start a run of its own with Experiment.start_logging, and tag it with the id of the run it belongs to."
_MODEL = "Keep the model with run.upload_file, and read it back with run.download_file."
_SECRET = "Read it from an environment variable with os.environ."
_DATA = "Read the data from a file or folder, whose path is an argument of the script."
_COMPUTE = "Runs are carried out on this machine: the target is local."
_ENVIRONMENT = "Choose the interpreter of a Python environment in the run configuration."
_WEB_SERVICE = "Load the model in a web server of your own: Runledger deploys nothing."
_EXPERIMENT_TAG = "Tag the experiment's runs with run.tag."
_ARCHIVE = "Experiments are not archived; start a new one under another name."
_STORE = "Keep large files in a folder of the project, and small ones with run.upload_file."

RUN_METHODS = {
    "add_type_provider": "All runs are of the class Run; run.type says what they are.",
    "child_run": _CHILDREN,
    "create_children": _CHILDREN,
    "get_children": _CHILDREN + " Experiment.get_runs(tags=...) finds them.",
    "get_environment": "run.get_details()['runDefinition']['environment'] names the interpreter of a submitted run.",
    "get_secret": _SECRET,
    "get_secrets": _SECRET,
    "register_model": _MODEL,
    "submit_child": _SUBMIT,
}
RUN_PROPERTIES = {"input_datasets": _DATA, "output_datasets": _DATA}

EXPERIMENT_METHODS = {
    "archive": _ARCHIVE,
    "delete": "Delete its runs in VS Code, where they can be restored from the trash.",
    "reactivate": _ARCHIVE,
    "remove_tags": _EXPERIMENT_TAG,
    "set_tags": _EXPERIMENT_TAG,
    "submit": _SUBMIT,
    "tag": _EXPERIMENT_TAG,
}
EXPERIMENT_PROPERTIES = {"tags": _EXPERIMENT_TAG}

WORKSPACE_METHODS = {
    "delete": "To delete a workspace with all its runs, remove the folder .runledger from its folder yourself.",
    "get_default_compute_target": _COMPUTE,
    "get_default_datastore": _STORE,
    "get_default_keyvault": _SECRET,
    "get_mlflow_tracking_uri": "Give MLflow a folder of its own, as mlflow.set_tracking_uri('file:./mlruns').",
    "set_default_datastore": _STORE,
}
WORKSPACE_PROPERTIES = {
    "compute_targets": _COMPUTE,
    "datasets": _DATA,
    "datastores": _STORE,
    "environments": _ENVIRONMENT,
    "images": _WEB_SERVICE,
    "models": _MODEL,
    "webservices": _WEB_SERVICE,
}

CORE_NAMES = {
    "ComputeTarget": _COMPUTE,
    "ContainerRegistry": "Scripts run without a container.",
    "Dataset": _DATA,
    "Datastore": _STORE,
    "Environment": _ENVIRONMENT,
    "Image": _WEB_SERVICE,
    "Keyvault": _SECRET,
    "LinkedService": _DATA,
    "Model": _MODEL,
    "RunConfiguration": _SUBMIT,
    "ScriptRun": _SUBMIT,
    "ScriptRunConfig": _SUBMIT,
    "Webservice": _WEB_SERVICE,
}
EXCEPTION_NAMES = {
    "ComputeTargetException": _COMPUTE,
    "ModelNotFoundException": _MODEL,
    "RunConfigurationException": _SUBMIT,
    "SnapshotException": _SUBMIT,
    "WebserviceException": _WEB_SERVICE,
}
MODULES = {
    "azureml._restclient": "Leave the import out; .amlignore names what stays out of a snapshot.",
    "azureml.automl": "Submit a script that searches with a library of your choice.",
    "azureml.contrib": "Runledger offers azureml.core, and of it what its documentation lists.",
    "azureml.core.compute": _COMPUTE,
    "azureml.core.compute_target": _COMPUTE,
    "azureml.core.conda_dependencies": _ENVIRONMENT,
    "azureml.core.container_registry": "Scripts run without a container.",
    "azureml.core.dataset": _DATA,
    "azureml.core.datastore": _STORE,
    "azureml.core.environment": _ENVIRONMENT,
    "azureml.core.image": _WEB_SERVICE,
    "azureml.core.keyvault": _SECRET,
    "azureml.core.model": _MODEL,
    "azureml.core.resource_configuration": _WEB_SERVICE,
    "azureml.core.runconfig": _SUBMIT,
    "azureml.core.script_run": _SUBMIT,
    "azureml.core.script_run_config": _SUBMIT,
    "azureml.core.webservice": _WEB_SERVICE,
    "azureml.data": _DATA,
    "azureml.interpret": "Use the library interpret, and log what it finds with the methods of Run.",
    "azureml.mlflow": "Give MLflow a folder of its own, as mlflow.set_tracking_uri('file:./mlruns').",
    "azureml.opendatasets": _DATA,
    "azureml.pipeline": "Submit the steps one after another, each as a script.",
    "azureml.telemetry": "Nothing is sent anywhere; leave the import out.",
    "azureml.tensorboard": "Point TensorBoard at the folder that the script writes its events to.",
    "azureml.train": "Submit the script once for each set of arguments.",
    "azureml.widgets": "The run's page in VS Code shows it live; run.get_portal_url() gives the link that opens it.",
}
