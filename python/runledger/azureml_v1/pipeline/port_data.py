"""What a step has written, once it has completed: ``PortDataReference``."""

import os

from runledger.azureml_v1.data_flow import checked_name
from runledger.azureml_v1.datastore import Datastore, copy_file, files_below
from runledger.azureml_v1.exceptions import UserErrorException


class PortDataReference:
    """The output ``name`` of a step run, in its datastore. It can be an input of a step of another pipeline, too."""

    def __init__(self, workspace, pipeline_run_id, name, record, step_run=None):
        self.name = name
        self.pipeline_run_id = pipeline_run_id
        self._workspace = workspace
        self._step_run = step_run
        self._local = record["path"]
        self._datastore_name = record["datastore"]
        self._path_on_datastore = record["pathOnDatastore"]

    @property
    def data_reference_name(self):
        return self.name

    @property
    def datastore_name(self):
        return self._datastore_name

    @property
    def datastore(self):
        """The ``Datastore``. Raises ``UserErrorException`` where it is gone."""
        return Datastore(self._workspace, self._datastore_name)

    @property
    def path_on_datastore(self):
        return self._path_on_datastore

    def download(self, local_path, overwrite=None, show_progress=None):
        """Copies the files to the folder ``local_path``, where they keep their path on the datastore.

        Files that are there stay unless ``overwrite``. Returns how many were copied. Raises ``UserErrorException``
        where the step has written nothing.
        """
        source = self._existing()
        paths = [source] if os.path.isfile(source) else files_below(source)
        target = os.path.join(os.fspath(local_path), *self._path_on_datastore.split("/"))
        count = 0
        for path in paths:
            relative = os.path.relpath(path, source)
            if copy_file(path, target if relative == os.curdir else os.path.join(target, relative), bool(overwrite)):
                count += 1
                if show_progress:
                    print("Downloaded {}".format(os.path.relpath(path, os.path.dirname(source)).replace(os.sep, "/")))
        return count

    def as_mount(self):
        """The same, as an input of a step; so does ``as_download``."""
        return self

    def as_download(self, input_name=None, path_on_compute=None, overwrite=None):
        return self

    def as_input(self, input_name):
        """The same, as the input ``input_name`` of a step."""
        record = {"path": self._local, "datastore": self._datastore_name, "pathOnDatastore": self._path_on_datastore}
        return PortDataReference(
            self._workspace, self.pipeline_run_id, checked_name(input_name), record, self._step_run
        )

    def _argument(self):
        return self._existing()

    def _input_binding(self):
        return self.name, {"kind": "path", "path": self._existing()}

    def _existing(self):
        if not os.path.exists(self._local):
            raise UserErrorException(
                "The output {!r} is not there: nothing is at {}. The step wrote nothing, or it was removed.".format(
                    self.name, self._local
                )
            )
        return self._local

    def __repr__(self):
        return "PortDataReference(name={!r}, datastore={!r}, path_on_datastore={!r})".format(
            self.name, self._datastore_name, self._path_on_datastore
        )


class StepRunOutput:
    """The output ``name`` of a step run."""

    def __init__(self, step_run, name, record):
        self.name = name
        self.step_run = step_run
        self._record = record

    @property
    def pipeline_run_id(self):
        return self.step_run.pipeline_run_id

    def get_port_data_reference(self):
        """The ``PortDataReference`` of its data."""
        workspace = self.step_run.experiment.workspace
        return PortDataReference(workspace, self.pipeline_run_id, self.name, self._record, self.step_run)

    def __repr__(self):
        return "StepRunOutput(name={!r})".format(self.name)
