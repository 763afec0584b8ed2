"""``azureml.core.Run``, and ``_OfflineRun`` for scripts that run outside any run."""

import os

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import (
    ServiceException,
    UserErrorException,
    translated,
)
from runledger.azureml_v1.not_available import RUN_ATTRIBUTES, refuse_attributes
from runledger.azureml_v1.offline_run import _OfflineRun
from runledger.azureml_v1.run_logging import LoggingMethods, artifact_name
from runledger.errors import NotFoundError, RunledgerError
from runledger.tracking import environment

RUNNING_STATES = (
    "NotStarted",
    "Starting",
    "Provisioning",
    "Preparing",
    "Queued",
    "Running",
    "Finalizing",
    "CancelRequested",
)
"""States from which a run goes on."""

__all__ = ["RUNNING_STATES", "Run", "_OfflineRun"]


class Run(LoggingMethods):
    """A run. The constructor finds an existing one; ``Experiment.start_logging`` and ``get_context`` give new ones."""

    @translated
    def __init__(self, experiment, run_id, outputs=None, **kwargs):
        if not hasattr(experiment, "_store"):
            raise UserErrorException("experiment must be an Experiment, not {}.".format(type(experiment).__name__))
        self._open(experiment, experiment._store.run(run_id))

    def _open(self, experiment, folder):
        self._experiment = experiment
        self._folder = folder
        # An unreadable run is refused here, not wherever it is first looked into.
        self._record = folder.run_json
        self._recorder = environment.recorder_for(folder)

    @classmethod
    def _of_folder(cls, experiment, folder):
        run = cls.__new__(cls)
        run._open(experiment, folder)
        return run

    @classmethod
    def get_context(cls, allow_offline=True, used_for_context_manager=False, **kwargs):
        """The run that this script belongs to, else an ``_OfflineRun``, which prints and keeps nothing.

        With ``RUNLEDGER_TRACK_OFFLINE_RUNS=1`` a script outside any run gets a tracked interactive run, in the experiment
        named like its folder. Raises ``RunEnvironmentException`` where ``allow_offline`` is false and there is no run.
        """
        from runledger.azureml_v1 import run_context

        return run_context.current_run(cls, allow_offline)

    @property
    def id(self):
        return self._folder.id

    @property
    def _run_id(self):
        # Scripts read it.
        return self.id

    @property
    def number(self):
        """Counts from 1 within the experiment."""
        return self._record.get("number")

    @property
    def name(self):
        return self._folder.view().display_name or self.id

    @property
    def display_name(self):
        """What the run is shown as: its id where no name was given. Setting it persists."""
        return self.name

    @display_name.setter
    @translated
    def display_name(self, value):
        self._recorder.attribute("displayName", value)

    @property
    def description(self):
        return self._folder.view().description

    @description.setter
    @translated
    def description(self, value):
        self._recorder.attribute("description", value)

    @property
    def type(self):
        """``azureml.scriptrun``, or ``None`` for an interactive run."""
        return self._record.get("type")

    @property
    def status(self):
        return self.get_status()

    @property
    def experiment(self):
        return self._experiment

    @property
    @translated
    def parent(self):
        """The parent run, or ``None``."""
        parent_id = self._record.get("parentId")
        if parent_id is None:
            return None
        return type(self)._of_folder(self._experiment, self._experiment._store.run(parent_id))

    @property
    def tags(self):
        return self.get_tags()

    @property
    def properties(self):
        return self.get_properties()

    @translated
    def tag(self, key, value=None):
        """Sets a tag; its value becomes a str, or stays ``None``."""
        self._recorder.tag(str(key), value)

    @translated
    def set_tags(self, tags):
        """Sets several tags: ``{name: value}``."""
        if not isinstance(tags, dict):
            raise UserErrorException("tags must be a dict, not {}.".format(type(tags).__name__))
        for key, value in tags.items():
            self._recorder.tag(str(key), value)

    @translated
    def remove_tags(self, tags):
        """Removes tags by name: one, or several."""
        for key in [tags] if isinstance(tags, str) else tags:
            self._recorder.untag(str(key))

    def get_tags(self):
        return dict(self._folder.view().tags)

    @translated
    def add_properties(self, properties):
        """Adds properties. They are immutable: one that is there already raises ``UserErrorException``."""
        if not isinstance(properties, dict):
            raise UserErrorException("properties must be a dict, not {}.".format(type(properties).__name__))
        existing = self._folder.view().properties
        for name in properties:
            if str(name) in existing:
                raise UserErrorException(
                    "The run {} has the property {!r} already, and properties are immutable. Use a tag for what "
                    "changes.".format(self.id, str(name))
                )
        self._recorder.properties({str(name): "None" if value is None else value for name, value in properties.items()})

    def get_properties(self):
        return dict(self._folder.view().properties)

    @translated
    def complete(self, _set_status=True):
        """Ends an interactive run as Completed, once its outputs are collected.

        A submitted run ends when its script does: there this only makes sure that all is written.
        """
        from runledger.tracking import ending

        if _set_status:
            ending.complete(self._folder, self._recorder)

    @translated
    def fail(self, error_details=None, error_code=None, _set_status=True, exception=None):
        """Ends the run as Failed, with ``error_details`` (a str or an exception) as the reason."""
        if not _set_status:
            return
        from runledger.tracking import ending

        reason = _failure(error_details if error_details is not None else exception, error_code)
        ending.fail(self._folder, self._recorder, reason)

    @translated
    def cancel(self):
        """Cancels the run. Returns whether it was going on."""
        active = self._active()
        status = self._folder.state()[0]
        if status not in RUNNING_STATES and status != "NotResponding":
            return False
        if active is not None:
            active.cancel()
        elif self.type is None:
            self._recorder.status("Canceled")
        else:
            from runledger.store.files import touch

            self._recorder.status("CancelRequested")
            try:
                touch(self._folder.cancel_path)
            except OSError as error:
                raise ServiceException("The run {} cannot be canceled: {}.".format(self.id, error), error) from None
        return True

    def flush(self, timeout_seconds=300):
        """Does nothing: whatever was logged is written when the call returns."""

    @translated
    def get_status(self):
        return self._folder.state()[0]

    @translated
    def get_details(self):
        """The run as a dict of plain values: ids, status, times, definition, error."""
        return run_details.details(self._folder)

    @translated
    def get_metrics(self, name=None, recursive=False, run_type=None, populate=False):
        """What was logged, by name, as plain Python values; see the documentation for the shapes.

        ``recursive`` adds the metrics of child runs under their ids, those of ``run_type`` where it is given.
        """
        metrics = run_details.metric_values(self._folder, self._folder.view(), name, populate)
        if recursive:
            for folder in self._experiment._store.runs_newest_first():
                if folder.run_json.get("parentId") == self.id and run_type in (None, folder.run_json.get("type")):
                    child = type(self)._of_folder(self._experiment, folder)
                    metrics[child.id] = child.get_metrics(name, True, run_type, populate)
        return metrics

    def get_file_names(self):
        """Names of the run's files, sorted."""
        return self._folder.artifact_names()

    @translated
    def download_file(self, name, output_file_path=None, _validate_checksum=False):
        """Copies the run's file ``name`` to ``output_file_path``: a file, a folder, or by default the current folder."""
        import shutil

        name = artifact_name(name)
        try:
            source = self._folder.existing_artifact_path(name)
        except NotFoundError:
            if name not in run_details.LOG_ALIASES:
                raise
            source = self._folder.existing_artifact_path(run_details.LOG_FILE)
        target = os.getcwd() if output_file_path is None else os.fspath(output_file_path)
        if os.path.isdir(target) or target.endswith(("/", os.sep)):
            target = os.path.join(target, name.rsplit("/", 1)[-1])
        os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
        if not (os.path.exists(target) and os.path.samefile(source, target)):
            shutil.copyfile(source, target)

    def get_portal_url(self):
        """A link that opens the run in the editor. ``RUNLEDGER_URI_SCHEME`` names the editor's scheme."""
        return "{}://runledger.runledger/run/{}".format(
            os.environ.get("RUNLEDGER_URI_SCHEME") or "vscode", _percent_encoded(self.id)
        )

    __getattr__ = refuse_attributes("Run", RUN_ATTRIBUTES)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        from runledger.tracking import ending

        ending.leave(self._folder, self._recorder, kind, error, trace)
        return False

    def _active(self):
        from runledger.tracking.interactive import active_run

        return active_run(self.id)

    def __reduce__(self):
        return type(self), (self._experiment, self.id)

    def __eq__(self, other):
        return isinstance(other, Run) and self._folder.path == other._folder.path

    def __hash__(self):
        return hash(self._folder.path)

    def __repr__(self):
        try:
            status = self.get_status()
        except (RunledgerError, UserErrorException, ServiceException, OSError):
            status = "Unreadable"
        return "Run(Experiment: {},\nId: {},\nType: {},\nStatus: {})".format(
            self._experiment.name, self.id, self.type, status
        )


def _failure(details, code):
    if isinstance(details, BaseException):
        from runledger.tracking.interactive import describe_exception

        return describe_exception(type(details), details, details.__traceback__)
    reason = {"message": "The run was ended as failed." if details is None else str(details)}
    if code is not None:
        reason["type"] = str(code)
    return reason


def _percent_encoded(text):
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 or chr(byte) in "-_.~" else "%{:02X}".format(byte)
        for byte in text.encode("utf-8")
    )
