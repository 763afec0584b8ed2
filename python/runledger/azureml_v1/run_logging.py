"""The methods of ``Run`` that log values, images, documents and files."""

import os

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.errors import UnloggableValueError


class LoggingMethods:
    """A part of ``Run``, which provides ``_recorder`` (a ``Recorder``) and ``_folder`` (a ``RunFolder``)."""

    @translated
    def log(self, name, value, description="", step=None):
        """Records a value: a number, a str or a bool. Values of one name are a series."""
        self._recorder.metric(name, value, step, description)

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

    @translated
    def upload_file(self, name, path_or_stream, datastore_name=None):
        """Keeps a file, or what a stream gives, as the run's file ``name``; an earlier one of that name is replaced."""
        name = artifact_name(name)
        source = path_or_stream
        if not hasattr(source, "read"):
            try:
                source = os.fspath(source)
            except TypeError:
                raise UnloggableValueError(
                    "path_or_stream must be a path or a stream, not {}.".format(type(source).__name__)
                ) from None
        try:
            self._recorder.save_file(name, source)
        except OSError as error:
            if os.environ.get("RUNLEDGER_STRICT") == "1" and getattr(error, "filename", None) != source:
                raise
            raise UserErrorException(
                "path_or_stream: {} cannot be read: {}.".format(source, error.strerror or error), error
            ) from None


def artifact_name(name):
    """The name of a run's file as people spell it: a path of this system, or one that starts with ``./``."""
    try:
        name = os.fspath(name)
    except TypeError:
        raise UnloggableValueError("name must be a str, not {}.".format(type(name).__name__)) from None
    if os.sep == "\\":
        name = name.replace("\\", "/")
    while isinstance(name, str) and name.startswith("./"):
        name = name[2:].lstrip("/")
    return name
