"""The supervisor, end to end: cancellation, survival, full disks, the handshake."""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from supervised import WAITING, SupervisedTestCase, is_gone
from support import PYTHON_FOLDER, clean_environment, wait_until


class Ending(SupervisedTestCase):
    STUBBORN = (
        "import os, signal, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "        open('outputs/stubborn.pid', 'w').write(str(os.getpid()))\n"
        "        print('stubborn', flush=True)\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
    )

    def stubborn_pid(self, run):
        self.wait_for_log(run, "stubborn")
        with open(run.artifact_path("outputs/stubborn.pid")) as file:
            return int(file.read())

    def test_cancel_ends_the_whole_tree(self):
        run, process = self.launch(self.STUBBORN + WAITING)
        pid = self.stubborn_pid(run)
        self.wait_for_log(run, "ready")
        with open(run.cancel_path, "w"):
            pass
        view = self.finish(run, process)
        self.assertEqual(view.status, "Canceled")
        self.assertEqual(self.statuses(run)[-3:], ["CancelRequested", "Finalizing", "Canceled"])
        self.assertTrue(is_gone(pid), "the process that left its session, and ignores SIGTERM, is still there")
        self.assertEqual(self.active_marks(), [])

    @unittest.skipUnless(os.path.isdir("/proc/self"), "needs /proc")
    def test_a_run_that_ends_leaves_no_zombie(self):
        run, process = self.launch(self.STUBBORN + WAITING)
        pid = self.stubborn_pid(run)
        self.wait_for_log(run, "ready")
        with open(run.cancel_path, "w"):
            pass
        wait_until(lambda: "Finalizing" in self.statuses(run), "the end")
        self.assertFalse(os.path.exists("/proc/{}".format(pid)))
        self.finish(run, process)

    def test_cancel_through_the_sdk_records_one_request(self):
        run, process = self.launch(WAITING)
        self.wait_for_log(run, "ready")
        from azureml.core import Experiment, Workspace

        found = Experiment(Workspace.from_config(), "trial")
        self.assertTrue(next(found.get_runs()).cancel())
        view = self.finish(run, process)
        self.assertEqual(view.status, "Canceled")
        self.assertEqual(self.statuses(run).count("CancelRequested"), 1)

    def test_a_script_that_cancels_its_own_run_and_ends(self):
        _, view = self.carry_out("from azureml.core import Run\nassert Run.get_context().cancel()\n")
        self.assertEqual(view.status, "Canceled")

    def test_sigterm_to_the_supervisor_cancels(self):
        run, process = self.launch(WAITING)
        self.wait_for_log(run, "ready")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(run, process).status, "Canceled")

    def test_a_run_whose_folder_is_deleted_ends(self):
        run, process = self.launch(WAITING)
        self.wait_for_log(run, "ready")
        script = next(entry["pid"] for entry in run.view().processes if entry["role"] == "script")
        shutil.rmtree(run.path)
        process.wait(timeout=30)
        self.assertTrue(is_gone(script))

    def test_cancel_before_the_start(self):
        self.write("train.py", "print('started')\n")
        run = self.new_run()
        with open(run.cancel_path, "w"):
            pass
        process, answer = self.start_supervisor(self.specification(run, snapshot=self.snapshot()))
        self.assertEqual(self.finish(run, process).status, "Canceled")
        self.assertNotIn("Running", self.statuses(run))

    def test_a_script_may_use_sigterm_to_save_its_work(self):
        run, process = self.launch(
            "import signal, sys\n"
            "def save(*_):\n    open('outputs/saved.txt', 'w').write('saved')\n    sys.exit(0)\n"
            "signal.signal(signal.SIGTERM, save)\n" + WAITING
        )
        self.wait_for_log(run, "ready")
        with open(run.cancel_path, "w"):
            pass
        self.assertEqual(self.finish(run, process).status, "Canceled")
        self.assertIn("outputs/saved.txt", run.artifact_names())

    def test_a_script_that_ends_by_itself_when_canceled_has_not_failed(self):
        for start in (
            "from azureml.core import Run\nrun = Run.get_context()\n",
            "import runledger\nrun = runledger.start_run('x')\n",
        ):
            run, process = self.launch(
                start + "import signal, sys, time\n"
                "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
                "with run:\n    print('ready', flush=True)\n    time.sleep(600)\n"
            )
            self.wait_for_log(run, "ready")
            with open(run.cancel_path, "w"):
                pass
            self.assertEqual(self.finish(run, process).status, "Canceled")

    def test_processes_left_behind_are_ended(self):
        run, process = self.launch(
            self.STUBBORN + "while not os.path.exists('outputs/stubborn.pid'):\n    time.sleep(0.01)\n"
        )
        pid = self.stubborn_pid(run)
        self.assertEqual(self.finish(run, process).status, "Completed")
        self.assertTrue(is_gone(pid))

    def test_a_run_outlives_the_session_that_started_it(self):
        self.write(
            "train.py",
            "import os, time\nprint('ready', flush=True)\n"
            "while not os.path.exists({!r}):\n    time.sleep(0.02)\n".format(os.path.join(self.folder, "go")),
        )
        run = self.new_run()
        specification = self.write("launch.json", json.dumps(self.specification(run, snapshot=self.snapshot())))
        # A shell that leads its session, as a terminal's does; the supervisor is in its process group.
        parent = subprocess.Popen(
            ["sh", "-c", '"$0" -m runledger.supervisor < "$1" & wait', sys.executable, specification],
            stdout=subprocess.PIPE,
            env=dict(clean_environment(RUNLEDGER_HOME=self.home), PYTHONPATH=PYTHON_FOLDER),
            start_new_session=True,
        )
        answer = json.loads(parent.stdout.readline().decode("utf-8"))
        self.wait_for_log(run, "ready")
        self.assertNotEqual(os.getsid(answer["pid"]), parent.pid)
        os.killpg(parent.pid, signal.SIGHUP)
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait(timeout=60)
        parent.stdout.close()
        os.kill(answer["pid"], signal.SIGHUP)
        self.assertEqual(run.state()[0], "Running")
        self.write("go", "", self.folder)
        wait_until(lambda: run.view().is_terminal, "the run's end")
        self.assertEqual(run.view().status, "Completed")

    def test_a_killed_run_is_derived_as_failed(self):
        run, process = self.launch(WAITING)
        self.wait_for_log(run, "ready")
        wait_until(lambda: len(run.view().processes) == 2, "the record of the script's process")
        script = [p["pid"] for p in run.view().processes if p["role"] == "script"][0]
        process.kill()
        process.wait(timeout=60)
        self.assertEqual(run.state()[0], "Running", "the script still goes on")
        os.kill(script, signal.SIGKILL)
        wait_until(lambda: is_gone(script), "the script's end")
        status, error, view = run.state()
        self.assertEqual((status, view.status), ("Failed", "Running"))
        self.assertIn("without saying how", error["message"])


class FullDisk(SupervisedTestCase):
    DRIVER = (
        "import errno, os, sys\n"
        "from runledger.store import journal_writer\n"
        "real = os.write\n"
        "lost = []\n"
        "def failing(descriptor, data):\n"
        "    if {condition} and len(lost) < {count}:\n"
        "        lost.append(data)\n"
        "        raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "    return real(descriptor, data)\n"
        "os.write = failing\n"
        "from runledger.supervisor.__main__ import main\n"
        "sys.exit(main())\n"
    )

    def carry_out_with(self, condition, count):
        self.write("train.py", "print('ran')\n")
        run = self.new_run()
        driver = self.write("driver.py", self.DRIVER.format(condition=condition, count=count), self.folder)
        process, answer = self.start_supervisor(self.specification(run, snapshot=self.snapshot()), program=[driver])
        self.assertIn("pid", answer)
        return run, self.finish(run, process)

    def test_the_run_goes_on_without_its_states(self):
        run, view = self.carry_out_with("any(s in data for s in (b'Preparing', b'Starting', b'Finalizing'))", 3)
        self.assertEqual(view.status, "Completed")
        self.assertEqual(self.statuses(run), ["Running", "Completed"])
        with open(run.artifact_path("logs/system_log.txt")) as file:
            self.assertEqual(file.read().count("No space left"), 3)

    def test_the_end_is_recorded_when_there_is_space_again(self):
        run, view = self.carry_out_with("b'Completed' in data", 2)
        self.assertEqual(view.status, "Completed")
        self.assertEqual(self.active_marks(), [])


class InternalError(SupervisedTestCase):
    def test_a_defect_never_leaves_a_run_running(self):
        self.write("train.py", WAITING)
        run = self.new_run()
        driver = self.write(
            "driver.py",
            "import sys\n"
            "from runledger import host_platform\n"
            "def broken(self, seconds):\n    raise RuntimeError('a defect')\n"
            "real = host_platform.ChildWaiter.pause\n"
            "calls = []\n"
            "def once(self, seconds):\n"
            "    calls.append(1)\n"
            "    (broken if len(calls) == 1 else real)(self, seconds)\n"
            "host_platform.ChildWaiter.pause = once\n"
            "from runledger.supervisor.__main__ import main\n"
            "sys.exit(main())\n",
            self.folder,
        )
        process, answer = self.start_supervisor(self.specification(run, snapshot=self.snapshot()), program=[driver])
        view = self.finish(run, process)
        self.assertEqual(view.status, "Failed")
        self.assertIn("a defect", view.error["message"])
        script = [p["pid"] for p in view.processes if p["role"] == "script"][0]
        self.assertTrue(is_gone(script))


class Handshake(SupervisedTestCase):
    def test_a_launch_that_cannot_be_used(self):
        run = self.new_run()
        cases = {
            b"not json": "not JSON",
            b"[]": "not a JSON object",
            json.dumps(self.specification(run, runId="other")).encode(): "other",
            json.dumps(self.specification(run, runFolder=run.path + "x")).encode(): "run's folder",
            json.dumps(self.specification(run, sourceDirectory="relative")).encode(): "absolute",
            json.dumps(self.specification(run, script=None)).encode(): "one of script and command",
            json.dumps(self.specification(run, arguments=[1])).encode(): "arguments",
        }
        for data, part in cases.items():
            with self.subTest(part):
                process, answer = self.start_supervisor(data)
                self.assertEqual(process.wait(timeout=60), 1)
                self.assertIn(part, answer["error"])
        self.assertEqual(run.view().status, "NotStarted")

    def test_a_group_leader_detaches_too(self):
        self.write("train.py", WAITING)
        run = self.new_run()
        process, answer = self.start_supervisor(
            self.specification(run, snapshot=self.snapshot()), preexec_fn=lambda: os.setpgid(0, 0)
        )
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertNotEqual(answer["pid"], process.pid)
        self.assertEqual(os.getsid(answer["pid"]), answer["pid"])
        self.wait_for_log(run, "ready")
        os.kill(answer["pid"], signal.SIGTERM)
        wait_until(lambda: run.view().is_terminal, "the run's end")
        self.assertEqual(run.view().status, "Canceled")


if __name__ == "__main__":
    unittest.main()
