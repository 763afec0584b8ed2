"""The methods of ``Run`` that log values, images and documents."""

from runledger.azureml_v1.exceptions import UserErrorException, translated, translation
from runledger.errors import RunledgerError


class LoggingMethods:
    """A part of ``Run``, which provides ``_recorder`` (a ``Recorder``) and ``_folder`` (a ``RunFolder``)."""

    def log(self, name, value, description="", step=None):
        """Records a value: a number, a str or a bool. Values of one name are a series."""
        # Not wrapped: this is called in the innermost loop.
        try:
            self._recorder.metric(name, value, step, description)
        except RunledgerError as error:
            raise translation(error) from None

    @translated
    def log_list(self, name, value, description=""):
        """Records a vector: any iterable of values. Several calls concatenate."""
        self._recorder.vector(name, value, description=description)

    @translated
    def log_row(self, name, description=None, **kwargs):
        """Records a row of a table: the columns are the keyword arguments."""
        self._recorder.row(name, kwargs, description)

    @translated
    def log_table(self, name, value, description=""):
        """Records a table: ``{column: [values]}``."""
        self._recorder.table(name, value, description)

    @translated
    def log_image(self, name, path=None, plot=None, description=""):
        """Records an image: a file's ``path``, or a ``plot`` of matplotlib (the module ``pyplot``, or a ``Figure``)."""
        import time

        from runledger.tracking.images import image_source

        source, suffix = image_source(path, plot)
        try:
            artifact = self._folder.unused_artifact_name(str(name), "_{}{}".format(int(time.time()), suffix))
            self._recorder.image(name, source, artifact, description=description)
        except OSError as error:
            raise UserErrorException("path: {} cannot be read: {}.".format(path, error), error) from None

    def log_confusion_matrix(self, name, value, description=""):
        """Records a confusion matrix: a dict, or JSON, of schema type ``confusion_matrix``."""
        self._log_document(name, "confusion_matrix", value, description)

    def log_accuracy_table(self, name, value, description=""):
        """Records an accuracy table: a dict, or JSON, of schema type ``accuracy_table``."""
        self._log_document(name, "accuracy_table", value, description)

    def log_residuals(self, name, value, description=""):
        """Records residuals: a dict, or JSON, of schema type ``residuals``."""
        self._log_document(name, "residuals", value, description)

    def log_predictions(self, name, value, description=""):
        """Records predictions: a dict, or JSON, of schema type ``predictions``."""
        self._log_document(name, "predictions", value, description)

    @translated
    def _log_document(self, name, schema, value, description):
        from runledger.tracking.documents import document_json

        self._recorder.document(name, schema, document_json(schema, value), description)
