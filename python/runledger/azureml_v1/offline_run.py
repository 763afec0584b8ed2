"""The run of a script that belongs to none: it prints what is logged, and keeps tags and properties in memory."""

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import RUN_METHODS, RUN_PROPERTIES
from runledger.html_table import table
from runledger.links import documentation_link
from runledger.store.names import new_uuid
from runledger.tracking import values


@refuses("Run", RUN_METHODS, RUN_PROPERTIES)
class _OfflineRun:
    """Scripts compare ``type(run)`` with this class, and look for ids that start with ``OfflineRun``."""

    def __init__(self):
        self._run_id = "OfflineRun_" + new_uuid()
        self._tags = {}
        self._properties = {}
        self.display_name = self._run_id
        self.description = None

    @property
    def id(self):
        return self._run_id

    @property
    def name(self):
        return self.display_name

    number = None
    type = None
    parent = None
    status = "Running"

    @property
    def tags(self):
        return self.get_tags()

    @property
    def properties(self):
        return self.get_properties()

    @property
    def experiment(self):
        raise AttributeError(
            "An offline run has no experiment: the script was started outside any run. Submit it with Runledger, "
            "or test for run.id.startswith('OfflineRun')."
        )

    @translated
    def log(self, name, value, description="", step=None):
        _print("scalar metric", name, values.scalar(value, "value"))

    @translated
    def log_list(self, name, value, description=""):
        _print("list metric", name, values.vector(value, "value"))

    @translated
    def log_row(self, name, description=None, **kwargs):
        _print("row metric", name, {key: values.scalar_or_null(value, key) for key, value in kwargs.items()})

    @translated
    def log_table(self, name, value, description=""):
        _print("table metric", name, values.columns(value, "value"))

    @translated
    def log_image(self, name, path=None, plot=None, description=""):
        if (path is None) == (plot is None):
            raise UserErrorException("Give one of path and plot, not {}.".format("both" if path else "neither"))
        _print("image metric", name, plot if path is None else path)

    def log_confusion_matrix(self, name, value, description=""):
        self._log_document("confusion_matrix", name, value)

    def log_accuracy_table(self, name, value, description=""):
        self._log_document("accuracy_table", name, value)

    def log_residuals(self, name, value, description=""):
        self._log_document("residuals", name, value)

    def log_predictions(self, name, value, description=""):
        self._log_document("predictions", name, value)

    @translated
    def _log_document(self, schema, name, value):
        from runledger.tracking.documents import document_json

        _print(schema.replace("_", " ") + " metric", name, document_json(schema, value).decode("utf-8"))

    def upload_file(self, name, path_or_stream, datastore_name=None):
        print("Attempted to track file {} at {}".format(name, path_or_stream))

    def upload_files(self, names, paths, return_artifacts=False, timeout_seconds=None, datastore_name=None):
        for name, path in zip(names, paths):
            self.upload_file(name, path)

    def upload_folder(self, name, path, datastore_name=None):
        self.upload_file(name, path)

    @translated
    def tag(self, key, value=None):
        self._tags[str(key)] = None if value is None else values.text(value, "The value of the tag {!r}".format(key))

    def set_tags(self, tags):
        for key, value in dict(tags).items():
            self.tag(key, value)

    def remove_tags(self, tags):
        for key in [tags] if isinstance(tags, str) else tags:
            self._tags.pop(key, None)

    def get_tags(self):
        return dict(self._tags)

    def add_properties(self, properties):
        for key in properties:
            if str(key) in self._properties:
                raise UserErrorException("The run has the property {!r} already.".format(str(key)))
        self._properties.update({str(key): str(value) for key, value in properties.items()})

    def get_properties(self):
        return dict(self._properties)

    def get_metrics(self, name=None, recursive=False, run_type=None, populate=False):
        """Nothing: an offline run keeps no metrics."""
        return {}

    def get_file_names(self):
        return []

    def get_environment(self):
        """Raises ``UserErrorException``: nothing was submitted."""
        raise UserErrorException("An offline run was not submitted, so it has no environment.")

    def download_file(self, name, output_file_path=None, _validate_checksum=False):
        """Raises ``UserErrorException``: an offline run keeps no files."""
        raise UserErrorException("An offline run has no file {!r}: it keeps none.".format(name))

    def download_files(
        self,
        prefix=None,
        output_directory=None,
        output_paths=None,
        batch_size=100,
        append_prefix=True,
        timeout_seconds=None,
    ):
        """Raises ``UserErrorException``: an offline run keeps no files."""
        raise UserErrorException("An offline run has no files to download: it keeps none.")

    def get_all_logs(self, destination=None):
        """No paths: what the script prints is kept nowhere."""
        return []

    def download_logs(self, destination=None):
        return self.get_all_logs(destination)

    @classmethod
    def get_docs_url(cls):
        """The address of the SDK's documentation of the class."""
        return documentation_link("run.Run")

    def get_snapshot_id(self):
        """``None``: no snapshot was taken."""
        return None

    def take_snapshot(self, file_or_folder_path):
        """Raises ``UserErrorException``: nothing is kept."""
        raise UserErrorException("An offline run keeps no snapshot: the script runs where it is.")

    def restore_snapshot(self, snapshot_id=None, path=None):
        """Raises ``UserErrorException``: no snapshot was taken."""
        raise UserErrorException("An offline run has no snapshot: the script runs where it is.")

    def get_status(self):
        return self.status

    def get_details(self):
        return {"runId": self.id, "target": "local", "status": self.status, "properties": self.get_properties()}

    def get_details_with_logs(self):
        return dict(self.get_details(), logFiles={})

    def get_portal_url(self):
        return "Not available offline"

    def child_run(self, name=None, run_id=None, outputs=None):
        return _OfflineRun()

    def create_children(self, count=None, tag_key=None, tag_values=None):
        return [_OfflineRun() for _ in range(len(list(tag_values or [])) if count is None else count)]

    def get_children(self, recursive=False, tags=None, properties=None, type=None, status=None, _rehydrate_runs=True):
        return iter(())

    def register_model(self, model_name, model_path=None, **kwargs):
        """Prints what was attempted: there is no workspace to register in."""
        print("Attempted to register model {} from {}".format(model_name, model_path or model_name))

    def submit_child(self, config, tags=None, **kwargs):
        raise UserErrorException("This script does not belong to a run: submit with Experiment.submit instead.")

    def start(self):
        """Does nothing: the script runs already."""

    def wait_for_completion(self, show_output=False, wait_post_processing=False, raise_on_error=True):
        """Raises ``UserErrorException``: the script would wait for itself."""
        raise UserErrorException(
            "An offline run ends with the script, which would wait for itself. Submit the script with Runledger, and "
            "wait for that run."
        )

    def complete(self, _set_status=True):
        """Does nothing: there is no record to end."""

    def fail(self, error_details=None, error_code=None, _set_status=True, exception=None):
        """Does nothing: there is no record to end."""

    def cancel(self):
        """Does nothing. Returns ``False``: there is no process to end but the caller's own."""
        return False

    @property
    def input_datasets(self):
        """Empty: nothing was submitted."""
        from runledger.azureml_v1.run_inputs import Inputs

        return Inputs()

    @property
    def output_datasets(self):
        """Empty: nothing was submitted."""
        return {}

    def get_secret(self, name):
        """The environment variable ``name``; see ``Keyvault``."""
        from runledger.azureml_v1.keyvault import Keyvault

        return Keyvault().get_secret(name)

    def get_secrets(self, secrets):
        return {name: self.get_secret(name) for name in secrets}

    def flush(self, timeout_seconds=300):
        """Does nothing."""

    def _repr_html_(self):
        return table([("Id", self.id), ("Status", self.status), ("Details Page", self.get_portal_url())])

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return False

    def __repr__(self):
        return "Run(Id: {},\nStatus: {})".format(self.id, self.status)


def _print(kind, name, value):
    print("Attempted to log {} {}:\n{}".format(kind, name, value))
