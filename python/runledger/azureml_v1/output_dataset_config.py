"""``azureml.data.OutputFileDatasetConfig``: files that a script writes, and that become a data set."""

import copy
import os

from runledger.azureml_v1.data_flow import Input, Output, output_variables
from runledger.azureml_v1.dataset_factory import delimited_reading, parquet_reading
from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.not_available import refusal

DEFAULT_PATH = "dataset/{run-id}/{output-name}"


class OutputDatasetConfig(Output):
    """The base of the two. As an argument of a script it is the local path of a folder, which is there."""

    IS_ALWAYS_OUTPUT = True

    @translated
    def register_on_complete(self, name, description=None, tags=None):
        """Registers the files as a version of the data set ``name`` when the run has completed. Returns the output so.
        """
        from runledger.azureml_v1.job import tag_texts
        from runledger.store.names import validated_name

        validated_name("data set", name)
        return self._registered({"name": name, "description": description, "tags": tag_texts(tags) or {}})

    def _view(self):
        """A copy that stands for the same output."""
        return copy.copy(self)


class OutputFileDatasetConfig(OutputDatasetConfig):
    """Files. ``destination`` is ``(datastore, path)``, where ``{run-id}`` and ``{output-name}`` stand for those of the
    run.

    By default they go to ``dataset/{run-id}/{output-name}`` of the default datastore, and without ``name`` they are
    called ``output_<n>``, the n-th of the script. The script writes to the place itself, in every mode. Raises
    ``UserErrorException``.
    """

    def __init__(self, name=None, destination=None, source=None, partition_format=None):
        if source is not None:
            raise refusal(
                "OutputFileDatasetConfig(source=...)", "Leave it out, and write to the folder that is the argument."
            )
        if partition_format is not None:
            raise refusal(
                "OutputFileDatasetConfig(partition_format=...)", "Take what the names say apart in the script."
            )
        datastore, path = _destination(destination)
        super().__init__(name, datastore, path or DEFAULT_PATH, is_folder=True)

    def as_mount(self, disable_metadata_cache=False):
        """The same output: the script writes to the datastore itself."""
        return self._view()

    def as_upload(self, overwrite=False, source_globs=None):
        """As ``as_mount``. ``overwrite`` is not needed. All files are kept: ``source_globs`` is refused."""
        if source_globs is not None:
            raise refusal("as_upload(source_globs=...)", "Write to the output only what is to be kept.")
        return self._view()

    def as_input(self, name=None):
        """The files as an input of another step: a folder."""
        return Input(self, name)

    def read_delimited_files(
        self,
        include_path=False,
        separator=",",
        header=True,
        partition_format=None,
        path_glob=None,
        set_column_types=None,
    ):
        """The files as a table, of CSV files."""
        reading = delimited_reading(include_path, separator, header, partition_format, set_column_types)
        return OutputTabularDatasetConfig._of(self, reading, path_glob)

    def read_parquet_files(self, include_path=False, partition_format=None, path_glob=None, set_column_types=None):
        """The files as a table, of Parquet files."""
        reading = parquet_reading(include_path, partition_format, set_column_types)
        return OutputTabularDatasetConfig._of(self, reading, path_glob)

    def _registered(self, registration):
        view = self._view()
        view._registration = dict(registration, kind="file", content={"operations": []})
        return view

    def __repr__(self):
        return "OutputFileDatasetConfig(name={!r}, path={!r})".format(self.name, self._path)


class OutputTabularDatasetConfig(OutputDatasetConfig):
    """Files that are read as a table. ``OutputFileDatasetConfig.read_delimited_files`` makes one."""

    @classmethod
    def _of(cls, output, reading, glob):
        made = cls.__new__(cls)
        made.__dict__.update(output.__dict__)
        made._reading = reading
        made._glob = glob
        made._registration = None
        return made

    def as_input(self, name=None):
        """The table as an input of another step, which finds it in ``run.input_datasets``."""
        return Input(self, name, self._reading, self._glob)

    def keep_columns(self, columns):
        """The columns named."""
        return self._with({"kind": "keep", "columns": _names(columns)})

    def drop_columns(self, columns):
        """The columns that are not named."""
        return self._with({"kind": "drop", "columns": _names(columns)})

    def _with(self, operation):
        view = self._view()
        view._reading = dict(self._reading, operations=self._reading["operations"] + [operation])
        return view

    def _registered(self, registration):
        view = self._view()
        view._registration = dict(registration, kind="tabular", content=self._reading, glob=self._glob)
        return view

    def __repr__(self):
        return "OutputTabularDatasetConfig(name={!r}, path={!r})".format(self.name, self._path)


def bound_outputs(values, workspace, run_id):
    """What the outputs among ``values``, arguments of a script, are for the run ``run_id``, which is not there yet.

    Returns ``({id of the object: local path}, {variable of the script: value})``. The folders are made.
    """
    paths, variables, names = {}, {}, {}
    for index, output in enumerate(outputs_of(values)):
        name = output.name or "output_{}".format(index + 1)
        if names.setdefault(name, output._origin) is not output._origin:
            raise UserErrorException(
                "Two outputs of the script are called {!r}: give each a name of its own.".format(name)
            )
        datastore, template = output._place(workspace.get_default_datastore())
        path = datastore._local_path(template.replace("{run-id}", run_id).replace("{output-name}", name))
        try:
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            raise UserErrorException(
                "The folder {} of the output {!r} cannot be made: {}.".format(path, name, error)
            ) from None
        paths[id(output)] = path
        variables.update(output_variables(output, name, path, datastore.name))
    return paths, variables


def outputs_of(values):
    """Those of ``values`` that a script writes wherever they are among its arguments."""
    return [value for value in values if getattr(value, "IS_ALWAYS_OUTPUT", False)]


def _destination(destination):
    if destination is None:
        return None, None
    datastore, path = destination if isinstance(destination, tuple) and len(destination) == 2 else (destination, None)
    if not hasattr(datastore, "_local_path") or not (path is None or isinstance(path, str)):
        raise UserErrorException("destination must be (datastore, path), not {!r}.".format(destination))
    return datastore, path


def _names(columns):
    from runledger.azureml_v1.dataset import column_names

    return column_names(columns)
