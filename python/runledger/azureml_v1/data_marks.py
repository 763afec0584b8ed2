"""Whether the files of an input are the same as before, told by their sizes and times without reading them."""

import hashlib
import os

from runledger.azureml_v1 import dataset_source
from runledger.azureml_v1.data_reference import DataReference
from runledger.azureml_v1.datastore import files_below


def mark_of(value):
    """A text that differs where the local files of ``value``, an input of a step, do; ``None`` where it has none to
    look at.

    All of a datastore is not looked at: the outputs of steps are there too.
    """
    if isinstance(value, DataReference):
        if not value.path_on_datastore or value.mode == "upload":
            return None
        return _mark(_below(value._argument()))
    dataset = getattr(value, "dataset", None)
    content = getattr(dataset, "_content", None)
    if content is None:
        return None
    local = [source for source in content["sources"] if "url" not in source]
    return _mark(path for path, _ in dataset_source.files(local, dataset._workspace)) if local else None


def _below(path):
    return [path] if os.path.isfile(path) else files_below(path)


def _mark(paths):
    lines = []
    for path in paths:
        found = os.stat(path)
        lines.append("{} {} {}".format(path, found.st_size, found.st_mtime_ns))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
