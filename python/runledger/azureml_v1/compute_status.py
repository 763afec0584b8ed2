"""The status of a compute target, as ``AmlCompute.get_status`` gives it."""


class ComputeStatus:
    """What ``get_status`` gives: this machine, which is always there."""

    def __init__(self, target):
        self.allocation_state = "Steady"
        self.provisioning_state = "Succeeded"
        self.state = "Running"
        self.current_node_count = 1
        self.target_node_count = 1
        self.node_state_counts = {"idleNodeCount": 1, "runningNodeCount": 0}
        self.vm_size = target.vm_size
        self.creation_time = target._created_time
        self.modified_time = target._created_time
        self.errors = None
        self.scale_settings = target.scale_settings
        self.vm_priority = target._provisioning.get("vm_priority") or "dedicated"

    def serialize(self):
        """The status as a dict of plain values, in the cloud's spelling."""
        return {
            "currentNodeCount": self.current_node_count,
            "targetNodeCount": self.target_node_count,
            "nodeStateCounts": {
                "preparingNodeCount": 0,
                "runningNodeCount": self.node_state_counts["runningNodeCount"],
                "idleNodeCount": self.node_state_counts["idleNodeCount"],
                "unusableNodeCount": 0,
                "leavingNodeCount": 0,
                "preemptedNodeCount": 0,
            },
            "allocationState": self.allocation_state,
            "allocationStateTransitionTime": self.modified_time,
            "errors": self.errors,
            "creationTime": self.creation_time,
            "modifiedTime": self.modified_time,
            "provisioningState": self.provisioning_state,
            "provisioningStateTransitionTime": None,
            "scaleSettings": {
                "minNodeCount": self.scale_settings.minimum_node_count,
                "maxNodeCount": self.scale_settings.maximum_node_count,
                "nodeIdleTimeBeforeScaleDown": _duration(self.scale_settings.idle_seconds_before_scaledown),
            },
            "vmPriority": str(self.vm_priority).capitalize(),
            "vmSize": self.vm_size,
        }

    def __repr__(self):
        return "{}({!r})".format(type(self).__name__, self.serialize())


def _duration(seconds):
    """An ISO 8601 duration, as ``PT1800S``. Azure ML's own is 120 seconds."""
    return "PT{}S".format(120 if seconds is None else seconds)
