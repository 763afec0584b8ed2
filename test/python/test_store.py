"""The store: creation that is whole or not at all, run numbers, journals, liveness, the registry."""

import json
import os
import subprocess
import sys
import threading
import unittest

from support import StoreTestCase, clean_environment
from runledger import host_platform
from runledger.errors import AlreadyExistsError, InvalidNameError, NewerFormatError, NotFoundError, NotWritableError
from runledger.store.encoding import encode_record
from runledger.store.journal_reader import read_journal
from runledger.store.journal_writer import JournalWriter
from runledger.store.liveness import derived_state, process_record
from runledger.store.names import artifact_path_from_text, validated_artifact_path
from runledger.store.registry import registered_workspaces
from runledger.store.run_view import fold
from runledger.store.workspace_store import WorkspaceStore, find_workspace_folder

CRASHING = """
import builtins, os, sys
sys.path[:0] = {paths!r}
from runledger.store.workspace_store import WorkspaceStore
import json, shutil, runledger.store.registry, hashlib
calls = [int(sys.argv[1])]
def crashing(function):
    def call(*args, **kwargs):
        calls[0] -= 1
        if calls[0] == 0:
            os._exit(42)
        return function(*args, **kwargs)
    return call
for module, name in ((os, 'mkdir'), (os, 'rename'), (os, 'replace'), (os, 'unlink'), (builtins, 'open')):
    setattr(module, name, crashing(getattr(module, name)))
folder = sys.argv[2]
try:
    store = WorkspaceStore.create(folder, 'w')
except Exception:
    store = WorkspaceStore(folder)
store.experiment('Trial').create_run()
"""


class Creation(StoreTestCase):
    def test_a_crash_leaves_nothing_or_a_whole_thing(self):
        script = self.write("crashing.py", CRASHING.format(paths=sys.path[:2]))
        outcomes = set()
        crashes = 0
        for count in range(1, 200):
            folder = os.path.join(self.folder, "crash{}".format(count))
            os.mkdir(folder)
            code = subprocess.call([sys.executable, script, str(count), folder], env=clean_environment())
            if code == 0:
                break
            self.assertEqual(code, 42)
            crashes += 1
            outcome = self._check_whole(folder)
            outcomes.add(outcome)
            # Whatever was left, the next attempt succeeds.
            self.assertEqual(subprocess.call([sys.executable, script, "0", folder], env=clean_environment()), 0)
            self.assertEqual(self._check_whole(folder), (True, 1, outcome[2] + 1))
        self.assertGreater(crashes, 10)
        self.assertEqual(outcomes, {(False, 0, 0), (True, 0, 0), (True, 1, 0)})

    def _check_whole(self, folder):
        """``(workspace exists, experiments, runs)``, all of them readable."""
        if find_workspace_folder(folder) != folder:
            self.assertFalse(os.path.exists(os.path.join(folder, ".runledger")))
            return False, 0, 0
        store = WorkspaceStore(folder)
        for part in ("active", "experiments", "snapshots", "trash", ".gitignore"):
            self.assertTrue(os.path.exists(os.path.join(folder, ".runledger", part)), part)
        keys = [key for key in os.listdir(os.path.join(folder, ".runledger", "experiments")) if key[0] != "."]
        self.assertEqual(len(keys), len(store.experiments()))
        runs = 0
        for experiment in store.experiments():
            self.assertEqual(experiment.name, "Trial")
            for name in os.listdir(os.path.join(experiment.path, "runs")):
                if not name.startswith("."):
                    run = experiment.run(name)
                    self.assertEqual(run.run_json["id"], name)
                    self.assertEqual(run.view().status, "NotStarted")
                    self.assertTrue(os.path.isdir(run.journal_folder) and os.path.isdir(run.artifacts_folder))
                    runs += 1
            self.assertEqual(runs, len(list(experiment.runs_newest_first())))
        return True, len(keys), runs

    def test_spelling_of_the_first_creation_is_kept(self):
        self.assertEqual(self.store.experiment("Straße X").key, "straße x")
        self.assertEqual(self.store.experiment("STRAße x").name, "Straße X")
        self.assertEqual([e.name for e in self.store.experiments()], ["Straße X"])

    def test_a_second_workspace_in_a_folder_is_refused(self):
        with self.assertRaises(AlreadyExistsError):
            WorkspaceStore.create(self.project, "again")
        self.assertEqual(self.store.info["name"], "test")
        self.assertEqual([n for n in os.listdir(self.project) if "staging" in n], [])

    def test_a_run_id_exists_once(self):
        experiment = self.store.experiment("e")
        experiment.create_run("e_1_00000000")
        with self.assertRaises(AlreadyExistsError):
            experiment.create_run("e_1_00000000")
        self.assertEqual([r.run_json["number"] for r in experiment.runs_newest_first()][0], 1)

    def test_a_folder_that_cannot_be_written(self):
        with self.assertRaises(NotWritableError) as caught:
            WorkspaceStore.create("/proc", "w")
        self.assertIn("Cannot create the workspace", str(caught.exception))

    def test_a_workspace_of_the_future(self):
        path = os.path.join(self.project, ".runledger", "workspace.json")
        with open(path, "w") as file:
            json.dump({"format": 2, "name": "x"}, file)
        with self.assertRaises(NewerFormatError) as caught:
            WorkspaceStore(self.project)
        self.assertIn("newer version", str(caught.exception))

    def test_bad_ids_and_names_reach_no_path(self):
        for bad in ("..", "../x", "a/b", ".hidden", "", "a\0b", "a."):
            with self.subTest(bad), self.assertRaises(InvalidNameError):
                self.store.find_run(bad)

    def test_any_metric_name_gives_a_valid_path(self):
        for text in ("plain", "a/b", "../../x", "/", ".", "a\\b:c", "ü" * 400, "\0\ud800", "x/", "C:", ".a.1.tmp"):
            with self.subTest(text):
                path = validated_artifact_path(artifact_path_from_text(text, "_1.png"))
                self.assertTrue(path.endswith("_1.png"))


class Numbers(StoreTestCase):
    def test_many_processes_claim_distinct_numbers(self):
        script = self.write(
            "creator.py",
            "import sys\n"
            "from runledger.store.workspace_store import WorkspaceStore\n"
            "sys.stdin.readline()\n"
            "for _ in range(5):\n"
            "    WorkspaceStore(sys.argv[1]).experiment('Shared').create_run()\n",
        )
        processes = [
            subprocess.Popen([sys.executable, script, self.project], stdin=subprocess.PIPE, env=clean_environment())
            for _ in range(12)
        ]
        for process in processes:
            process.stdin.write(b"go\n")
            process.stdin.close()
        self.assertEqual([process.wait(timeout=60) for process in processes], [0] * 12)
        experiment = self.store.existing_experiment("shared")
        numbers = [run.run_json["number"] for run in experiment.runs_newest_first()]
        self.assertEqual(numbers, list(range(60, 0, -1)))
        self.assertEqual(len(os.listdir(os.path.join(experiment.path, "runs"))), 60)

    def test_the_last_number_is_found_for_every_count(self):
        experiment = self.store.experiment("e")
        for count in range(70):
            self.assertEqual(experiment._claims.last(), count)
            open(os.path.join(experiment.path, "numbers", str(count + 1)), "x").close()

    def test_claims_without_a_run_are_skipped(self):
        experiment = self.store.experiment("e")
        experiment.create_run("first")
        experiment._claims.claim("died")
        open(os.path.join(experiment.path, "numbers", "3"), "x").close()
        experiment.create_run("last")
        self.assertEqual([r.id for r in experiment.runs_newest_first()], ["last", "first"])
        self.assertEqual(experiment.run("last").run_json["number"], 4)


class Journals(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.run_folder = self.store.experiment("e").create_run("run")

    def records(self):
        return read_journal(self.run_folder.journal_folder)

    def append(self, writer, value):
        writer.append(encode_record(float(value), "metric", {"n": "m", "v": value}))

    def values(self):
        return [record["v"] for record in self.records()[0]]

    def test_an_append_marks_the_run_active(self):
        writer = JournalWriter(self.run_folder, "test")
        self.append(writer, 1)
        self.assertEqual(self.active_marks(), ["run"])
        writer.close()
        self.append(writer, 2)
        self.assertEqual(self.values(), [1, 2])
        self.assertEqual(len(os.listdir(self.run_folder.journal_folder)), 1)

    def test_the_append_after_a_short_write_starts_a_new_line(self):
        writer = JournalWriter(self.run_folder, "test")
        self.append(writer, 1)
        real = os.write
        budget = [20]

        def nearly_full(descriptor, data):
            if budget[0] <= 0:
                raise OSError(28, "No space left on device")
            written = real(descriptor, data[: budget[0]])
            budget[0] -= written
            return written

        os.write = nearly_full
        try:
            with self.assertRaises(OSError):
                self.append(writer, 2)
        finally:
            os.write = real
        self.append(writer, 3)
        self.assertEqual(self.values(), [1, 3])
        self.assertEqual(self.records()[1], 1)

    def test_a_short_write_is_written_again_whole(self):
        writer = JournalWriter(self.run_folder, "test")
        real = os.write
        sizes = [5]

        def interrupted(descriptor, data):
            return real(descriptor, data[: sizes.pop()] if sizes else data)

        os.write = interrupted
        try:
            self.append(writer, 1)
        finally:
            os.write = real
        self.append(writer, 2)
        self.assertEqual(self.values(), [1, 2])

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_a_forked_child_opens_a_file_of_its_own(self):
        writer = JournalWriter(self.run_folder, "test")
        self.append(writer, 1)
        # Another thread of the parent holds the lock at the fork.
        writer._lock.acquire()
        child = os.fork()
        if child == 0:
            try:
                self.append(writer, 2)
                os._exit(0)
            finally:
                os._exit(1)
        writer._lock.release()
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.append(writer, 3)
        self.assertEqual(self.values(), [1, 2, 3])
        names = sorted(os.listdir(self.run_folder.journal_folder))
        self.assertEqual(sorted(int(name.split("-")[1]) for name in names), sorted([os.getpid(), child]))

    def test_threads_share_a_writer(self):
        writer = JournalWriter(self.run_folder, "test")
        threads = [threading.Thread(target=lambda: [self.append(writer, i) for i in range(200)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(self.values()), 1600)
        self.assertEqual(self.records()[1], 0)

    def test_lone_surrogates_stay_valid_utf_8(self):
        writer = JournalWriter(self.run_folder, "test")
        writer.append(encode_record(1.0, "tag", {"n": "a\ud800b", "v": "\n\u2028"}))
        self.assertEqual(self.records()[1], 0)
        self.assertEqual(self.run_folder.view().tags, {"a\ud800b": "\n\u2028"})

    def test_the_view_follows_the_journal(self):
        writer = JournalWriter(self.run_folder, "test")
        self.assertEqual(self.run_folder.view().metrics, {})
        self.append(writer, 1)
        self.assertEqual(len(self.run_folder.view().metrics["m"].points), 1)


class Liveness(unittest.TestCase):
    def view(self, *processes, **more):
        records = [dict({"t": 100.0, "k": "status", "v": "Running"}, **more)]
        records += [dict(process, t=100.0, k="process") for process in processes]
        return fold({}, records)

    def own(self, **changes):
        return dict(process_record("interactive"), **changes)

    def test_a_living_process(self):
        self.assertEqual(derived_state(self.view(self.own()), 1e6)[0], "Running")

    def test_a_process_that_is_gone(self):
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        status, error = derived_state(self.view(self.own(pid=process.pid)))
        self.assertEqual(status, "Failed")
        self.assertIn("without saying how", error["message"])

    def test_one_living_process_is_enough(self):
        gone = self.own(startTime="1")
        self.assertEqual(derived_state(self.view(gone, self.own()))[0], "Running")

    @unittest.skipUnless(host_platform.IS_LINUX, "needs /proc")
    def test_a_submitter_counts_until_another_process_is_recorded(self):
        submitter, gone = self.own(role="submitter"), self.own(role="submitter", startTime="1")
        view = self.view(gone)
        self.assertEqual((view.problems, derived_state(view)[0]), (0, "Failed"))
        self.assertEqual(derived_state(self.view(submitter))[0], "Running")
        self.assertEqual(derived_state(self.view(gone, self.own(role="supervisor")))[0], "Running")
        self.assertEqual(derived_state(self.view(submitter, self.own(role="supervisor", startTime="1")))[0], "Failed")

    @unittest.skipUnless(host_platform.IS_LINUX, "needs /proc")
    def test_an_orchestrator_that_is_gone_is_started_again(self):
        gone = self.own(role="orchestrator", startTime="1")
        submitter = self.own(role="submitter", startTime="1")
        for processes in ((gone,), (submitter, gone), (gone, self.own(role="orchestrator", bootId="another"))):
            view = self.view(*processes)
            self.assertEqual((view.problems, derived_state(view)), (0, ("NotResponding", None)))
        self.assertEqual(derived_state(self.view(gone, self.own(role="orchestrator")))[0], "Running")
        self.assertEqual(derived_state(self.view(gone, self.own(role="supervisor", startTime="1")))[0], "Failed")

    def test_another_process_of_the_same_id(self):
        self.assertEqual(derived_state(self.view(self.own(startTime="1")))[0], "Failed")

    @unittest.skipUnless(host_platform.IS_LINUX, "needs /proc")
    def test_a_restarted_machine(self):
        status, error = derived_state(self.view(self.own(bootId="another")))
        self.assertEqual(status, "Failed")
        self.assertIn("restarted", error["message"])

    def test_another_host(self):
        view = self.view(self.own(host="another", pid=1))
        self.assertEqual(derived_state(view, 159.0)[0], "Running")
        self.assertEqual(derived_state(view, 161.0)[0], "NotResponding")

    def test_what_is_unknown_equals_anything(self):
        self.assertEqual(derived_state(self.view(self.own(startTime="", bootId="", host="")))[0], "Running")

    def test_a_terminal_state_stays(self):
        view = self.view(self.own(pid=2**30), v="Completed")
        self.assertEqual(derived_state(view)[0], "Completed")


class Registry(StoreTestCase):
    def test_a_created_workspace_is_registered(self):
        self.assertEqual([store.folder for store in registered_workspaces()], [self.project])
        name = os.listdir(os.path.join(self.home, "workspaces"))[0]
        import hashlib

        self.assertEqual(name, hashlib.sha256(self.project.encode()).hexdigest()[:16] + ".json")

    def test_entries_that_lead_nowhere_are_ignored(self):
        path = os.path.join(self.home, "workspaces", os.listdir(os.path.join(self.home, "workspaces"))[0])
        with open(path) as file:
            entry = json.load(file)
        for bad in (dict(entry, id="other"), dict(entry, folder="/nowhere"), {}, []):
            with open(path, "w") as file:
                json.dump(bad, file)
            self.assertEqual(registered_workspaces(), [])

    def test_nothing_to_find(self):
        with self.assertRaises(NotFoundError):
            WorkspaceStore(self.folder)
        self.assertIsNone(find_workspace_folder(self.folder))


if __name__ == "__main__":
    unittest.main()
