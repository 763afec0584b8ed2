"""``azureml.pipeline.core.PipelineData``: files that one step writes and others read."""

from runledger.azureml_v1.data_flow import REFERENCE_PREFIX, Input, Output, checked_name
from runledger.azureml_v1.dataset_factory import delimited_reading, parquet_reading
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.pipeline.training_output import TrainingOutput

PATH = "azureml/{run-id}/{output-name}"
_MODES = ("mount", "upload", "hdfs", None)


class PipelineData(Output):
    """What the step that has it among its ``outputs`` writes, and steps that have it among their ``inputs`` read.

    As an argument it is a local path; the step makes the file or folder itself, unless ``is_directory`` is true. As a
    text, within another one, it is replaced by the path as well. ``pipeline_output_name`` is what
    ``get_pipeline_output`` finds it by. How it would be transferred is accepted and ignored. Raises
    ``UserErrorException``.
    """

    def __init__(
        self,
        name,
        datastore=None,
        output_name=None,
        output_mode="mount",
        output_path_on_compute=None,
        output_overwrite=None,
        data_type=None,
        is_directory=None,
        pipeline_output_name=None,
        training_output=None,
    ):
        if datastore is not None and not hasattr(datastore, "_local_path"):
            raise UserErrorException("datastore must be a Datastore, not {}.".format(type(datastore).__name__))
        if output_mode not in _MODES:
            raise UserErrorException("output_mode must be mount or upload, not {!r}.".format(output_mode))
        if training_output is not None and not isinstance(training_output, TrainingOutput):
            raise UserErrorException(
                "training_output must be a TrainingOutput, not {}.".format(type(training_output).__name__)
            )
        checked_name(name)
        super().__init__(output_name or name, datastore, PATH, is_folder=bool(is_directory))
        self.pipeline_output_name = pipeline_output_name
        self.training_output = training_output

    @property
    def datastore(self):
        """As given, else ``None``: that of the pipeline."""
        return self._datastore

    def as_input(self, input_name=None):
        """The files as the input ``input_name`` of another step."""
        return Input(self, input_name)

    def as_mount(self):
        """The files as an input of another step; so do ``as_download`` and ``as_upload``."""
        return Input(self)

    def as_download(self, input_name=None, path_on_compute=None, overwrite=None):
        return Input(self, input_name)

    def as_upload(self, path_on_compute=None, overwrite=None):
        return self

    def as_dataset(self):
        """The files as a data set: as an input, the script finds it in ``run.input_datasets``."""
        return PipelineOutputFileDataset(self)

    def __str__(self):
        return "$" + REFERENCE_PREFIX + self.name

    def __repr__(self):
        return "PipelineData(name={!r})".format(self.name)


class PipelineOutputFileDataset(Input):
    """``PipelineData.as_dataset()``: a data set of files. It stands for the output as well, where a step writes it."""

    def as_named_input(self, name):
        """As the input ``name`` of a step."""
        return PipelineOutputFileDataset(self._origin, name)

    def as_direct(self):
        """The same: a folder."""
        return self

    def parse_delimited_files(
        self,
        include_path=False,
        separator=",",
        header=True,
        partition_format=None,
        file_extension="",
        set_column_types=None,
        quoted_line_breaks=False,
    ):
        """The files as a table, of CSV files, or of those with the ``file_extension``."""
        reading = delimited_reading(include_path, separator, header, partition_format, set_column_types)
        return PipelineOutputTabularDataset(self._origin, self._given_name, reading, _glob(file_extension))

    def parse_parquet_files(
        self, include_path=False, partition_format=None, file_extension=".parquet", set_column_types=None
    ):
        """The files as a table, of Parquet files."""
        reading = parquet_reading(include_path, partition_format, set_column_types)
        return PipelineOutputTabularDataset(self._origin, self._given_name, reading, _glob(file_extension))

    def __repr__(self):
        return "PipelineOutputFileDataset(name={!r})".format(self.name)


class PipelineOutputTabularDataset(Input):
    """Files that a step wrote, as a table."""

    def as_named_input(self, name):
        """As the input ``name`` of a step, which finds it in ``run.input_datasets``."""
        return PipelineOutputTabularDataset(self._origin, name, self._reading, self._glob)

    def keep_columns(self, columns):
        """The columns named."""
        return self._with("keep", columns)

    def drop_columns(self, columns):
        """The columns that are not named."""
        return self._with("drop", columns)

    def _with(self, kind, columns):
        from runledger.azureml_v1.dataset import column_names

        operations = self._reading["operations"] + [{"kind": kind, "columns": column_names(columns)}]
        reading = dict(self._reading, operations=operations)
        return PipelineOutputTabularDataset(self._origin, self._given_name, reading, self._glob)

    def __repr__(self):
        return "PipelineOutputTabularDataset(name={!r})".format(self.name)


def _glob(file_extension):
    return "**/*" + file_extension if file_extension else None
