"""``azureml.core.Run``, and ``_OfflineRun`` for scripts that run outside any run."""

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import ServiceException, UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.offline_run import _OfflineRun
from runledger.azureml_v1.run_children import ChildMethods
from runledger.azureml_v1.run_classes import run_of
from runledger.azureml_v1.run_files import FileMethods
from runledger.azureml_v1.run_lifecycle import RUNNING_STATES, LifecycleMethods
from runledger.azureml_v1.run_logging import LoggingMethods
from runledger.azureml_v1.unavailable_names import RUN_METHODS, RUN_PROPERTIES
from runledger.errors import RunledgerError
from runledger.html_table import link, table
from runledger.links import documentation_link, run_link
from runledger.tracking import environment

__all__ = ["RUNNING_STATES", "Run", "ScriptRun", "_OfflineRun", "get_run"]


@refuses("Run", RUN_METHODS, RUN_PROPERTIES)
class Run(LoggingMethods, FileMethods, LifecycleMethods, ChildMethods):
    """A run. The constructor finds an existing one; ``Experiment.start_logging`` and ``get_context`` give new ones."""

    @translated
    def __init__(self, experiment, run_id, outputs=None, **kwargs):
        self._open(experiment, _checked(experiment)._store.run(run_id))

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

    @classmethod
    def get_submitted_run(cls, **kwargs):
        """As ``get_context``, which replaced it."""
        return cls.get_context(**kwargs)

    @staticmethod
    def start_logging(experiment, *args, **kwargs):
        """As ``Experiment.start_logging``, which replaced it."""
        return _checked(experiment).start_logging(*args, **kwargs)

    @staticmethod
    def get(workspace, run_id):
        """The run ``run_id`` of ``workspace``, in whichever experiment. Raises ``UserErrorException``."""
        if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
            raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
        return workspace.get_run(run_id)

    @staticmethod
    def list(
        experiment,
        type=None,
        tags=None,
        properties=None,
        status=None,
        include_children=False,
        _rehydrate_runs=True,
    ):
        """The runs of ``experiment``, newest first, as a generator; see ``Experiment.get_runs``.

        ``status`` is one of the SDK's, as ``"Completed"``.
        """
        return _checked(experiment)._runs(type, tags, properties, status, include_children)

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
        return run_of(self._experiment, self._experiment._store.run(parent_id))

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

    @property
    @translated
    def input_datasets(self):
        """``{name: data set, or local path}`` that the submission gave this script; empty for the run of another process."""
        from runledger.azureml_v1.run_inputs import Inputs, bound

        return bound(self._experiment.workspace) if environment.is_submitted_run(self._folder) else Inputs()

    @property
    @translated
    def output_datasets(self):
        """``{name: local path}`` that the submission gave this script to write to; empty for the run of another process."""
        from runledger.azureml_v1.run_inputs import outputs

        return outputs() if environment.is_submitted_run(self._folder) else {}

    def get_secret(self, name):
        """As ``Keyvault.get_secret``."""
        return self._experiment.workspace.get_default_keyvault().get_secret(name)

    def get_secrets(self, secrets):
        """As ``Keyvault.get_secrets``."""
        return self._experiment.workspace.get_default_keyvault().get_secrets(secrets)

    @translated
    def get_environment(self):
        """The ``Environment`` that the run was submitted with. Its interpreter is the one that ran.

        Raises ``UserErrorException`` for a run that was not submitted.
        """
        from runledger.azureml_v1.environment import environment_of_definition

        submission = self._folder.run_json.get("submission") or {}
        if "interpreter" not in submission:
            raise UserErrorException("The run {} was not submitted, so it has no environment.".format(self.id))
        return environment_of_definition(run_details.environment_of(submission))

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
    def get_details_with_logs(self):
        """As ``get_details``; ``logFiles`` has the text of each log."""
        return run_details.details_with_logs(self._folder)

    @translated
    def get_metrics(self, name=None, recursive=False, run_type=None, populate=False):
        """What was logged, by name, as plain Python values; see the documentation for the shapes.

        ``recursive`` adds the metrics of child runs under their ids, those of ``run_type`` where it is given.
        """
        metrics = run_details.metric_values(self._folder, self._folder.view(), name, populate)
        if recursive:
            for child in self.get_children(type=run_type):
                metrics[child.id] = child.get_metrics(name, True, run_type, populate)
        return metrics

    def get_portal_url(self):
        """A link that opens the run in the editor. ``RUNLEDGER_URI_SCHEME`` names the editor's scheme."""
        return run_link(self.id)

    @classmethod
    def get_docs_url(cls):
        """The address of the SDK's documentation of the class."""
        return documentation_link("run.Run")

    def _repr_html_(self):
        return table(
            [
                ("Experiment", self._experiment.name),
                ("Id", self.id),
                ("Type", self.type),
                ("Status", self._shown_status()),
                ("Details Page", link(self.get_portal_url(), "Open the run in VS Code")),
                ("Docs Page", link(documentation_link("run.Run"), "Documentation of the class")),
            ]
        )

    def __reduce__(self):
        return type(self), (self._experiment, self.id)

    def __eq__(self, other):
        return isinstance(other, Run) and self._folder.path == other._folder.path

    def __hash__(self):
        return hash(self._folder.path)

    def __repr__(self):
        return "Run(Experiment: {},\nId: {},\nType: {},\nStatus: {})".format(
            self._experiment.name, self.id, self.type, self._shown_status()
        )

    def _shown_status(self):
        try:
            return self.get_status()
        except (RunledgerError, UserErrorException, ServiceException, OSError):
            return "Unreadable"


class ScriptRun(Run):
    """A run that was submitted: what ``Experiment.submit`` gives for a script."""


def _checked(experiment):
    if not hasattr(experiment, "_store") or not hasattr(experiment, "get_runs"):
        raise UserErrorException("experiment must be an Experiment, not {}.".format(type(experiment).__name__))
    return experiment


def get_run(experiment, run_id, rehydrate=True, clean_up=True):
    """The run ``run_id`` of ``experiment``, of the class of its type. Raises ``UserErrorException`` where there is none."""
    return Run.get(_checked(experiment).workspace, run_id)
