"""``azureml.pipeline.core.TrainingOutput``: what of a sweep an output of its step holds."""

from runledger.azureml_v1.exceptions import UserErrorException

TYPES = ("Metrics", "Model")


class TrainingOutput:
    """``Metrics``: what every trial logged, as JSON. ``Model``: ``model_file`` of the best trial, a file or folder.

    ``iteration`` and ``metric`` are of AutoML, and ignored. Raises ``UserErrorException``.
    """

    def __init__(self, type, iteration=None, metric=None, model_file=None):
        if type not in TYPES:
            raise UserErrorException("type must be Metrics or Model, not {!r}.".format(type))
        self.type = type
        self.iteration = iteration
        self.metric = metric
        self.model_file = model_file

    def __repr__(self):
        return "TrainingOutput(type={!r}, model_file={!r})".format(self.type, self.model_file)
