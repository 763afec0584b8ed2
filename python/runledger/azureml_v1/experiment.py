"""``azureml.core.Experiment``."""

import os

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import EXPERIMENT_METHODS
from runledger.html_table import link, table
from runledger.links import documentation_link, folder_link
from runledger.store import experiment_journal
from runledger.store.names import experiment_key

VIEW_TYPES = ("ActiveOnly", "ArchivedOnly", "All")


@refuses("Experiment", EXPERIMENT_METHODS)
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

        ``view_type`` is ``ActiveOnly``, ``ArchivedOnly`` or ``All``; ``tags`` is a name, or ``{name: value}`` of which
        all must hold. Raises ``UserErrorException``.
        """
        _check_workspace(workspace)
        if view_type not in VIEW_TYPES:
            raise UserErrorException("view_type must be one of {}, not {!r}.".format(", ".join(VIEW_TYPES), view_type))
        if experiment_name is not None and not isinstance(experiment_name, str):
            raise UserErrorException("experiment_name must be a str, not {}.".format(type(experiment_name).__name__))
        key = None if experiment_name is None else experiment_key(experiment_name)
        return [
            Experiment._of_store(workspace, stored)
            for stored in workspace._store.experiments()
            if (key is None or stored.key == key) and _is_wanted(experiment_journal.state(stored.path), view_type, tags)
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
        """When it was archived, as ISO 8601 in UTC; ``None`` for an active one."""
        from runledger.azureml_v1.run_details import utc_text

        return utc_text(experiment_journal.state(self._store.path).archived_time)

    @property
    def tags(self):
        """``{name: value}``; values are texts or ``None``."""
        return experiment_journal.state(self._store.path).tags

    @translated
    def tag(self, key, value=None):
        """Sets a tag; its value becomes a str, or stays ``None``."""
        text = None if value is None else str(value)
        experiment_journal.append(self._store.path, "tag", n=_tag_name(key), v=text)

    def set_tags(self, tags):
        """Sets several tags: ``{name: value}``."""
        if not isinstance(tags, dict):
            raise UserErrorException("tags must be a dict, not {}.".format(type(tags).__name__))
        for key, value in tags.items():
            self.tag(key, value)

    @translated
    def remove_tags(self, tags):
        """Removes tags by name: one, or several."""
        for key in [tags] if isinstance(tags, str) else tags:
            experiment_journal.append(self._store.path, "untag", n=_tag_name(key))

    @translated
    def archive(self):
        """Takes the experiment out of ``Experiment.list``. Its runs stay, and it can be used as before."""
        experiment_journal.append(self._store.path, "attribute", n="archived", v="true")

    @translated
    def reactivate(self, new_name=None):
        """Lists the experiment again. Raises ``UserErrorException`` for a ``new_name``: an experiment keeps its name."""
        if new_name is not None and experiment_key(new_name) != self._store.key:
            raise UserErrorException("new_name: an experiment keeps its name; leave new_name out.")
        experiment_journal.append(self._store.path, "attribute", n="archived", v=None)

    @translated
    def refresh(self):
        """Reads the experiment again. Raises ``UserErrorException`` where it is gone."""
        self._store = self._workspace._store.existing_experiment(self.name)

    @translated
    def start_logging(self, *args, outputs=None, snapshot_directory=None, display_name=None, **kwargs):
        """Starts an interactive run in this process.

        ``outputs`` (default ``outputs``) is made in the current folder; files that appear in it, and in ``logs``, are
        collected when the run ends. The code in the folder ``snapshot_directory`` is kept with the run; where that
        fails, the run goes on with a warning. Raises ``UserErrorException`` where there is no such folder.
        """
        from runledger.azureml_v1.run import Run
        from runledger.tracking import interactive

        if snapshot_directory is not None and not os.path.isdir(snapshot_directory):
            raise UserErrorException("snapshot_directory: there is no folder {!r}.".format(snapshot_directory))
        active = interactive.start(self._store, display_name=display_name, outputs=outputs)
        run = Run._of_folder(self, active.run)
        if snapshot_directory is not None:
            try:
                run.take_snapshot(snapshot_directory)
            except UserErrorException as error:
                # Training must not end because its code could not be kept.
                active.recorder.warning("The code in {} was not kept: {}".format(snapshot_directory, error))
        return run

    @translated
    def get_runs(self, type=None, tags=None, properties=None, include_children=False):
        """The experiment's runs, newest first, as a generator.

        ``tags`` and ``properties`` are a name, or ``{name: value}`` of which all must hold. Child runs are left out
        without ``include_children``, and those that cannot be read. Raises ``UserErrorException`` for a wrong filter.
        """
        return self._runs(type, tags, properties, None, include_children)

    def _runs(self, run_type, tags, properties, status, include_children):
        from runledger.azureml_v1.run_classes import run_of
        from runledger.azureml_v1.run_filter import RunFilter

        wanted = RunFilter(run_type, tags, properties, status, include_children)
        # Checked before the generator starts, which the caller may do much later.
        return (run_of(self, folder) for folder in wanted.matching(self._store.runs_newest_first()))

    @translated
    def submit(self, config, tags=None, **kwargs):
        """Submits ``config``: a ``ScriptRunConfig``, ``Estimator``, ``HyperDriveConfig`` or ``Pipeline``. Returns its run,
        which goes on by itself.

        ``tags`` is a dict. ``run_id`` and ``parent_run_id`` are taken; with ``show_output=True`` the run is waited for and
        what it prints is shown. A ``Pipeline`` also takes what ``Pipeline.submit`` does. Raises ``UserErrorException`` for
        what cannot be submitted.
        """
        submit_to = getattr(config, "_submit_to", None)
        if submit_to is None:
            raise UserErrorException(
                "config must be something to submit, as a ScriptRunConfig, not {}.".format(type(config).__name__)
            )
        run = submit_to(self, tags, **kwargs)
        if kwargs.get("show_output"):
            run.wait_for_completion(show_output=True)
        return run

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


def _tag_name(key):
    if not str(key):
        raise UserErrorException("The name of a tag must not be empty.")
    return str(key)


def _is_wanted(state, view_type, tags):
    """Whether an experiment of this ``state`` is one that ``Experiment.list`` was asked for."""
    if view_type != "All" and (state.archived_time is not None) != (view_type == "ArchivedOnly"):
        return False
    if isinstance(tags, str):
        return tags in state.tags
    return all(
        str(name) in state.tags and state.tags[str(name)] == (None if value is None else str(value))
        for name, value in (tags or {}).items()
    )


def _check_workspace(workspace):
    if not hasattr(workspace, "_store") or not hasattr(workspace, "get_run"):
        raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
