"""Runledger: experiments and runs of machine learning, tracked in plain files on your own machine.

    import runledger

    with runledger.start_run("digits", params={"lr": 0.1}) as run:
        for step in range(100):
            run.log({"loss": 1 / (step + 1)}, step=step)
        run.register_model("digits", "model.pkl")

Callbacks for training libraries are in ``runledger.integrations``; ``runledger.autolog()`` logs what scikit-learn fits.

Importing this package reads no file and imports no other module of it: everything is loaded at first use.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    # For editors, which follow no strings.
    from runledger.api import Run, active_run, get_run, start_run
    from runledger.errors import RunledgerError
    from runledger.integrations.mlflow_uri import mlflow_tracking_uri
    from runledger.integrations.sklearn import autolog
    from runledger.model_api import Model, get_model, list_models, register_model

_HOMES = {
    "Model": "runledger.model_api",
    "Run": "runledger.api",
    "RunledgerError": "runledger.errors",
    "active_run": "runledger.api",
    "autolog": "runledger.integrations.sklearn",
    "get_model": "runledger.model_api",
    "get_run": "runledger.api",
    "list_models": "runledger.model_api",
    "mlflow_tracking_uri": "runledger.integrations.mlflow_uri",
    "register_model": "runledger.model_api",
    "start_run": "runledger.api",
}

__all__ = [
    "Model",
    "Run",
    "RunledgerError",
    "__version__",
    "active_run",
    "autolog",
    "get_model",
    "get_run",
    "list_models",
    "mlflow_tracking_uri",
    "register_model",
    "start_run",
]


def __getattr__(name):
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError("module 'runledger' has no attribute {!r}".format(name))
    import sys

    # As `importlib.import_module` does, which is a module more to load.
    __import__(home)
    return getattr(sys.modules[home], name)


def __dir__():
    return list(__all__)
