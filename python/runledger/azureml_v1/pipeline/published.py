"""``azureml.pipeline.core.PublishedPipeline``: a pipeline that is kept with its code, to be submitted again."""

import os
from datetime import datetime, timezone

from runledger import cli
from runledger.azureml_v1 import job
from runledger.azureml_v1.dataset import AbstractDataset, bindings_of
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.pipeline.parameter import plain_value
from runledger.errors import RunledgerError
from runledger.store.files import read_json, write_json
from runledger.store.names import validated_run_id
from runledger.store.workspace_store import STORE_FOLDER

ACTIVE, DISABLED = "Active", "Disabled"
FOLDER = "pipelines"


class PublishedPipeline:
    """A published pipeline. ``Pipeline.publish`` makes one; ``get`` and ``list`` find those of a workspace.

    It runs with the code that it was published with, whatever became of the source folders.
    """

    def __init__(self, name, graph_id=None, version=None, description=None, id=None, status=ACTIVE, workspace=None, **kwargs):
        self._workspace = workspace
        self._record = dict(kwargs, id=id, name=name, version=version, description=description, status=status)

    @classmethod
    def _of_record(cls, workspace, record):
        published = cls.__new__(cls)
        published._workspace = workspace
        published._record = record
        return published

    @classmethod
    @translated
    def get(cls, workspace, id, _service_endpoint=None, **kwargs):
        """The published pipeline ``id`` of ``workspace``. Raises ``UserErrorException``."""
        path = _path(workspace, validated_run_id(str(id)))
        if not os.path.isfile(path):
            raise UserErrorException("There is no published pipeline {} in the workspace {}.".format(id, workspace.name))
        return cls._of_record(workspace, read_json(path, "the published pipeline"))

    @classmethod
    @translated
    def list(cls, workspace, active_only=True, _service_endpoint=None, **kwargs):
        """The published pipelines of ``workspace``, newest first; without ``active_only`` those that are disabled too."""
        found = []
        for name in _names(workspace):
            try:
                record = read_json(os.path.join(_folder(workspace), name), "the published pipeline")
            except RunledgerError:
                continue
            if not active_only or record.get("status") == ACTIVE:
                found.append(cls._of_record(workspace, record))
        return sorted(found, key=lambda published: published._record.get("createdTime", 0), reverse=True)

    @property
    def id(self):
        return self._record["id"]

    @property
    def name(self):
        return self._record["name"]

    @property
    def description(self):
        return self._record.get("description")

    @property
    def version(self):
        return self._record.get("version")

    @property
    def status(self):
        """``Active`` or ``Disabled``."""
        return self._record.get("status")

    @property
    def published_date(self):
        """When it was published, a ``datetime`` in UTC."""
        return datetime.fromtimestamp(self._record["createdTime"], timezone.utc)

    @property
    def graph_id(self):
        """As ``id``: here a pipeline has no other graph."""
        return self.id

    @property
    def endpoint(self):
        """An address of this machine that takes requests to submit the pipeline, for as long as this process lives."""
        from runledger.azureml_v1.pipeline.rest_endpoint import address_of

        return address_of(self)

    def submit(
        self,
        workspace,
        experiment_name,
        pipeline_parameters=None,
        _workflow_provider=None,
        _service_endpoint=None,
        parent_run_id=None,
        continue_on_step_failure=None,
        regenerate_outputs=None,
        **kwargs,
    ):
        """Submits it to the experiment ``experiment_name`` of ``workspace``. Returns the ``PipelineRun``.

        Raises ``UserErrorException`` for a parameter that it does not have, and where it is disabled.
        """
        from runledger.azureml_v1.experiment import Experiment

        return Experiment(workspace, experiment_name).submit(
            self,
            pipeline_parameters=pipeline_parameters,
            parent_run_id=parent_run_id,
            continue_on_step_failure=continue_on_step_failure,
            regenerate_outputs=regenerate_outputs,
        )

    def _submit_to(
        self,
        experiment,
        tags=None,
        pipeline_parameters=None,
        continue_on_step_failure=None,
        regenerate_outputs=None,
        run_id=None,
        parent_run_id=None,
        **kwargs,
    ):
        if pipeline_parameters is not None and not isinstance(pipeline_parameters, dict):
            raise UserErrorException(
                "pipeline_parameters must be a dict, not {}.".format(type(pipeline_parameters).__name__)
            )
        known = self._record.get("definition", {}).get("parameters", {})
        values = {}
        for name, value in (pipeline_parameters or {}).items():
            values[name] = plain_value(name, value)
            if isinstance(value, AbstractDataset):
                values.update(bindings_of(name, value, known))
        return job.submitted(
            experiment,
            "submit-pipeline",
            {
                "publishedId": self.id,
                "tags": job.tag_texts(tags),
                "runId": run_id,
                "parentId": parent_run_id,
                # The command would spell 1.0 as 1.
                "parameters": {n: str(v) if isinstance(v, float) else v for n, v in values.items()},
                "continueOnStepFailure": None if continue_on_step_failure is None else bool(continue_on_step_failure),
                "regenerateOutputs": None if regenerate_outputs is None else bool(regenerate_outputs),
            },
        )

    @translated
    def disable(self):
        """Keeps it from being submitted, and ``list`` from giving it."""
        self._set_status(DISABLED)

    @translated
    def enable(self):
        """The opposite of ``disable``."""
        self._set_status(ACTIVE)

    def _set_status(self, status):
        path = _path(self._workspace, self.id)
        self._record = dict(read_json(path, "the published pipeline"), status=status)
        write_json(path, self._record)

    def __repr__(self):
        return "Pipeline(Name: {},\nId: {},\nStatus: {},\nEndpoint: {})".format(
            self.name, self.id, self.status, self.endpoint
        )


@translated
def publish(workspace, name, description, version, request):
    """Publishes what ``request`` says: the steps of a pipeline, or ``{"ofRun": id}``. Returns the ``PublishedPipeline``."""
    import sys

    answer = cli.call(
        "publish-pipeline",
        dict(
            request,
            workspaceFolder=workspace._store.folder,
            name="Pipeline" if name is None else str(name),
            description=None if description is None else str(description),
            version=None if version is None else str(version),
        ),
    )
    for message in answer["warnings"]:
        sys.stderr.write("Warning: {}\n".format(message))
    return PublishedPipeline.get(workspace, answer["id"])


def _folder(workspace):
    return os.path.join(workspace._store.folder, STORE_FOLDER, FOLDER)


def _path(workspace, id):
    return os.path.join(_folder(workspace), id + ".json")


def _names(workspace):
    try:
        return [name for name in os.listdir(_folder(workspace)) if name.endswith(".json") and not name.startswith(".")]
    except FileNotFoundError:
        return []
