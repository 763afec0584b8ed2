"""``azureml.core.resource_configuration.ResourceConfiguration``: what a model is said to need."""


class ResourceConfiguration:
    """``cpu`` cores, ``memory_in_gb`` and ``gpu`` devices. They are kept with whatever has them, and limit nothing."""

    def __init__(self, cpu=None, memory_in_gb=None, gpu=None):
        self.cpu = cpu
        self.memory_in_gb = memory_in_gb
        self.gpu = gpu

    def serialize(self):
        """A dict of plain values."""
        return {"cpu": self.cpu, "memoryInGB": self.memory_in_gb, "gpu": self.gpu}

    def __repr__(self):
        return "ResourceConfiguration(cpu={!r}, memory_in_gb={!r}, gpu={!r})".format(
            self.cpu, self.memory_in_gb, self.gpu
        )
