"""Control groups of scripts, and runs that are canceled when their supervisor was killed."""

import os
import subprocess
import sys
import time
import unittest

from supervised import SupervisedTestCase, is_gone
from support import StoreTestCase, clean_environment, wait_until
from runledger import host_platform
from runledger.store.liveness import process_record_of
from runledger.supervisor import control_group
from runledger.supervisor.abandoned import end_script
from runledger.supervisor.control_group import ControlGroup
from runledger.supervisor.process_tree import GRACE_S, KILL_LIMIT_S

DAEMON = (
    "import os, signal, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('daemon', os.getpid(), flush=True)\n"
    "signal.pause()\n"
)
LEAVING = (
    "import os, signal, sys\n"
    "from azureml.core import Run\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        os.execve(sys.executable, [sys.executable, '-c', {daemon!r}], {variables})\n"
    "    os._exit(0)\n"
    "os.wait()\n"
    "Run.get_context().log('loss', 0.25)\n"
    "print('script', flush=True)\n"
    "signal.pause()\n"
)


def _why_no_group():
    if not host_platform.IS_LINUX:
        return "control groups are Linux's"
    group = ControlGroup.enter_new("trial_1_{}".format(os.urandom(4).hex()))
    if group is None:
        return "no control group can be had here"
    group.leave()
    group.remove()
    return None


WHY_NO_GROUP = _why_no_group()
needs_group = unittest.skipIf(WHY_NO_GROUP, WHY_NO_GROUP)
needs_linux = unittest.skipUnless(host_platform.IS_LINUX, "needs /proc")


@needs_group
class Group(unittest.TestCase):
    def setUp(self):
        self.run_id = "trial_1_{}".format(os.urandom(4).hex())
        self.group = ControlGroup.enter_new(self.run_id)
        try:
            self.child = subprocess.Popen([sys.executable, "-c", DAEMON], stdout=subprocess.PIPE)
        finally:
            self.group.leave()
        self.addCleanup(self.end)
        self.child.stdout.readline()

    def end(self):
        self.child.kill()
        self.child.wait(timeout=60)
        self.child.stdout.close()
        self.group.remove()

    def record(self, **changes):
        return dict(process_record_of("script", self.child.pid), cgroup=self.group.path, **changes)

    def test_holds_what_was_started_within_and_not_who_made_it(self):
        self.assertEqual(self.group.pids(), {self.child.pid})

    def test_kills_its_members_and_those_of_groups_below(self):
        below = ControlGroup(os.path.join(self.group.path, "below"), control_group._own_folder())
        os.mkdir(below.path)
        control_group._move_into(below.path)
        try:
            other = subprocess.Popen(["sleep", "600"])
        finally:
            below.leave()
        self.assertEqual(self.group.pids(), {self.child.pid, other.pid})
        if os.path.exists(os.path.join(self.group.path, "cgroup.kill")):
            self.group.kill()
        else:
            host_platform.signal_processes(self.group.pids(), forcibly=True)
        self.assertEqual((self.child.wait(timeout=60), other.wait(timeout=60)), (-9, -9))
        self.group.remove()
        self.assertFalse(os.path.exists(self.group.path))
        self.assertEqual(self.group.pids(), set())

    def test_does_not_kill_who_asks(self):
        control_group._move_into(self.group.path)
        try:
            self.group.kill()
            self.assertFalse(is_gone(self.child.pid))
        finally:
            self.group.leave()

    def test_is_found_by_its_record(self):
        self.assertEqual(ControlGroup.of_record(self.record(), self.run_id).path, self.group.path)

    def test_what_a_record_says_is_not_believed(self):
        record = self.record()
        self.assertIsNone(ControlGroup.of_record(record, "trial_1_00000000"))
        self.assertIsNone(ControlGroup.of_record(dict(record, bootId="another"), self.run_id))
        self.assertIsNone(ControlGroup.of_record(dict(record, bootId=""), self.run_id))
        parent = os.path.dirname(self.group.path)
        for path in (parent, os.path.join(self.group.path, "..", os.path.basename(self.group.path))):
            self.assertIsNone(ControlGroup.of_record(dict(record, cgroup=path), self.run_id), path)

    def test_one_that_a_killed_supervisor_left_behind_is_removed_in_time(self):
        folders = [os.path.join(os.path.dirname(self.group.path), "runledger-trial_1_" + name) for name in ("old", "young")]
        for folder in folders:
            os.mkdir(folder)
            self.addCleanup(lambda folder=folder: os.path.isdir(folder) and os.rmdir(folder))
        os.utime(folders[0], (1, 1))
        os.utime(self.group.path, (1, 1))
        control_group._remove_abandoned(os.path.dirname(self.group.path))
        self.assertEqual([os.path.isdir(folder) for folder in folders], [False, True])
        self.assertTrue(os.path.isdir(self.group.path), "it has members")


class Whereabouts(StoreTestCase):
    def own_folder(self, cgroup, mounts, *groups):
        for group in groups:
            self.write(os.path.join(group, "cgroup.procs"), "", self.folder)
        lines = "".join("31 23 0:28 {} {} rw,relatime shared:9 - {} none rw\n".format(*mount) for mount in mounts)
        self.write("process/cgroup", cgroup, self.folder)
        self.write("process/mountinfo", lines, self.folder)
        return control_group._own_folder(os.path.join(self.folder, "process"))

    def mount(self, name):
        return os.path.join(self.folder, name)

    def test_in_a_session_of_a_user(self):
        found = self.own_folder(
            "0::/user.slice/app.scope\n", [("/", self.mount("fs"), "cgroup2")], "fs/user.slice/app.scope"
        )
        self.assertEqual(found, self.mount("fs/user.slice/app.scope"))

    def test_beside_groups_of_version_1(self):
        mounts = [("/", self.mount("fs/memory"), "cgroup"), ("/", self.mount("fs/unified"), "cgroup2")]
        found = self.own_folder("4:memory:/box\n0::/\n", mounts, "fs/memory/box", "fs/unified")
        self.assertEqual(found, self.mount("fs/unified"))

    def test_where_only_a_part_of_the_groups_is_seen(self):
        mounts = [("/docker/another", self.mount("fs"), "cgroup2"), ("/docker/box", self.mount("my\\040fs"), "cgroup2")]
        self.assertEqual(self.own_folder("0::/docker/box/a\n", mounts, "fs", "my fs/a"), self.mount("my fs/a"))
        self.assertEqual(self.own_folder("0::/docker/box\n", mounts, "my fs"), self.mount("my fs"))
        self.assertIsNone(self.own_folder("0::/docker/boxer\n", mounts, "my fs"))

    def test_where_there_is_none(self):
        mounts = [("/", self.mount("fs"), "cgroup2")]
        self.assertIsNone(self.own_folder("4:memory:/box\n", mounts, "fs"), "version 1 alone")
        self.assertIsNone(self.own_folder("0::/../box\n", mounts, "fs"), "outside of the namespace")
        self.assertIsNone(self.own_folder("0::/gone\n", mounts, "fs"))
        self.assertIsNone(self.own_folder("0::/\n", [], "fs"))


class Abandoned(SupervisedTestCase):
    WITHOUT_GROUP = (
        "import sys\n"
        "from runledger.supervisor import control_group\n"
        "control_group._own_folder = lambda: None\n"
        "from runledger.supervisor.__main__ import main\n"
        "sys.exit(main())\n"
    )

    def launch_leaving(self, variables="os.environ", **options):
        """Returns the run, its supervisor, and the ids of the script and of the daemon that it left."""
        self.write("train.py", LEAVING.format(daemon=DAEMON, variables=variables))
        run = self.new_run()
        process, answer = self.start_supervisor(self.specification(run, snapshot=self.snapshot()), **options)
        self.assertIn("pid", answer)
        for text in ("daemon", "script"):
            self.wait_for_log(run, text)
        daemon = next(int(line.split()[1]) for line in self.log_of(run).splitlines() if line.startswith("daemon"))
        record = wait_until(
            lambda: next((entry for entry in run.view().processes if entry["role"] == "script"), None), "its record"
        )
        for pid in (daemon, record["pid"]):
            self.addCleanup(host_platform.signal_processes, [pid], forcibly=True)
        return run, process, record, daemon

    def cancel(self, run):
        from azureml.core import Experiment, Workspace

        started = time.monotonic()
        self.assertTrue(next(Experiment(Workspace.from_config(), "trial").get_runs()).cancel())
        self.assertLess(time.monotonic() - started, GRACE_S + KILL_LIMIT_S)
        return run.view()

    def assert_ended(self, run, record, daemon):
        view = self.cancel(run)
        self.assertEqual(view.status, "Canceled")
        self.assertTrue(is_gone(record["pid"]), "the script is still there")
        self.assertTrue(is_gone(daemon), "the daemon is still there")
        self.assertEqual(self.active_marks(), [])
        self.assertIn("loss", view.to_dict()["metrics"])
        self.assertIn("script", self.log_of(run))

    @needs_group
    def test_a_script_and_all_it_starts_are_in_a_group_of_the_run(self):
        run, process, record, daemon = self.launch_leaving()
        self.assertEqual(os.path.basename(record["cgroup"]), "runledger-" + run.id)
        self.assertEqual(ControlGroup(record["cgroup"]).pids(), {record["pid"], daemon})
        with open(run.cancel_path, "w"):
            pass
        self.assertEqual(self.finish(run, process).status, "Canceled")
        self.assertTrue(is_gone(daemon))
        self.assertFalse(os.path.exists(record["cgroup"]))

    @needs_group
    def test_canceling_ends_what_a_killed_supervisor_left_behind(self):
        run, process, record, daemon = self.launch_leaving("{}")
        process.kill()
        process.wait(timeout=60)
        self.assert_ended(run, record, daemon)
        self.assertFalse(os.path.exists(record["cgroup"]))

    @needs_linux
    def test_where_there_is_no_group_processes_are_known_by_their_variable(self):
        driver = self.write("driver.py", self.WITHOUT_GROUP, self.folder)
        run, process, record, daemon = self.launch_leaving(program=[driver])
        self.assertNotIn("cgroup", record)
        process.kill()
        process.wait(timeout=60)
        self.assert_ended(run, record, daemon)

    def test_a_run_whose_supervisor_lives_is_left_to_it(self):
        run, process, record, daemon = self.launch_leaving()
        self.cancel(run)
        self.assertEqual(self.finish(run, process).status, "Canceled")
        self.assertEqual(self.statuses(run)[-2:], ["Finalizing", "Canceled"])

    def test_another_process_of_the_same_number_is_left_alone(self):
        other = subprocess.Popen(["sleep", "600"], env=clean_environment(), start_new_session=True)
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        record = process_record_of("script", other.pid)
        for change in ({"startTime": "1"}, {"bootId": "another"}, {"host": "another"}):
            end_script(dict(record, **change), "trial_1_00000000")
            self.assertIsNone(other.poll(), change)
        end_script(record, "trial_1_00000000")
        self.assertEqual(other.wait(timeout=60), -15)


if __name__ == "__main__":
    unittest.main()
