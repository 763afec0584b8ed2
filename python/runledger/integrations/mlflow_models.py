"""Models that MLflow 3 logs: an entity of its own there, here files of the run that made them."""

import json
import os
import time
from pathlib import Path

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST

from runledger.store.names import new_uuid

RECORDS_FOLDER = "mlflow"
"""Among the run's files: ``<model id>.json`` of each model."""
DEFAULT_NAME = "model"


class LoggedModels:
    """A part of ``RunledgerStore``, which provides ``_store`` and ``_folder``. The files of a model lie under its
    name, as those of earlier versions of MLflow did."""

    def create_logged_model(
        self, experiment_id, name=None, source_run_id=None, tags=None, params=None, model_type=None
    ):
        if source_run_id is None:
            raise MlflowException(
                "A model is logged into a run here. Log it inside mlflow.start_run().",
                error_code=INVALID_PARAMETER_VALUE,
            )
        folder = self._folder(source_run_id)
        name = name or DEFAULT_NAME
        now = int(time.time() * 1000)
        record = {
            "model_id": "m-" + new_uuid().replace("-", ""),
            "experiment_id": str(experiment_id),
            "name": name,
            "artifact": folder.unused_artifact_name(name, ""),
            "source_run_id": source_run_id,
            "creation_timestamp": now,
            "last_updated_timestamp": now,
            "model_type": model_type,
            "status": "PENDING",
            "tags": {tag.key: tag.value for tag in tags or []},
            "params": {param.key: param.value for param in params or []},
        }
        return self._written(folder, record)

    def get_logged_model(self, model_id, allow_deleted=False):
        return self._entity_of(*self._record(model_id))

    def finalize_logged_model(self, model_id, status):
        folder, record = self._record(model_id)
        return self._written(folder, dict(record, status=status.name))

    def set_logged_model_tags(self, model_id, tags):
        folder, record = self._record(model_id)
        self._written(folder, dict(record, tags={**record["tags"], **{tag.key: tag.value for tag in tags}}))

    def log_logged_model_params(self, model_id, params):
        folder, record = self._record(model_id)
        added = {param.key: param.value for param in params}
        self._written(folder, dict(record, params={**record["params"], **added}))

    def log_outputs(self, run_id, models):
        """The record of a model names its run: there is nothing to add."""

    def _written(self, folder, record):
        record["last_updated_timestamp"] = int(time.time() * 1000)
        text = json.dumps(record, indent=2) + "\n"
        folder.write_artifact("{}/{}.json".format(RECORDS_FOLDER, record["model_id"]), text.encode("utf-8"))
        return self._entity_of(folder, record)

    def _record(self, model_id):
        """``(RunFolder, record)``. Raises ``MlflowException``."""
        for experiment in self._store.experiments():
            for folder in experiment.runs_newest_first():
                path = os.path.join(folder.artifacts_folder, RECORDS_FOLDER, model_id + ".json")
                if os.path.isfile(path):
                    with open(path, encoding="utf-8") as file:
                        return folder, json.load(file)
        raise MlflowException(
            "The workspace in {} has no logged model {!r}.".format(self._store.folder, model_id),
            error_code=RESOURCE_DOES_NOT_EXIST,
        )

    @staticmethod
    def _entity_of(folder, record):
        # Only MLflow 3 has these, and only MLflow 3 asks.
        from mlflow.entities import LoggedModel, LoggedModelParameter, LoggedModelStatus, LoggedModelTag

        return LoggedModel(
            experiment_id=record["experiment_id"],
            model_id=record["model_id"],
            name=record["name"],
            artifact_location=Path(folder.artifact_path(record["artifact"])).as_uri(),
            creation_timestamp=record["creation_timestamp"],
            last_updated_timestamp=record["last_updated_timestamp"],
            model_type=record["model_type"],
            source_run_id=record["source_run_id"],
            status=LoggedModelStatus[record["status"]],
            tags=[LoggedModelTag(key, value) for key, value in record["tags"].items()],
            params=[LoggedModelParameter(key, value) for key, value in record["params"].items()],
        )
