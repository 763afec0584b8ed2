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
_TENSORBOARD = "Point TensorBoard at the folder that the script writes its events to."

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
    "azureml.contrib.services": ((), _REQUEST),
    "azureml.contrib.services.aml_request": (("AMLRequest", "rawhttp"), _REQUEST),
    "azureml.contrib.services.aml_response": (("AMLResponse",), _REQUEST),
    "azureml.contrib.train": ((), _LEARNING),
    "azureml.contrib.train.rl": (("Ray", "ReinforcementLearningEstimator", "WorkerConfiguration"), _LEARNING),
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
    "azureml.tensorboard": (("Tensorboard",), _TENSORBOARD),
    "azureml.tensorboard.export": (("export_to_tensorboard",), _TENSORBOARD),
    "azureml.train.automl": (("AutoMLConfig", "AutoMLStep"), _AUTOML),
    "azureml.train.automl.automlconfig": (("AutoMLConfig",), _AUTOML),
    "azureml.train.automl.run": (("AutoMLRun",), _AUTOML),
}
"""``{module: (names, what to do instead)}``. Those of which others begin with their name are packages."""
