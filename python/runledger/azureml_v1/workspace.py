"""``azureml.core.Workspace`` on a folder of the user's machine."""

import os

from runledger.azureml_v1 import config_file
from runledger.azureml_v1.exceptions import UserErrorException, WorkspaceException, translated
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import WORKSPACE_METHODS, WORKSPACE_PROPERTIES
from runledger.errors import AlreadyExistsError, NotFoundError
from runledger.html_table import link, table
from runledger.links import documentation_link, file_link, folder_link
from runledger.store.workspace_store import STORE_FOLDER, WorkspaceStore, find_workspace_folder
from runledger.tracking.environment import ADVICE


@refuses("Workspace", WORKSPACE_METHODS, WORKSPACE_PROPERTIES)
class Workspace:
    """A workspace. Its folder holds ``.runledger/``; parameters of the cloud are accepted, and kept where they name it.

    The constructor finds the workspace by name. Raises ``WorkspaceException`` where there is none.
    """

    @translated
    def __init__(
        self,
        subscription_id=None,
        resource_group=None,
        workspace_name=None,
        auth=None,
        _location=None,
        _disable_service_check=False,
        _workspace_id=None,
        sku="basic",
        tags=None,
        _cloud="AzureCloud",
    ):
        found = _find_by_name(workspace_name, subscription_id, resource_group)
        self._open(found._store, workspace_name, subscription_id, resource_group)

    def _open(self, store, name=None, subscription_id=None, resource_group=None):
        info = store.info
        self._store = store
        self._workspace_name = name or info.get("name")
        self._subscription_id = subscription_id or info.get("subscriptionId") or config_file.NO_SUBSCRIPTION
        self._resource_group = resource_group or info.get("resourceGroup") or config_file.NO_RESOURCE_GROUP

    @classmethod
    def _of_store(cls, store, *names):
        workspace = cls.__new__(cls)
        workspace._open(store, *names)
        return workspace

    @staticmethod
    @translated
    def from_config(path=None, auth=None, _logger=None, _file_name=None):
        """The workspace that a ``config.json`` names, or where there is none the nearest at or above the folder.

        ``path`` is the file, a folder to search from (upwards), or an ``.azureml`` folder. For a configuration without
        a store at or above it, one is made beside ``.azureml/``, and that is printed. Inside a run it is the run's.
        Raises ``UserErrorException``.
        """
        inside = _workspace_of_run()
        if inside is not None:
            return inside
        config = config_file.find_config(path, _file_name)
        if config is None:
            start = os.path.abspath(os.getcwd() if path is None else os.fspath(path))
            folder = find_workspace_folder(start)
            if folder is None:
                raise UserErrorException(
                    "There is no workspace, and no .azureml/config.json, in {} or above it. {}".format(start, ADVICE)
                )
            return Workspace._of_store(_opened(folder))
        names = (config.workspace_name, config.subscription_id, config.resource_group)
        folder = find_workspace_folder(config.folder)
        if folder is None:
            folder = config.folder
            try:
                WorkspaceStore.create(folder, *names)
            except AlreadyExistsError:
                # Another process was faster.
                pass
            else:
                print(
                    "Runledger made the workspace {} in {}, for {}.".format(
                        config.workspace_name, os.path.join(folder, ".runledger"), config.path
                    )
                )
        return Workspace._of_store(_opened(folder), *names)

    @staticmethod
    @translated
    def create(
        name,
        auth=None,
        subscription_id=None,
        resource_group=None,
        location=None,
        create_resource_group=True,
        sku="basic",
        tags=None,
        friendly_name=None,
        storage_account=None,
        key_vault=None,
        app_insights=None,
        container_registry=None,
        cmk_keyvault=None,
        resource_cmk_uri=None,
        hbi_workspace=False,
        exist_ok=False,
        show_output=True,
        **kwargs,
    ):
        """Makes a workspace in the current folder. What belongs to the cloud alone is accepted and has no effect.

        Raises ``WorkspaceException`` where the folder has one and ``exist_ok`` is false.
        """
        if not isinstance(name, str) or not name.strip():
            raise UserErrorException("name: a workspace's name must be a non-empty str, not {!r}.".format(name))
        folder = os.getcwd()
        labels = {str(key): None if value is None else str(value) for key, value in (tags or {}).items()}
        try:
            store = WorkspaceStore.create(
                folder, name, subscription_id, resource_group, location=location or "local", tags=labels
            )
        except AlreadyExistsError:
            store = _opened(folder)
            if not exist_ok:
                raise WorkspaceException(
                    "{} holds the workspace {!r} already. Pass exist_ok=True to use it, or read it with "
                    "Workspace.from_config().".format(folder, store.info.get("name"))
                ) from None
        else:
            if show_output:
                print("Runledger made the workspace {} in {}.".format(name, os.path.join(folder, ".runledger")))
        return Workspace._of_store(store)

    @staticmethod
    @translated
    def setup():
        """The nearest workspace at or above the current folder; else a new one in it, named like the folder."""
        inside = _workspace_of_run()
        if inside is not None:
            return inside
        folder = find_workspace_folder(os.getcwd())
        if folder is not None:
            return Workspace._of_store(_opened(folder))
        return Workspace.create(os.path.basename(os.getcwd()) or "workspace", exist_ok=True)

    @staticmethod
    @translated
    def get(name, auth=None, subscription_id=None, resource_group=None, **kwargs):
        """The workspace called ``name``. Raises ``WorkspaceException`` where there is none, or more than one."""
        return _find_by_name(name, subscription_id, resource_group)

    @staticmethod
    @translated
    def list(subscription_id=None, auth=None, resource_group=None):
        """The workspaces of this user: ``{name: [workspace, ...]}``."""
        found = {}
        for workspace in _candidates(None, subscription_id, resource_group):
            found.setdefault(workspace.name, []).append(workspace)
        return found

    @property
    def name(self):
        return self._workspace_name

    @property
    def subscription_id(self):
        return self._subscription_id

    @property
    def resource_group(self):
        return self._resource_group

    @property
    def location(self):
        return self._store.info.get("location") or "local"

    @property
    def sku(self):
        """``Basic``, as of a workspace that was made without one: nothing depends on it here."""
        return "Basic"

    @property
    def discovery_url(self):
        """Where the workspace is described: the address of its ``workspace.json``."""
        return file_link(os.path.join(self._store.folder, STORE_FOLDER, "workspace.json"))

    @property
    def tags(self):
        return dict(self._store.info.get("tags") or {})

    @property
    def experiments(self):
        """``{name: Experiment}``."""
        from runledger.azureml_v1.experiment import Experiment

        return {stored.name: Experiment._of_store(self, stored) for stored in self._store.experiments()}

    @property
    def models(self):
        """``{name: Model}``: the newest version of each."""
        from runledger.azureml_v1.model import Model

        return {model.name: model for model in Model.list(self, latest=True)}

    @property
    def environments(self):
        """``{name: Environment}``: the newest version of each."""
        from runledger.azureml_v1.environment import Environment

        return Environment.list(self)

    @property
    def compute_targets(self):
        """``{name: ComputeTarget}``: the names that were made for this machine, without ``local``."""
        from runledger.azureml_v1.compute_target import compute_targets

        return compute_targets(self)

    @property
    def datastores(self):
        """``{name: Datastore}``."""
        from runledger.azureml_v1.datastore import datastores

        return datastores(self)

    @property
    def datasets(self):
        """``{name: data set}``, of each the newest version."""
        from runledger.azureml_v1.dataset import get_all

        return get_all(self)

    @property
    def webservices(self):
        """Empty: Runledger deploys nothing."""
        return {}

    @property
    def images(self):
        """Empty: Runledger builds no images."""
        return {}

    def get_default_compute_target(self, type="CPU"):
        """This machine, as the compute target ``local``."""
        from runledger.azureml_v1.compute_target import default_compute_target

        return default_compute_target(self, type)

    def get_default_datastore(self):
        """The default ``Datastore``: ``workspaceblobstore``, or what ``set_default_datastore`` named."""
        from runledger.azureml_v1.datastore import Datastore

        return Datastore(self)

    def set_default_datastore(self, name):
        """Makes the datastore ``name`` the default one. Raises ``UserErrorException`` where there is none."""
        from runledger.azureml_v1.datastore import set_default

        set_default(self, name)

    def get_default_keyvault(self):
        """A ``Keyvault`` whose secrets are environment variables."""
        from runledger.azureml_v1.keyvault import Keyvault

        return Keyvault()

    def get_mlflow_tracking_uri(self, with_auth=False):
        """What ``mlflow.set_tracking_uri`` takes, so that MLflow logs into this workspace's runs."""
        from runledger.integrations.mlflow_uri import uri_of

        return uri_of(self._store.folder)

    @translated
    def get_run(self, run_id):
        """The run ``run_id``. Raises ``UserErrorException``."""
        from runledger.azureml_v1.experiment import Experiment
        from runledger.azureml_v1.run_classes import run_of
        from runledger.store.workspace_store import ExperimentStore

        folder = self._store.find_run(run_id)
        experiment = Experiment._of_store(self, ExperimentStore(self._store, folder.experiment_key))
        return run_of(experiment, folder)

    @translated
    def write_config(self, path=None, file_name=None):
        """Writes ``<path or the current folder>/.azureml/config.json``, which ``from_config`` reads."""
        config_file.write_config(
            os.getcwd() if path is None else os.fspath(path),
            {
                "subscription_id": self.subscription_id,
                "resource_group": self.resource_group,
                "workspace_name": self.name,
            },
            file_name,
        )

    def get_details(self):
        """What is known of the workspace, in the cloud's terms."""
        from runledger.azureml_v1.run_details import utc_text

        return {
            "id": "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/workspaces/{}".format(
                self.subscription_id, self.resource_group, self.name
            ),
            "name": self.name,
            "location": self.location,
            "type": "Microsoft.MachineLearningServices/workspaces",
            "tags": self.tags,
            "workspaceid": self._store.info.get("id"),
            "description": "",
            "friendlyName": self.name,
            "sku": self.sku,
            "discoveryUrl": self.discovery_url,
            "creationTime": utc_text(self._store.info.get("createdTime")),
        }

    def _repr_html_(self):
        return table(
            [
                ("Name", self.name),
                ("Resource Group", self.resource_group),
                ("Subscription", self.subscription_id),
                ("Location", self.location),
                ("Folder", link(folder_link(self._store.folder), self._store.folder)),
                ("Docs Page", link(documentation_link("workspace.Workspace"), "Documentation of the class")),
            ]
        )

    def __repr__(self):
        return "Workspace.create(name={!r}, subscription_id={!r}, resource_group={!r})".format(
            self.name, self.subscription_id, self.resource_group
        )


def _opened(folder):
    try:
        return WorkspaceStore(folder)
    except NotFoundError as error:
        raise WorkspaceException(str(error), error) from None


def _workspace_of_run():
    folder = os.environ.get("RUNLEDGER_WORKSPACE")
    if not folder:
        return None
    return Workspace._of_store(
        _opened(folder),
        os.environ.get("AZUREML_ARM_WORKSPACE_NAME"),
        os.environ.get("AZUREML_ARM_SUBSCRIPTION"),
        os.environ.get("AZUREML_ARM_RESOURCEGROUP"),
    )


def _candidates(name, subscription_id, resource_group):
    from runledger.store.registry import registered_workspaces

    stores = {os.path.realpath(store.folder): store for store in registered_workspaces()}
    nearest = find_workspace_folder(os.getcwd())
    if nearest is not None and os.path.realpath(nearest) not in stores:
        stores[os.path.realpath(nearest)] = _opened(nearest)
    found = [Workspace._of_store(store) for store in stores.values()]
    return [
        workspace
        for workspace in found
        if (name is None or workspace.name == name)
        and (not subscription_id or _is_unknown_or(workspace._store.info.get("subscriptionId"), subscription_id))
        and (not resource_group or _is_unknown_or(workspace._store.info.get("resourceGroup"), resource_group))
    ]


def _is_unknown_or(stored, wanted):
    return stored is None or stored == wanted


def _find_by_name(name, subscription_id, resource_group):
    if not isinstance(name, str) or not name:
        raise UserErrorException("The name of a workspace must be a non-empty str, not {!r}.".format(name))
    inside = _workspace_of_run()
    if inside is not None:
        return inside
    found = _candidates(name, subscription_id, resource_group)
    if not found:
        config = config_file.find_config(None, None)
        if config is not None and config.workspace_name == name:
            return Workspace.from_config()
        raise WorkspaceException(
            "There is no workspace {!r} on this machine. Workspace.create(name={!r}) makes one in the current folder; "
            "Workspace.from_config() uses the nearest one.".format(name, name)
        )
    if len(found) > 1:
        raise WorkspaceException(
            "{} workspaces are called {!r}, in {}. Use Workspace.from_config(path=...) with one of these folders.".format(
                len(found), name, ", ".join(sorted(workspace._store.folder for workspace in found))
            )
        )
    return found[0]
