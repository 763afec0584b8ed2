"""``azureml.core.Experiment``."""

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import EXPERIMENT_ATTRIBUTES, refuse_attributes


class Experiment:
    """An experiment of a workspace, made on first use. Names are unique whatever their case.

    Raises ``UserErrorException`` for a name that breaks the store's rules.
    """

    @translated
    def __init__(
        self,
        workspace,
        name,
        _skip_name_validation=False,
        _id=None,
        _archived_time=None,
        _create_in_cloud=True,
        _experiment_dto=None,
        **kwargs,
    ):
        if not hasattr(workspace, "_store"):
            raise UserErrorException("workspace must be a Workspace, not {}.".format(type(workspace).__name__))
        self._workspace = workspace
        self._store = workspace._store.experiment(name)

    @classmethod
    def _of_store(cls, workspace, store):
        experiment = cls.__new__(cls)
        experiment._workspace = workspace
        experiment._store = store
        return experiment

    @property
    def name(self):
        return self._store.name

    @property
    def id(self):
        return self._store.id

    @property
    def workspace(self):
        return self._workspace

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

        ``tags`` and ``properties`` are a name, or ``{name: value}`` of which all must hold. Runs that cannot be read are
        left out.
        """
        return self._runs(type, tags, properties, include_children)

    def _runs(self, run_type, tags, properties, include_children):
        from runledger.azureml_v1.run import Run
        from runledger.errors import RunledgerError

        for folder in self._store.runs_newest_first():
            try:
                record = folder.run_json
                if not include_children and record.get("parentId") is not None:
                    continue
                if run_type is not None and record.get("type") != run_type:
                    continue
                if tags is not None and not _matches(folder.view().tags, tags):
                    continue
                if properties is not None and not _matches(folder.view().properties, properties):
                    continue
            except RunledgerError:
                continue
            yield Run._of_folder(self, folder)

    __getattr__ = refuse_attributes("Experiment", EXPERIMENT_ATTRIBUTES)

    def __repr__(self):
        return "Experiment(Name: {},\nWorkspace: {})".format(self.name, self.workspace.name)


def _matches(found, wanted):
    if isinstance(wanted, str):
        return wanted in found
    if isinstance(wanted, dict):
        return all(
            name in found and found[name] == (None if value is None else str(value)) for name, value in wanted.items()
        )
    return all(name in found for name in wanted)
