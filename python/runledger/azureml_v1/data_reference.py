"""``azureml.data.data_reference.DataReference`` and ``azureml.data.datapath.DataPath``: places in a datastore."""

import os
import re

from runledger.azureml_v1.exceptions import UserErrorException

MODES = ("mount", "download", "upload")


class DataReference:
    """``path_on_datastore`` of ``datastore``. As a text, and as an argument of a script, it is the local path.

    The script works on the datastore's own files in every ``mode``: ``path_on_compute`` and ``overwrite`` are kept.
    """

    def __init__(
        self,
        datastore,
        data_reference_name=None,
        path_on_datastore=None,
        mode="mount",
        path_on_compute=None,
        overwrite=False,
    ):
        if not hasattr(datastore, "_local_path"):
            raise UserErrorException("datastore must be a Datastore, not {}.".format(type(datastore).__name__))
        if mode not in MODES:
            raise UserErrorException("mode must be one of {}, not {!r}.".format(", ".join(MODES), mode))
        self.datastore = datastore
        self.path_on_datastore = path_on_datastore
        self.data_reference_name = data_reference_name or _name_of(datastore.name, path_on_datastore)
        self.mode = mode
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite
        datastore._local_path(path_on_datastore)

    def path(self, path=None, data_reference_name=None):
        """A reference to ``path`` below this one."""
        parts = [part.strip("/") for part in (self.path_on_datastore, path) if part]
        return DataReference(self.datastore, data_reference_name, "/".join(parts) or None, self.mode)

    def as_mount(self):
        return self._in_mode("mount", None, False)

    def as_download(self, path_on_compute=None, overwrite=False):
        return self._in_mode("download", path_on_compute, overwrite)

    def as_upload(self, path_on_compute=None, overwrite=False):
        return self._in_mode("upload", path_on_compute, overwrite)

    def to_config(self):
        """The reference as ``run_config.data_references[name]`` takes it."""
        from runledger.azureml_v1.run_configuration import DataReferenceConfiguration

        return DataReferenceConfiguration(
            self.datastore.name, self.mode, self.path_on_datastore, self.path_on_compute, self.overwrite
        )

    def _in_mode(self, mode, path_on_compute, overwrite):
        return DataReference(
            self.datastore, self.data_reference_name, self.path_on_datastore, mode, path_on_compute, overwrite
        )

    def _argument(self):
        """The local path. One that a script is to write to is made."""
        path = self.datastore._local_path(self.path_on_datastore)
        if self.mode == "upload" and not os.path.exists(path):
            os.makedirs(path)
        return path

    def _input_binding(self):
        return self.data_reference_name, {"kind": "path", "path": self._argument()}

    def __str__(self):
        return self._argument()

    def __fspath__(self):
        return self._argument()

    def __repr__(self):
        return "DataReference(datastore={!r}, path_on_datastore={!r}, mode={!r})".format(
            self.datastore.name, self.path_on_datastore, self.mode
        )


class DataPath:
    """``path_on_datastore`` of ``datastore``, as data sets are made of it."""

    def __init__(self, datastore=None, path_on_datastore=None, name=None):
        self._datastore = datastore
        self._path_on_datastore = path_on_datastore
        self._name = name

    @property
    def path_on_datastore(self):
        return self._path_on_datastore

    @property
    def datastore_name(self):
        return None if self._datastore is None else self._datastore.name

    def create_data_reference(self, data_reference_name=None, datastore=None, mode="mount", path_on_compute=None):
        """A ``DataReference`` to it."""
        return DataReference(
            datastore or self._datastore,
            data_reference_name or self._name,
            self._path_on_datastore,
            mode,
            path_on_compute,
        )


class DataPathComputeBinding:
    """How a script reaches a ``DataPath``."""

    def __init__(self, mode="mount", path_on_compute=None, overwrite=False):
        self.mode = mode
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite


def _name_of(datastore, path):
    text = datastore if not path else os.path.basename(path.rstrip("/")) or datastore
    return re.sub(r"[^0-9A-Za-z_]", "_", text)
