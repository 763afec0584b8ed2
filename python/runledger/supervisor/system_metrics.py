"""What the processes of a run use of the machine, sampled while it goes on."""

import shutil
import time

from runledger.store.metric_names import SYSTEM_PREFIX

CPU = SYSTEM_PREFIX + "cpu_percent"
MEMORY = SYSTEM_PREFIX + "memory_megabytes"

FIRST_INTERVAL_S = 2.0
LONGEST_INTERVAL_S = 30.0
_AGE_SHARE = 1 / 30
"""Samples of a long run are further apart, so that a chart of any run has some hundred of them."""
_BUSY_SHARE = 1 / 200
"""The most of its time that sampling may take: half a percent of a core."""
_GPU_QUERY = ("index", "utilization.gpu", "memory.used")
_GPU_TIMEOUT_S = 10


class SystemMetrics:
    """Samples what a run's executor started, and the GPUs that the run may use.

    ``system/cpu_percent`` is processor time since the sample before (100: one core was busy all the time),
    ``system/memory_megabytes`` the memory in use, of which processes share what they share. Where ``nvidia-smi`` is there,
    ``system/gpu_<i>_utilization_percent`` and ``system/gpu_<i>_memory_megabytes`` are those of the whole card.
    """

    def __init__(self, usage, visible_devices=None):
        """``usage``: see ``Executor``. ``visible_devices``: what the script gets as ``CUDA_VISIBLE_DEVICES``; ``None``: all."""
        self._usage = usage
        self._gpu_program = shutil.which("nvidia-smi")
        self._gpus = _chosen_gpus(visible_devices)
        self._started = self._sampled = time.monotonic()
        self._cpu_seconds = 0.0
        self._cost = 0.0

    @property
    def interval(self):
        """Seconds until the next sample."""
        age = time.monotonic() - self._started
        wanted = min(max(FIRST_INTERVAL_S, age * _AGE_SHARE), LONGEST_INTERVAL_S)
        return max(wanted, self._cost / _BUSY_SHARE)

    def sample(self):
        """``(seconds since the beginning, {name: value})``, or ``None`` where nothing can be told."""
        now = time.monotonic()
        values = {}
        usage = self._usage()
        if usage is not None:
            cpu_seconds, memory_bytes = usage
            # What a process used that ended unseen is lost, and never less than nothing.
            used = max(cpu_seconds - self._cpu_seconds, 0.0)
            self._cpu_seconds = cpu_seconds
            values[CPU] = round(100 * used / max(now - self._sampled, 0.001), 1)
            values[MEMORY] = round(memory_bytes / 1e6, 1)
        values.update(self._gpu_values())
        self._sampled = now
        self._cost = time.monotonic() - now
        return (round(now - self._started), values) if values else None

    def _gpu_values(self):
        if self._gpu_program is None:
            return {}
        values = {}
        for index, utilization, memory in self._gpu_rows():
            if self._gpus is None or index in self._gpus:
                # A card says "[N/A]" of what it does not measure.
                for name, text, factor in (
                    ("utilization_percent", utilization, 1),
                    ("memory_megabytes", memory, 1.048576),
                ):
                    try:
                        values["{}gpu_{}_{}".format(SYSTEM_PREFIX, index, name)] = round(float(text) * factor, 1)
                    except ValueError:
                        pass
        return values

    def _gpu_rows(self):
        import subprocess

        command = [self._gpu_program, "--query-gpu=" + ",".join(_GPU_QUERY), "--format=csv,noheader,nounits"]
        try:
            text = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_GPU_TIMEOUT_S
            ).stdout.decode("utf-8", "replace")
        except (OSError, subprocess.SubprocessError):
            # A driver that hangs or is gone does not come back while the run goes on.
            self._gpu_program = None
            return []
        rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines()]
        return [row for row in rows if len(row) == len(_GPU_QUERY)]


def _chosen_gpus(visible_devices):
    """The indexes that ``CUDA_VISIBLE_DEVICES`` names; ``None`` where it names none, or names cards otherwise."""
    if visible_devices is None:
        return None
    names = [name.strip() for name in visible_devices.split(",") if name.strip()]
    return set(names) if all(name.isdigit() for name in names) else None
