"""What a run uses of the machine, measured by its supervisor."""

import os
import sys
import unittest

from supervised import SupervisedTestCase
from support import wait_until

BUSY = (
    "import os, sys, time\n"
    "block = bytearray(os.urandom(1 << 20)) * 300\n"
    "if os.fork() == 0:\n"
    "    sys.stdout.write('the child shares the block\\n')\n"
    "    sys.stdout.flush()\n"
    "    while os.getppid() != 1:\n"
    "        pass\n"
    "while True:\n"
    "    time.sleep(1)\n"
)


@unittest.skipUnless(sys.platform.startswith("linux"), "needs /proc")
class SystemMetricsOfARun(SupervisedTestCase):
    def test_processor_time_and_memory_of_all_its_processes(self):
        run, process = self.launch(BUSY)
        wait_until(lambda: "system/cpu_percent" in run.view().metrics, "a sample")
        metrics = run.view().metrics
        step, percent, _ = metrics["system/cpu_percent"].points[0]
        self.assertGreaterEqual(step, 2)
        self.assertGreater(percent, 10)
        self.assertLess(percent, 250)
        megabytes = metrics["system/memory_megabytes"].points[0][1]
        self.assertGreater(megabytes, 300)
        self.assertLess(megabytes, 500, "memory that two processes share counts once")

    def test_they_are_no_results(self):
        run, process = self.launch("from azureml.core import Run\nRun.get_context().log('loss', 0.5)\n" + BUSY)
        wait_until(lambda: "system/cpu_percent" in run.view().metrics, "a sample")
        from azureml.core import Experiment, Run, Workspace

        found = Run(Experiment(Workspace.from_config(self.project), "trial"), run.id)
        self.assertEqual(found.get_metrics(), {"loss": 0.5})
        self.assertGreater(found.get_metrics("system/memory_megabytes")["system/memory_megabytes"], 300)

    def test_they_can_be_left_out(self):
        run, view = self.carry_out(
            "import time\ntime.sleep(2.5)\n", environmentVariables={"RUNLEDGER_SYSTEM_METRICS": "0"}
        )
        self.assertEqual(view.metrics, {})


class Gpus(SupervisedTestCase):
    """The program that asks NVIDIA's driver is one of the test's: few machines that run tests have such a card."""

    ANSWER = "#!/bin/sh\nprintf '0, 97, 10240\\n1, [N/A], 512\\n'\n"

    def setUp(self):
        super().setUp()
        os.chmod(self.write("bin/nvidia-smi", self.ANSWER), 0o755)
        path = os.environ["PATH"]
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        os.environ["PATH"] = os.path.abspath("bin") + os.pathsep + path

    def values(self, visible_devices=None):
        from runledger.supervisor.system_metrics import SystemMetrics

        _, values = SystemMetrics(lambda: (0.0, 0), visible_devices).sample()
        return {name: value for name, value in values.items() if "gpu" in name}

    @unittest.skipIf(sys.platform == "win32", "needs a shell")
    def test_each_card(self):
        self.assertEqual(
            self.values(),
            {
                "system/gpu_0_utilization_percent": 97.0,
                "system/gpu_0_memory_megabytes": 10737.4,
                "system/gpu_1_memory_megabytes": 536.9,
            },
        )

    @unittest.skipIf(sys.platform == "win32", "needs a shell")
    def test_only_the_cards_of_the_run(self):
        self.assertEqual(list(self.values("1")), ["system/gpu_1_memory_megabytes"])
        self.assertEqual(self.values(""), {})

    @unittest.skipIf(sys.platform == "win32", "needs a shell")
    def test_a_driver_that_does_not_answer_is_asked_once(self):
        self.write("bin/nvidia-smi", "#!/bin/sh\nexit 9\n")
        self.assertEqual(self.values(), {})


if __name__ == "__main__":
    unittest.main()
