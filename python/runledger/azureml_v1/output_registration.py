"""Registers the outputs of a script as data sets, when it has completed: ``register_on_complete``."""

import json

from runledger.azureml_v1.data_flow import OUTPUT_PREFIX
from runledger.errors import RunledgerError


def register_outputs(workspace_folder, variables):
    """Registers those outputs of which the ``variables`` of a script say so. Returns what went wrong, as texts."""
    problems = []
    for variable, text in sorted(variables.items()):
        if variable.startswith(OUTPUT_PREFIX):
            try:
                binding = json.loads(text)
                registration = binding.get("register")
                path = variables.get(binding.get("pathVariable"))
            except (ValueError, AttributeError):
                continue
            if registration is not None and path is not None:
                problems.extend(_register(workspace_folder, binding["name"], registration, path))
    return problems


def _register(workspace_folder, name, registration, path):
    from runledger.azureml_v1.dataset import of_content
    from runledger.azureml_v1.exceptions import AzureMLException
    from runledger.azureml_v1.workspace import Workspace
    from runledger.store.workspace_store import WorkspaceStore

    try:
        workspace = Workspace._of_store(WorkspaceStore(workspace_folder))
        content = dict(registration["content"], sources=[_source(workspace, registration, path)])
        of_content(registration["kind"], content, workspace).register(
            workspace,
            registration["name"],
            registration.get("description"),
            registration.get("tags"),
            create_new_version=True,
        )
    except (AzureMLException, RunledgerError, OSError, KeyError) as error:
        return ["The output {!r} could not be registered as a data set: {}".format(name, error)]
    return []


def _source(workspace, registration, path):
    """Where the data is: below its datastore, so that the workspace can be moved; else at its path."""
    import os

    from runledger.azureml_v1.datastore import Datastore

    glob = registration.get("glob")
    datastore = Datastore(workspace, registration["datastore"])
    relative = os.path.relpath(path, datastore._folder).replace(os.sep, "/")
    place = relative if glob is None else "{}/{}".format(relative, glob.lstrip("/"))
    return {"datastore": datastore.name, "path": place}
