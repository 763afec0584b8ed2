"""MLflow's tracking in a workspace: what a script logs with ``mlflow`` appears in its runs, live.

MLflow finds this class by itself (``entry_points.txt``) for addresses that begin with ``runledger:``; see
``mlflow_uri``. Files go to the run's own folder without a detour.
"""

import functools
import json

from mlflow.entities import RunStatus, ViewType
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_ALREADY_EXISTS, RESOURCE_DOES_NOT_EXIST
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking.abstract_store import AbstractStore
from mlflow.utils.search_utils import SearchExperimentsUtils, SearchUtils

from runledger.errors import NotFoundError, RunledgerError
from runledger.integrations import mlflow_entities as entities
from runledger.integrations.mlflow_models import LoggedModels
from runledger.integrations.mlflow_uri import folder_of
from runledger.store.names import experiment_key
from runledger.tracking import ending, environment

HISTORY_TAG = "mlflow.log-model.history"
_taken = set()
"""Submitted runs that MLflow was given: what it starts beside them is a run of its own."""


def translated(method):
    """What the store refuses, as MLflow's exception."""

    @functools.wraps(method)
    def call(*args, **kwargs):
        try:
            return method(*args, **kwargs)
        except NotFoundError as error:
            raise MlflowException(str(error), error_code=RESOURCE_DOES_NOT_EXIST) from None
        except RunledgerError as error:
            raise MlflowException(str(error), error_code=INVALID_PARAMETER_VALUE) from None

    return call


class RunledgerStore(LoggedModels, AbstractStore):
    """The tracking store of the workspace that ``store_uri`` names. Raises ``MlflowException`` where there is none."""

    @translated
    def __init__(self, store_uri=None, artifact_uri=None):
        from runledger.store.workspace_store import WorkspaceStore

        super().__init__()
        self._store = WorkspaceStore(folder_of(store_uri))
        self._runs = {}

    @translated
    def create_experiment(self, name, artifact_location=None, tags=None):
        """Returns the experiment's id. Files always go to the runs, whatever ``artifact_location`` says."""
        if any(found.key == experiment_key(name) for found in self._store.experiments()):
            message = "The workspace in {} has an experiment {!r} already.".format(self._store.folder, name)
            raise MlflowException(message, error_code=RESOURCE_ALREADY_EXISTS)
        return entities.experiment_entity(self._store.experiment(name)).experiment_id

    @translated
    def get_experiment(self, experiment_id):
        return entities.experiment_entity(self._experiment(experiment_id))

    @translated
    def get_experiment_by_name(self, experiment_name):
        try:
            return entities.experiment_entity(self._store.existing_experiment(experiment_name))
        except NotFoundError:
            return None

    @translated
    def search_experiments(
        self, view_type=ViewType.ACTIVE_ONLY, max_results=1000, filter_string=None, order_by=None, page_token=None
    ):
        if view_type == ViewType.DELETED_ONLY:
            return PagedList([], None)
        found = [entities.experiment_entity(experiment) for experiment in self._store.experiments()]
        found = SearchExperimentsUtils.filter(found, filter_string) if filter_string else found
        found = SearchExperimentsUtils.sort(found, order_by) if order_by else found
        return PagedList(*SearchUtils.paginate(found, page_token, max_results))

    @translated
    def create_run(self, experiment_id, user_id, start_time, tags, run_name):
        """A run of this process; the first one in a submitted script is the submitted run."""
        from runledger.tracking import interactive

        labels = {tag.key: tag.value for tag in tags or []}
        parent_id = labels.pop(entities.PARENT, None)
        folder = self._submitted() if parent_id is None else None
        if folder is None:
            parent = None if parent_id is None else self._folder(parent_id)
            if parent is None:
                experiment = self._experiment(experiment_id)
            else:
                # A child is a run of its parent's experiment.
                experiment = self._store.existing_experiment(parent.experiment_key)
            folder = experiment.create_run(parent=parent, submission=interactive.submission())
            interactive.adopt(folder)
        name = run_name or labels.get(entities.RUN_NAME)
        self._tag(folder, {**labels, entities.RUN_NAME: name} if name else labels)
        return self._entity(folder)

    @translated
    def get_run(self, run_id):
        return self._entity(self._folder(run_id))

    @translated
    def update_run_info(self, run_id, run_status, end_time, run_name):
        folder = self._folder(run_id)
        recorder = environment.recorder_for(folder)
        if run_name:
            self._tag(folder, {entities.RUN_NAME: run_name})
        if run_status == RunStatus.FINISHED:
            ending.complete(folder, recorder)
        elif run_status == RunStatus.FAILED:
            ending.fail(folder, recorder, {"message": "MLflow ended the run as failed."})
        elif run_status == RunStatus.KILLED:
            ending.cancel(folder, recorder)
        return self._entity(folder).info

    @translated
    def log_batch(self, run_id, metrics, params, tags):
        folder = self._folder(run_id)
        recorder = environment.recorder_for(folder)
        if params:
            self._log_parameters(folder, recorder, params)
        for metric in metrics:
            recorder.metric(metric.key, float(metric.value), int(metric.step))
        self._tag(folder, {tag.key: tag.value for tag in tags})

    def _log_parameters(self, folder, recorder, params):
        known = folder.view().parameters
        new = {}
        for param in params:
            value = entities.parameter_value(str(param.value))
            earlier = known.get(param.key, new.get(param.key))
            if earlier is not None and earlier != value:
                raise MlflowException(
                    "The parameter {!r} has the value {!r} already; it cannot become {!r}.".format(
                        param.key, entities.parameter_text(earlier), param.value
                    ),
                    error_code=INVALID_PARAMETER_VALUE,
                )
            new[param.key] = value
        recorder.params({name: value for name, value in new.items() if name not in known})

    @translated
    def delete_tag(self, run_id, key):
        environment.recorder_for(self._folder(run_id)).untag(key)

    @translated
    def log_inputs(self, run_id, datasets=None, models=None):
        """Keeps the name and the digest of each data set, as a property."""
        properties = {
            "mlflow.dataset." + given.dataset.name: str(given.dataset.digest) for given in datasets or []
        }
        if properties:
            environment.recorder_for(self._folder(run_id)).properties(properties)

    @translated
    def record_logged_model(self, run_id, mlflow_model, *args, **kwargs):
        """Before MLflow 3: what is known of a model, in the list that a tag of the run holds."""
        folder = self._folder(run_id)
        history = json.loads(folder.view().tags.get(HISTORY_TAG) or "[]")
        self._tag(folder, {HISTORY_TAG: json.dumps(history + [mlflow_model.to_dict()])})

    @translated
    def get_metric_history(self, run_id, metric_key, max_results=None, page_token=None):
        history = entities.metric_history(self._folder(run_id).view(), metric_key)
        if max_results is None:
            return PagedList(history, None)
        return PagedList(*SearchUtils.paginate(history, page_token, max_results))

    @translated
    def _search_runs(self, experiment_ids, filter_string, run_view_type, max_results, order_by, page_token):
        found = []
        for experiment_id in [] if run_view_type == ViewType.DELETED_ONLY else experiment_ids:
            experiment = self._experiment(experiment_id)
            known_id = entities.experiment_entity(experiment).experiment_id
            for folder in experiment.runs_newest_first():
                try:
                    found.append(entities.run_entity(folder, known_id))
                except (OSError, RunledgerError):
                    # One that cannot be read hides no other.
                    continue
        found = SearchUtils.sort(SearchUtils.filter(found, filter_string), order_by)
        return SearchUtils.paginate(found, page_token, max_results)

    def _experiment(self, experiment_id):
        if str(experiment_id) == entities.DEFAULT_EXPERIMENT_ID:
            return self._store.experiment(entities.DEFAULT_EXPERIMENT)
        for experiment in self._store.experiments():
            if experiment.id == experiment_id:
                return experiment
        raise NotFoundError("The workspace in {} has no experiment {!r}.".format(self._store.folder, experiment_id))

    def _folder(self, run_id):
        if run_id not in self._runs:
            self._runs[run_id] = self._store.find_run(run_id)
        return self._runs[run_id]

    def _entity(self, folder):
        experiment = self._store.existing_experiment(folder.experiment_key)
        return entities.run_entity(folder, entities.experiment_entity(experiment).experiment_id)

    def _submitted(self):
        folder = environment.submitted_run()
        if folder is None or folder.id in _taken or folder.workspace_folder != self._store.folder:
            return None
        _taken.add(folder.id)
        return folder

    def _tag(self, folder, tags):
        """Sets tags. Those of MLflow itself that do not change are properties, so that they are not in the way."""
        recorder = environment.recorder_for(folder)
        for name, value in tags.items():
            is_own = name.startswith(entities.SYSTEM_PREFIX) and name != HISTORY_TAG
            if name == entities.RUN_NAME:
                recorder.attribute("displayName", value)
            elif name == entities.NOTE:
                recorder.attribute("description", value)
            elif is_own and name not in folder.view().properties:
                recorder.properties({name: value})
            else:
                recorder.tag(name, value)


def _refuse(name):
    def refused(self, *args, **kwargs):
        raise MlflowException("MLflow's {} is not available in this version of Runledger.".format(name))

    return refused


# The base class answers None to what is not overridden.
for _name in (
    "delete_experiment",
    "delete_experiment_tag",
    "delete_run",
    "rename_experiment",
    "restore_experiment",
    "restore_run",
    "set_experiment_tag",
):
    setattr(RunledgerStore, _name, _refuse(_name))
