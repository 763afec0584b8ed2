"""``azureml.core.compute``: names of compute targets. Whatever the name, runs are carried out on this machine."""

import os
import time

from runledger import host_platform
from runledger.azureml_v1 import compute_definitions
from runledger.azureml_v1.compute_definitions import LOCAL
from runledger.azureml_v1.compute_status import ComputeStatus
from runledger.azureml_v1.exceptions import ComputeTargetException, UserErrorException, translated


class ProvisioningConfiguration:
    """What ``provisioning_configuration`` gives. Everything is kept, and nothing is made of it."""

    def __init__(self, kind, values):
        self._kind = kind
        self._values = values
        for name, value in values.items():
            setattr(self, name, value)

    def __repr__(self):
        fields = ", ".join("{}={!r}".format(name, value) for name, value in self._values.items())
        return "{}ProvisioningConfiguration({})".format(self._kind, fields)


class ComputeTarget:
    """The compute target ``name`` of ``workspace``: another name for this machine.

    There is ``local``, and what ``create`` or ``attach`` made. Raises ``ComputeTargetException`` for any other name.
    """

    _TYPE = "AmlCompute"

    def __new__(cls, workspace=None, name=None, **kwargs):
        if cls is ComputeTarget and workspace is not None and name is not None:
            kind = _KINDS.get(compute_definitions.existing(workspace, name).get("type"))
            return object.__new__(cls if kind is None else kind)
        return object.__new__(cls)

    def __init__(self, workspace, name, **kwargs):
        self._read(workspace, compute_definitions.existing(workspace, name))

    def _read(self, workspace, definition):
        self.workspace = workspace
        self.name = definition["name"]
        self.type = definition["type"]
        self.location = workspace.location
        self.description = definition.get("description")
        self.tags = dict(definition.get("tags") or {})
        self.provisioning_state = "Succeeded"
        self.provisioning_errors = None
        self.is_attached = bool(definition.get("isAttached"))
        self._provisioning = dict(definition.get("provisioning") or {})
        self._created_time = compute_definitions.time_text(definition.get("createdTime"))

    @property
    def id(self):
        from runledger.azureml_v1.workspace import Workspace

        return "{}/computes/{}".format(Workspace.get_details(self.workspace)["id"], self.name)

    @property
    def vm_size(self):
        """As it was asked for; nothing depends on it here."""
        return self._provisioning.get("vm_size")

    @property
    def scale_settings(self):
        """The numbers of nodes that were asked for; this machine is one."""
        return ScaleSettings(
            self._provisioning.get("min_nodes") or 0,
            self._provisioning.get("max_nodes") or 1,
            self._provisioning.get("idle_seconds_before_scaledown"),
        )

    @staticmethod
    @translated
    def create(workspace, name, provisioning_configuration):
        """Makes ``name`` another name for this machine, and returns it. One that is there already is replaced.

        Raises ``ComputeTargetException`` for a name that cannot be one.
        """
        if not isinstance(provisioning_configuration, ProvisioningConfiguration):
            raise ComputeTargetException(
                "provisioning_configuration must be what provisioning_configuration() or attach_configuration() gives, "
                "not {}.".format(type(provisioning_configuration).__name__)
            )
        return _made(workspace, name, provisioning_configuration, is_attached=False)

    @staticmethod
    @translated
    def attach(workspace, name, attach_configuration):
        """As ``create``: the machine that is attached stands for this one."""
        if not isinstance(attach_configuration, ProvisioningConfiguration):
            raise ComputeTargetException(
                "attach_configuration must be what attach_configuration() gives, not {}.".format(
                    type(attach_configuration).__name__
                )
            )
        return _made(workspace, name, attach_configuration, is_attached=True)

    @staticmethod
    def list(workspace):
        """The compute targets of ``workspace``, by name, without ``local``."""
        return [_target(workspace, definition) for definition in compute_definitions.definitions(workspace)]

    def wait_for_completion(self, show_output=False, min_node_count=None, timeout_in_minutes=None, **kwargs):
        """Returns at once: there is nothing to be provided."""
        if show_output:
            print("Succeeded: {} stands for this machine.".format(self.name))

    def get_status(self):
        """The status of this machine."""
        return ComputeStatus(self)

    @property
    def status(self):
        """As ``get_status``: how older scripts read it."""
        return self.get_status()

    def refresh_state(self):
        """Reads the target again. Raises ``ComputeTargetException`` where it is gone."""
        self._read(self.workspace, compute_definitions.existing(self.workspace, self.name))

    def list_nodes(self):
        """This machine: ``[{"nodeId", "ipAddress", "nodeState"}]``."""
        return [{"nodeId": host_platform.host_name(), "ipAddress": "127.0.0.1", "nodeState": "idle"}]

    def delete(self):
        """Forgets the name. Runs that used it are unaffected. ``local`` cannot be deleted."""
        if self.name == LOCAL:
            raise ComputeTargetException("The compute target local is this machine, and cannot be deleted.")
        compute_definitions.refuse_file(self.workspace, self.name)
        compute_definitions.remove(self.workspace, self.name)

    detach = delete

    def update(
        self,
        min_nodes=None,
        max_nodes=None,
        idle_seconds_before_scaledown=None,
        quota=None,
        **kwargs,
    ):
        """Keeps the numbers of nodes."""
        values = {
            "min_nodes": min_nodes,
            "max_nodes": max_nodes,
            "idle_seconds_before_scaledown": idle_seconds_before_scaledown,
        }
        compute_definitions.refuse_file(self.workspace, self.name)
        self._provisioning.update({name: value for name, value in values.items() if value is not None})
        if self.name != LOCAL:
            definition = dict(compute_definitions.existing(self.workspace, self.name), provisioning=self._provisioning)
            compute_definitions.write(self.workspace, definition)

    def start(self, wait_for_completion=False, show_output=False):
        """Returns at once: this machine is on."""

    def stop(self, wait_for_completion=False, show_output=False):
        """Returns at once: this machine stays on."""

    def restart(self, wait_for_completion=False, show_output=False):
        """Returns at once: this machine stays on."""

    def serialize(self):
        """The target as a dict of plain values, in the cloud's spelling."""
        return {
            "id": self.id,
            "name": self.name,
            "location": self.location,
            "tags": self.tags,
            "properties": {
                "description": self.description,
                "computeType": self.type,
                "computeLocation": self.location,
                "provisioningState": self.provisioning_state,
                "provisioningErrors": None,
                "isAttachedCompute": self.is_attached,
                "properties": {"vmSize": self.vm_size},
            },
        }

    def __repr__(self):
        return "{}(workspace={!r}, name={!r}, type={!r})".format(
            type(self).__name__, self.workspace, self.name, self.type
        )


class ScaleSettings:
    """Numbers of nodes."""

    def __init__(self, minimum_node_count, maximum_node_count, idle_seconds_before_scaledown):
        self.minimum_node_count = minimum_node_count
        self.maximum_node_count = maximum_node_count
        self.idle_seconds_before_scaledown = idle_seconds_before_scaledown


class _ConfiguredTarget(ComputeTarget):
    @classmethod
    def provisioning_configuration(cls, *args, **kwargs):
        """What to give to ``create``. Every argument is kept; none has an effect on a run."""
        values = dict(zip(cls._ARGUMENTS, args))
        values.update(kwargs)
        return ProvisioningConfiguration(cls._TYPE, values)

    @classmethod
    def attach_configuration(cls, *args, **kwargs):
        """What to give to ``attach``. A password or key is dropped at once; nothing is logged in to."""
        values = {name: value for name, value in kwargs.items() if name not in _SECRETS}
        return ProvisioningConfiguration(cls._TYPE, values)

    _ARGUMENTS = ()


class AmlCompute(_ConfiguredTarget):
    """A cluster of the cloud; here another name for this machine."""

    _TYPE = "AmlCompute"
    _ARGUMENTS = (
        "vm_size",
        "vm_priority",
        "min_nodes",
        "max_nodes",
        "idle_seconds_before_scaledown",
        "admin_username",
    )

    @staticmethod
    def supported_vmsizes(workspace, location=None):
        """This machine, as the one size there is: ``[{"name", "vCPUs", "gpus"}]``."""
        return [{"name": LOCAL, "vCPUs": os.cpu_count() or 1, "gpus": 0}]


class ComputeInstance(_ConfiguredTarget):
    """A machine of the cloud; here another name for this one."""

    _TYPE = "ComputeInstance"
    _ARGUMENTS = ("vm_size", "ssh_public_access", "admin_user_ssh_public_key")
    supported_vmsizes = AmlCompute.supported_vmsizes


class RemoteCompute(_ConfiguredTarget):
    """A machine that is logged in to; here another name for this one."""

    _TYPE = "VirtualMachine"


class DsvmCompute(_ConfiguredTarget):
    _TYPE = "VirtualMachine"
    _ARGUMENTS = ("vm_size", "ssh_port")


class AksCompute(_ConfiguredTarget):
    """A cluster for web services; Runledger deploys nothing."""

    _TYPE = "AKS"
    _ARGUMENTS = ("agent_count", "vm_size")

    class ClusterPurpose:
        """What the cluster is for."""

        FAST_PROD = "FastProd"
        DEV_TEST = "DevTest"


class BatchCompute(_ConfiguredTarget):
    _TYPE = "Batch"


class DatabricksCompute(_ConfiguredTarget):
    _TYPE = "Databricks"


class DataFactoryCompute(_ConfiguredTarget):
    _TYPE = "DataFactory"


class AdlaCompute(_ConfiguredTarget):
    _TYPE = "DataLakeAnalytics"


class HDInsightCompute(_ConfiguredTarget):
    _TYPE = "HDInsight"


class KubernetesCompute(_ConfiguredTarget):
    _TYPE = "Kubernetes"


class SynapseCompute(_ConfiguredTarget):
    _TYPE = "SynapseSpark"


_KINDS = {
    kind._TYPE: kind
    for kind in (
        DsvmCompute,
        RemoteCompute,
        AmlCompute,
        ComputeInstance,
        AksCompute,
        BatchCompute,
        DatabricksCompute,
        DataFactoryCompute,
        AdlaCompute,
        HDInsightCompute,
        KubernetesCompute,
        SynapseCompute,
    )
}
_SECRETS = ("password", "private_key_file", "private_key_passphrase", "access_token")


class _Targets(dict):
    """``{name: target}``. A subscript with another name gives this machine under that name, which is not kept.

    So ``workspace.compute_targets["cpu-cluster"]`` of a script whose cluster was made in a browser goes on, and the run has
    the same warning as with ``compute_target="cpu-cluster"``, while ``in`` and ``get`` say what is there.
    """

    def __init__(self, workspace):
        super().__init__((target.name, target) for target in ComputeTarget.list(workspace))
        self._workspace = workspace

    def __missing__(self, name):
        if not isinstance(name, str) or not name.strip():
            raise KeyError(name)
        if name == LOCAL:
            return ComputeTarget(self._workspace, LOCAL)
        return _target(self._workspace, {"name": name, "type": "AmlCompute"})


def compute_targets(workspace):
    """``{name: target}`` of ``workspace``; see ``_Targets``."""
    return _Targets(workspace)


def default_compute_target(workspace, kind):
    """What ``Workspace.get_default_compute_target`` gives: the machine itself."""
    if kind not in ("CPU", "GPU"):
        raise UserErrorException('type must be "CPU" or "GPU", not {!r}.'.format(kind))
    return ComputeTarget(workspace, LOCAL)


def _target(workspace, definition):
    target = object.__new__(_KINDS.get(definition["type"], ComputeTarget))
    target._read(workspace, definition)
    return target


def _made(workspace, name, configuration, is_attached):
    if name == LOCAL:
        raise ComputeTargetException("The compute target local is there already: it is this machine.")
    if compute_definitions.has_file(workspace, name):
        # What it is, a person has said in the file.
        return _target(workspace, compute_definitions.existing(workspace, name))
    definition = {
        "format": 1,
        "name": name,
        "type": configuration._kind,
        "createdTime": time.time(),
        "isAttached": is_attached,
        "description": configuration._values.get("description"),
        "tags": {str(key): str(value) for key, value in (configuration._values.get("tags") or {}).items()},
        "provisioning": {
            key: value
            for key, value in configuration._values.items()
            if key not in ("tags", "description") and isinstance(value, (str, int, float, type(None)))
        },
    }
    compute_definitions.write(workspace, definition)
    return _target(workspace, definition)
