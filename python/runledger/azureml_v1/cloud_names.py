"""Modules whose classes are of the cloud alone: they can be imported, and say what to do when they are used."""

_WEB_SERVICE = "Load the model in a web server of your own: Runledger deploys nothing."
_AUTOML = "Submit a script that searches with a library of your choice."
_INTERPRET = "Use the library interpret, and log what it finds with the methods of Run."
_DATA = "Read the data from a file, a folder or an address with Dataset.Tabular or Dataset.File."
_LINK = "Bring the data into a datastore with Datastore.upload."
_REQUEST = "Take requests with the web framework of your choice."
_NOTEBOOK = "Convert the notebook to a script with jupyter nbconvert, and submit that."
_FAIRNESS = "Use the library fairlearn, and log what it finds with the methods of Run."
_LEARNING = "Submit a script that uses a library of your choice."
_OUTPUT = "Give PipelineData or OutputFileDatasetConfig to the steps themselves."
_PUBLISHED = "Keep the script that makes the pipeline, and submit it again with Experiment.submit."
_SCHEDULE = "Let cron, or what your system has for it, start the script that submits the pipeline."
_SCRIPT_STEP = "Use a PythonScriptStep whose script does it."
_BATCH_STEP = "Import ParallelRunConfig and ParallelRunStep from azureml.pipeline.steps."
_MONITORING = "Log what a script finds about new data with the methods of Run."
_CONTAINER = "Put the text of a Dockerfile into environment.docker.base_dockerfile."
_R = "Use a CommandStep that calls Rscript."
_INPUT = "Give data sets, PipelineData or OutputFileDatasetConfig to the run itself."
_SPARK = "Submit a script that starts Spark itself."
_TENSORBOARD = "Point TensorBoard at the folder that the script writes its events to."

CLOUD_MEMBERS = {
    "azureml.core.compute": {"KustoCompute": _SCRIPT_STEP},
    "azureml.core.environment": {
        "DockerBuildContext": _CONTAINER,
        "RCranPackage": _R,
        "RGitHubPackage": _R,
        "RSection": _R,
    },
    "azureml.core.runconfig": {
        "Data": _INPUT,
        "DataLocation": _INPUT,
        "Dataset": _INPUT,
        "EggLibrary": _SPARK,
        "HdiConfiguration": _SPARK,
        "JarLibrary": _SPARK,
        "MavenLibrary": _SPARK,
        "OutputData": _OUTPUT,
        "ParallelTaskConfiguration": "Use a ParallelRunStep.",
        "PyPiLibrary": "Use CondaDependencies.add_pip_package.",
        "RCranLibrary": _R,
        "RCranPackage": _R,
        "SparkConfiguration": _SPARK,
        "SparkPackage": _SPARK,
    },
    "azureml.data": {
        "HDFSOutputDatasetConfig": _OUTPUT,
        "LinkFileOutputDatasetConfig": _OUTPUT,
        "LinkTabularOutputDatasetConfig": _OUTPUT,
    },
    "azureml.pipeline.core.graph": {
        "Graph": "pipeline.steps has the steps.",
        "InputPortBinding": _OUTPUT,
        "InputPortDef": _OUTPUT,
        "OutputPortBinding": _OUTPUT,
        "OutputPortDef": _OUTPUT,
    },
}
"""``{module: {class: what to do instead}}``; other classes of these modules are there."""

CLOUD_MODULES = {
    "azureml.automl": ((), _AUTOML),
    "azureml.automl.core": ((), _AUTOML),
    "azureml.automl.core.featurization": (("FeaturizationConfig",), _AUTOML),
    "azureml.automl.core.forecasting_parameters": (("ForecastingParameters",), _AUTOML),
    "azureml.automl.runtime": ((), _AUTOML),
    "azureml.automl.runtime.onnx_convert": (("OnnxConverter", "OnnxInferenceHelper"), _AUTOML),
    "azureml.contrib": ((), "Runledger offers azureml.core, and of it what its documentation lists."),
    "azureml.contrib.fairness": (("download_dashboard_by_upload_id", "upload_dashboard_dictionary"), _FAIRNESS),
    "azureml.contrib.interpret": (("ExplanationClient",), _INTERPRET),
    "azureml.contrib.notebook": (("AzureMLNotebookHandler", "NotebookRunConfig", "NotebookRunnerStep"), _NOTEBOOK),
    "azureml.contrib.pipeline": ((), _BATCH_STEP),
    "azureml.contrib.pipeline.steps": (("ParallelRunConfig", "ParallelRunStep"), _BATCH_STEP),
    "azureml.contrib.services": ((), _REQUEST),
    "azureml.contrib.services.aml_request": (("AMLRequest", "rawhttp"), _REQUEST),
    "azureml.contrib.services.aml_response": (("AMLResponse",), _REQUEST),
    "azureml.contrib.train": ((), _LEARNING),
    "azureml.contrib.train.rl": (("Ray", "ReinforcementLearningEstimator", "WorkerConfiguration"), _LEARNING),
    "azureml.core.databricks": (
        ("EggLibrary", "JarLibrary", "MavenLibrary", "PyPiLibrary", "RCranLibrary"),
        _SCRIPT_STEP,
    ),
    "azureml.core.image": (("ContainerImage", "Image"), _WEB_SERVICE),
    "azureml.core.image.container": (("ContainerImage",), _WEB_SERVICE),
    "azureml.core.linked_service": (("LinkedService", "SynapseWorkspaceLinkedServiceConfiguration"), _LINK),
    "azureml.core.webservice": (
        ("AciWebservice", "AksEndpoint", "AksWebservice", "LocalWebservice", "Webservice"),
        _WEB_SERVICE,
    ),
    "azureml.core.webservice.aci": (("AciServiceDeploymentConfiguration", "AciWebservice"), _WEB_SERVICE),
    "azureml.core.webservice.aks": (("AksServiceDeploymentConfiguration", "AksWebservice"), _WEB_SERVICE),
    "azureml.core.webservice.local": (("LocalWebservice",), _WEB_SERVICE),
    "azureml.core.webservice.webservice": (("Webservice",), _WEB_SERVICE),
    "azureml.data.sql_data_reference": (("SqlDataReference",), _LINK),
    "azureml.interpret": (("ExplanationClient", "MimicWrapper"), _INTERPRET),
    "azureml.interpret.scoring": ((), _INTERPRET),
    "azureml.interpret.scoring.scoring_explainer": (
        (
            "DeepScoringExplainer",
            "KernelScoringExplainer",
            "LinearScoringExplainer",
            "ScoringExplainer",
            "TreeScoringExplainer",
            "load",
            "save",
        ),
        _INTERPRET,
    ),
    "azureml.opendatasets": (
        (
            "Diabetes",
            "MNIST",
            "NoaaIsdWeather",
            "NycTlcGreen",
            "NycTlcYellow",
            "OjSalesSimulated",
            "PublicHolidays",
        ),
        _DATA,
    ),
    "azureml.pipeline.core.module": (("Module", "ModuleVersion"), _SCRIPT_STEP),
    "azureml.pipeline.core.pipeline_draft": (("PipelineDraft",), _PUBLISHED),
    "azureml.pipeline.core.pipeline_endpoint": (("PipelineEndpoint",), _PUBLISHED),
    "azureml.pipeline.core.schedule": (("Schedule", "ScheduleRecurrence", "TimeZone"), _SCHEDULE),
    "azureml.pipeline.steps.adla_step": (("AdlaStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.azurebatch_step": (("AzureBatchStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.data_transfer_step": (("DataTransferStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.databricks_step": (("DatabricksStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.kusto_step": (("KustoStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.module_step": (("ModuleStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.mpi_step": (("MpiStep",), _SCRIPT_STEP),
    "azureml.pipeline.steps.r_script_step": (("RScriptStep",), "Use a CommandStep that calls Rscript."),
    "azureml.pipeline.steps.synapse_spark_step": (("SynapseSparkStep",), _SCRIPT_STEP),
    "azureml.tensorboard": (("Tensorboard",), _TENSORBOARD),
    "azureml.tensorboard.export": (("export_to_tensorboard",), _TENSORBOARD),
    "azureml.train.automl": (("AutoMLConfig", "AutoMLStep", "AutoMLStepRun"), _AUTOML),
    "azureml.train.automl.automlconfig": (("AutoMLConfig",), _AUTOML),
    "azureml.train.automl.run": (("AutoMLRun",), _AUTOML),
    "azureml.train.automl.runtime": (("AutoMLStep", "AutoMLStepRun"), _AUTOML),
}
"""``{module: (names, what to do instead)}``. Those of which others begin with their name are packages."""

CLOUD_FAMILIES = {
    "azureml.accel": _WEB_SERVICE,
    "azureml.automl": _AUTOML,
    "azureml.contrib": "Runledger offers azureml.core, and of it what its documentation lists.",
    "azureml.datadrift": _MONITORING,
    "azureml.dataprep": _DATA,
    "azureml.explain": _INTERPRET,
    "azureml.fsspec": _DATA,
    "azureml.interpret": _INTERPRET,
    "azureml.monitoring": _MONITORING,
    "azureml.opendatasets": _DATA,
    "azureml.responsibleai": _INTERPRET,
    "azureml.studio": _SCRIPT_STEP,
    "azureml.train.automl": _AUTOML,
}
"""``{package: what to do instead}``. Any other module inside them can be imported too, and any name from it."""
