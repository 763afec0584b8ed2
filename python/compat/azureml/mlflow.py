"""``import azureml.mlflow``, which MLflow needed to reach Azure ML: nothing but the link is left to do."""

from runledger.links import run_link

__all__ = ["get_portal_url"]


def get_portal_url(run):
    """A link that opens a run of MLflow in the editor."""
    return run_link(run.info.run_id)
