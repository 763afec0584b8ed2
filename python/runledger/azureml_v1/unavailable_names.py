"""What of the SDK is not offered, and what to do instead. ``docs/azureml-compatibility.md`` lists the same."""

_WEB_SERVICE = "Load the model in a web server of your own: Runledger deploys nothing."

RUN_METHODS = {
    "add_type_provider": "Runs have the class of their type: Run, ScriptRun, HyperDriveRun, PipelineRun or StepRun.",
}
RUN_PROPERTIES = {}

MODEL_METHODS = {
    "deploy": _WEB_SERVICE,
    "package": _WEB_SERVICE,
    "print_configuration": _WEB_SERVICE,
    "profile": _WEB_SERVICE,
}

_SUBMIT_AGAIN = "Keep the script that makes the pipeline, and submit it again with Experiment.submit."
PIPELINE_METHODS = {
    "service_endpoint": _SUBMIT_AGAIN,
}
PIPELINE_RUN_METHODS = {
    "get_graph": "run.get_steps() has the steps that were started.",
    "save": _SUBMIT_AGAIN,
}

ENVIRONMENT_METHODS = {
    "from_docker_image": "Scripts run without a container.",
    "from_dockerfile": "Scripts run without a container.",
    "get_image_details": "Scripts run without a container.",
}

EXPERIMENT_METHODS = {
    "delete": "Delete its runs in VS Code, where they can be restored from the trash.",
}

WORKSPACE_METHODS = {
    "delete": "To delete a workspace with all its runs, remove the folder .runledger from its folder yourself.",
}
WORKSPACE_PROPERTIES = {
}
