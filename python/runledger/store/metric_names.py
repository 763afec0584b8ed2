"""What the name of a metric tells."""

SYSTEM_PREFIX = "system/"
"""Of metrics that tell what the run used of the machine, as MLflow names them too."""


def is_system_metric(name):
    """Whether ``name`` is that of what the run used, and nothing of its results."""
    return name.startswith(SYSTEM_PREFIX)
