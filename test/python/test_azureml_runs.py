"""``azureml.core.Run``: tags, files, details, ends, and finding runs again."""

import copy
import datetime
import io
import json
import os
import pickle
import unittest
import zipfile
from unittest import mock

from support import StoreTestCase
from azureml.core import Experiment, Run, Workspace
from azureml.core.run import RUNNING_STATES
from azureml.exceptions import NotAvailableException, ServiceException, UserErrorException


class Runs(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "Trial")
        self.run_under_test = self.experiment.start_logging()
        self.addCleanup(self.run_under_test.complete)

    def test_tags(self):
        run = self.run_under_test
        run.tag("plain")
        run.tag("Competition Rank", 1)
        run.set_tags({"a": "x", "b": "y"})
        run.remove_tags(["a", "missing"])
        run.remove_tags("b")
        self.assertEqual(run.get_tags(), {"plain": None, "Competition Rank": "1"})
        self.assertEqual(run.tags, run.get_tags())
        run.set_tags({"layers": [64, 32], "when": datetime.date(2020, 1, 2)})
        self.assertEqual((run.tags["layers"], run.tags["when"]), ("[64, 32]", "2020-01-02"))
        for bad in (None, "abc", ["a"]):
            with self.subTest(bad), self.assertRaises(UserErrorException):
                run.set_tags(bad)

    def test_properties_are_immutable(self):
        run = self.run_under_test
        run.add_properties({"author": "x", "AUC": 0.5})
        with self.assertRaises(UserErrorException):
            run.add_properties({"new": "1", "author": "y"})
        self.assertEqual(run.get_properties(), {"author": "x", "AUC": "0.5"})
        self.assertEqual(run.properties, run.get_properties())

    def test_files(self):
        run = self.run_under_test
        path = self.write("model.pkl", "weights")
        run.upload_file("outputs/model.pkl", path)
        run.upload_file(name="./outputs/stream.txt", path_or_stream=io.BytesIO(b"stream"))
        run.upload_file("other.txt", io.StringIO("tëxt"))
        self.assertEqual(run.get_file_names(), ["other.txt", "outputs/model.pkl", "outputs/stream.txt"])
        os.mkdir("there")
        run.download_file("outputs/stream.txt")
        run.download_file("outputs/stream.txt", "there")
        run.download_file("outputs/stream.txt", "made/sub/")
        run.download_file("outputs/stream.txt", output_file_path="made/copy.txt")
        for copy in ("stream.txt", "there/stream.txt", "made/sub/stream.txt", "made/copy.txt"):
            with open(copy) as file:
                self.assertEqual(file.read(), "stream")
        for bad in ("../x", "/x", "a//b", ""):
            with self.subTest(bad), self.assertRaises(UserErrorException):
                run.upload_file(bad, path)
        run.download_file("./outputs/stream.txt", "there/again.txt")
        self.assertTrue(os.path.isfile("there/again.txt"))
        for name, source in (("x", "missing.file"), ("x", None), ("x", 3), (None, path)):
            with self.subTest(name=name, source=source), self.assertRaises(UserErrorException):
                run.upload_file(name, source)
        with self.assertRaises(UserErrorException):
            run.download_file(None)
        with self.assertRaises(UserErrorException):
            run.download_file("missing.file")
        self.assertEqual(len(run.get_file_names()), 3)

    def test_the_log_under_its_old_names(self):
        self.run_under_test.upload_file("logs/std_log.txt", io.BytesIO(b"line"))
        for name in ("azureml-logs/70_driver_log.txt", "user_logs/std_log.txt"):
            self.run_under_test.download_file(name)
            with open(os.path.basename(name)) as file:
                self.assertEqual(file.read(), "line")

    def test_attributes_and_representation(self):
        run = self.run_under_test
        self.assertEqual((run.number, run.type, run.parent, run.name), (1, None, None, run.id))
        self.assertRegex(run.id, r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        run.display_name = "shown"
        run.description = "said"
        self.assertEqual((run.display_name, run.name, run.description), ("shown", "shown", "said"))
        self.assertEqual(repr(run), "Run(Experiment: Trial,\nId: {},\nType: None,\nStatus: Running)".format(run.id))
        self.assertEqual(repr(self.experiment), "Experiment(Name: Trial,\nWorkspace: test)")
        self.assertEqual(run.get_portal_url(), "vscode://runledger.runledger/run/" + run.id)
        self.assertIn("Running", RUNNING_STATES)
        self.assertEqual(run._run_id, run.id)
        again = Run(self.experiment, run.id)
        self.assertEqual((again, again.get_status()), (run, "Running"))
        self.assertEqual(Workspace.from_config().get_run(run.id), run)
        with self.assertRaises(UserErrorException):
            Run(self.experiment, "missing")

    def test_copies_log_into_the_same_run(self):
        run = self.run_under_test
        for made in (pickle.loads(pickle.dumps(run)), copy.deepcopy({"run": run})["run"]):
            self.assertEqual(made, run)
            made.log("a", 1)
        self.assertEqual(run.get_metrics(), {"a": [1, 1]})

    def test_details(self):
        run = self.run_under_test
        self.assertNotIn("endTimeUtc", run.get_details())
        run.fail("reason", error_code="code")
        details = run.get_details()
        json.dumps(details)
        self.assertEqual((details["runId"], details["status"], details["target"]), (run.id, "Failed", "local"))
        self.assertEqual(details["error"]["error"]["message"], "code: reason")
        for name in ("startTimeUtc", "endTimeUtc"):
            self.assertTrue(details[name].endswith("Z"))
            datetime.datetime.strptime(details[name].split(".")[0], "%Y-%m-%dT%H:%M:%S")
        self.assertTrue(all(isinstance(a, str) for a in details["runDefinition"]["arguments"]))

    def test_completion_collects_what_is_new(self):
        run = self.run_under_test
        self.write("outputs/new.txt", "new")
        run.complete()
        self.assertEqual(run.get_file_names(), ["outputs/new.txt"])
        second = self.experiment.start_logging()
        self.write("outputs/second.txt", "second")
        self.write("logs/train.log", "line")
        second.complete()
        self.assertEqual(second.get_file_names(), ["logs/train.log", "outputs/second.txt"])

    def test_logging_after_completion_still_counts(self):
        run = self.run_under_test
        run.complete()
        run.log("late", 1)
        self.assertEqual((run.get_status(), run.get_metrics()), ("Completed", {"late": 1}))
        self.assertEqual(self.active_marks(), [])

    def test_a_with_statement(self):
        with self.experiment.start_logging() as run:
            self.assertEqual(run.status, "Running")
        self.assertEqual(run.status, "Completed")
        with self.assertRaises(ValueError), self.experiment.start_logging() as run:
            raise ValueError("inside")
        self.assertEqual(run.status, "Failed")
        self.assertEqual(run._folder.view().error["message"], "inside")
        with self.assertRaises(SystemExit), self.experiment.start_logging() as run:
            raise SystemExit(0)
        self.assertEqual(run.status, "Completed")
        with self.assertRaises(KeyboardInterrupt), self.experiment.start_logging() as run:
            raise KeyboardInterrupt
        self.assertEqual(run.status, "Canceled")

    def test_cancel(self):
        self.assertTrue(self.run_under_test.cancel())
        self.assertEqual(self.run_under_test.get_status(), "Canceled")
        self.assertFalse(self.run_under_test.cancel())

    def test_get_runs(self):
        self.run_under_test.tag("Build Number", "7")
        second = self.experiment.start_logging(display_name="second")
        second.add_properties({"author": "John Doe"})
        second.complete()
        child = self.experiment._store.create_run(parent=second._folder, type="azureml.scriptrun")
        runs = self.experiment.get_runs()
        self.assertEqual(next(runs), second)
        self.assertEqual(next(runs), self.run_under_test)
        self.assertEqual(list(runs), [])

        def numbers(**options):
            return [run.number for run in self.experiment.get_runs(**options)]

        self.assertEqual(numbers(tags=["Build Number"]), [1])
        self.assertEqual(numbers(properties={"author": "John Doe"}), [2])
        self.assertEqual(numbers(tags="Build Number"), [1])
        self.assertEqual(numbers(tags={"Build Number": 7}), [1])
        self.assertEqual(numbers(tags={"Build Number": "8"}), [])
        self.assertEqual(numbers(include_children=True), [3, 2, 1])
        self.assertEqual(numbers(include_children=True, type="azureml.scriptrun"), [3])
        self.assertEqual(Run(self.experiment, child.id).parent, second)
        self.assertEqual(second.get_metrics(recursive=True), {child.id: {}})

    def test_one_unreadable_run_hides_no_other(self):
        broken = self.experiment._store.create_run()
        with open(os.path.join(broken.path, "run.json"), "w") as file:
            file.write("{")
        future = self.experiment._store.create_run(format=9)
        self.assertEqual([run.number for run in self.experiment.get_runs()], [1])
        with self.assertRaises(ServiceException) as caught:
            Run(self.experiment, future.id)
        self.assertIn("newer version", str(caught.exception))

    def test_a_tag_on_an_old_run_leaves_nothing_active(self):
        run_id = self.experiment._store.create_run().id
        old = Run(self.experiment, run_id)
        old.complete()
        Run(self.experiment, run_id).tag("later")
        self.assertEqual(old.get_tags(), {"later": None})
        self.assertEqual(self.active_marks(), [self.run_under_test.id])

    def test_another_process_writes_to_a_run_that_goes_on(self):
        script = (
            "import sys\n"
            "from azureml.core import Workspace\n"
            "run = Workspace.from_config().get_run(sys.argv[1])\n"
            "for i in range(1000):\n    run.log('seen from outside', i)\n"
            "run.upload_file('note.txt', __file__)\n"
        )
        code, _, errors = self.run_script(script, self.run_under_test.id)
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(self.run_under_test.get_metrics()["seen from outside"], list(range(1000)))
        self.assertEqual(self.run_under_test.get_status(), "Running")
        self.run_under_test.complete()
        self.assertEqual(self.active_marks(), [])

    def test_what_is_not_offered_says_so(self):
        workspace = self.experiment.workspace
        for refused in (
            lambda: Experiment.delete(workspace, self.experiment.id),
            lambda: Run.add_type_provider("a", None),
            lambda: workspace.delete(),
        ):
            with self.assertRaises(NotAvailableException) as caught:
                refused()
            self.assertRegex(str(caught.exception), r"not available in this version of Runledger\. [A-Z]")
            self.assertIsInstance(caught.exception, UserErrorException)
        with self.assertRaises(AttributeError):
            self.run_under_test.no_such_thing

    def test_the_code_of_an_interactive_run_is_kept_where_it_is_asked_for(self):
        self.write("src/train.py", "print('x')\n")
        self.write("src/.amlignore", "data/\n")
        self.write("src/data/large.csv", "1\n")
        run = self.experiment.start_logging(snapshot_directory="src")
        self.assertNotIn("warnings", run.get_details())
        with zipfile.ZipFile(run.restore_snapshot(path=self.folder)) as archive:
            self.assertEqual(sorted(archive.namelist()), [".amlignore", "train.py"])
        first = run.get_snapshot_id()
        self.write("src/train.py", "print('y')\n")
        self.assertEqual(run.take_snapshot("src"), run.get_snapshot_id())
        self.assertNotEqual(run.get_snapshot_id(), first)
        with self.assertRaisesRegex(UserErrorException, "is no folder.*upload_file"):
            run.take_snapshot("src/train.py")
        run.complete()
        with self.assertRaisesRegex(UserErrorException, "snapshot_directory: there is no folder 'absent'"):
            self.experiment.start_logging(snapshot_directory="absent")
        with mock.patch.dict(os.environ, RUNLEDGER_CLI=os.path.join(self.folder, "no-command")):
            without = self.experiment.start_logging(snapshot_directory="src")
        self.assertIn("The code in src was not kept", without.get_details()["warnings"][0]["message"])
        self.assertEqual((without.status, without.get_snapshot_id()), ("Running", None))
        without.complete()


if __name__ == "__main__":
    unittest.main()
