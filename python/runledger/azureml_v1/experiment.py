"""``azureml.core.Experiment``."""

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.html_table import link, table
from runledger.azureml_v1.links import documentation_link, folder_link
from runledger.azureml_v1.not_available import refusal, refuses
from runledger.azureml_v1.unavailable_names import EXPERIMENT_METHODS, EXPERIMENT_PROPERTIES
from runledger.store.names import experiment_key

VIEW_TYPES = ("ActiveOnly", "ArchivedOnly", "All")


@refuses("Experiment", EXPERIMENT_METHODS, EXPERIMENT_PROPERTIES)
class Experiment:
    """An experiment of a workspace, made on first use. Names are unique whatever their case.

    Raises ``UserErrorException`` for a name that breaks the store's rules.
    """

    @translated
    def __init__(
        self,
        workspace=None,
        name=None,
        _skip_name_validation=False,
        _id=None,
        _archived_time=None,
        _create_in_cloud=True,
        _experiment_dto=None,
        workspace_object=None,
        **kwargs,
    ):
        # Its name in the first versions.
        workspace = workspace_object if workspace is None else workspace
        _check_workspace(workspace)
        self._workspace = workspace
        self._store = workspace._store.experiment(name)

    @classmethod
    def _of_store(cls, workspace, store):
        experiment = cls.__new__(cls)
        experiment._workspace = workspace
        experiment._store = store
        return experiment

    @staticmethod
    @translated
    def list(workspace, experiment_name=None, view_type="ActiveOnly", tags=None):
        """The experiments of ``workspace``, by name: all, or the one called ``experiment_name``, whatever its case.

        ``view_type`` is ``ActiveOnly``, ``All``, or ``ArchivedOnly``, of which there are none. Raises
        ``UserErrorException``.
        """
        _check_workspace(workspace)
        if view_type not in VIEW_TYPES:
            raise UserErrorException("view_type must be one of {}, not {!r}.".format(", ".join(VIEW_TYPES), view_type))
        if tags is not None:
            raise refusal("Experiment.list(tags=...)", EXPERIMENT_PROPERTIES["tags"])
        if experiment_name is not None and not isinstance(experiment_name, str):
            raise UserErrorException("experiment_name must be a str, not {}.".format(type(experiment_name).__name__))
        if view_type == "ArchivedOnly":
            return []
        key = None if experiment_name is None else experiment_key(experiment_name)
        return [
            Experiment._of_store(workspace, stored)
            for stored in workspace._store.experiments()
            if key is None or stored.key == key
        ]

    @property
    def name(self):
        return self._store.name

    @property
    def id(self):
        return self._store.id

    @property
    def workspace(self):
        return self._workspace

    @property
    def workspace_object(self):
        """As ``workspace``, which replaced it."""
        return self._workspace

    @property
    def archived_time(self):
        """``None``: no experiment is archived."""
        return None

    @translated
    def refresh(self):
        """Reads the experiment again. Raises ``UserErrorException`` where it is gone."""
        self._store = self._workspace._store.existing_experiment(self.name)

    @translated
    def start_logging(self, *args, outputs=None, snapshot_directory=None, display_name=None, **kwargs):
        """Starts an interactive run in this process.

        ``outputs`` (default ``outputs``) is made in the current folder; files that appear in it, and in ``logs``, are
        collected when the run ends. A ``snapshot_directory`` is not taken: that is noted as a warning on the run.
        """
        from runledger.azureml_v1.run import Run
        from runledger.tracking import interactive

        active = interactive.start(self._store, display_name=display_name, outputs=outputs)
        if snapshot_directory is not None:
            active.recorder.warning(
                "snapshot_directory was not used: interactive runs keep no snapshot in this version of Runledger."
            )
        return Run._of_folder(self, active.run)

    @translated
    def get_runs(self, type=None, tags=None, properties=None, include_children=False):
        """The experiment's runs, newest first, as a generator.

        ``tags`` and ``properties`` are a name, or ``{name: value}`` of which all must hold. Child runs are left out
        without ``include_children``, and those that cannot be read. Raises ``UserErrorException`` for a wrong filter.
        """
        return self._runs(type, tags, properties, None, include_children)

    def _runs(self, run_type, tags, properties, status, include_children):
        from runledger.azureml_v1.run import Run
        from runledger.azureml_v1.run_filter import RunFilter

        wanted = RunFilter(run_type, tags, properties, status, include_children)
        # Checked before the generator starts, which the caller may do much later.
        return (Run._of_folder(self, folder) for folder in wanted.matching(self._store.runs_newest_first()))

    def get_portal_url(self):
        """A link that opens the workspace's folder in the editor, where the experiment is in Runledger's tree."""
        return folder_link(self._workspace._store.folder)

    def get_docs_url(self):
        """The address of the SDK's documentation of this class."""
        return documentation_link("experiment.Experiment")

    def _repr_html_(self):
        return table(
            [
                ("Name", self.name),
                ("Workspace", self.workspace.name),
                ("Report Page", link(self.get_portal_url(), "Open the workspace in VS Code")),
                ("Docs Page", link(self.get_docs_url(), "Documentation of the class")),
            ]
        )

    def __repr__(self):
        return "Experiment(Name: {},\nWorkspace: {})".format(self.name, self.workspace.name)


def _check_workspace(workspace):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
