"""The native API: ``runledger.start_run``."""

import os
import pickle
import unittest

import runledger
from support import StoreTestCase
from supervised import SupervisedTestCase

from runledger.errors import InvalidArgumentError, InvalidNameError, NotFoundError, UnloggableValueError


class Native(StoreTestCase):
    def test_the_whole_of_it(self):
        with open("picture.png", "wb") as file:
            file.write(b"png")
        self.write("notes.txt", "notes")
        with runledger.start_run(
            "Digits", params={"lr": 0.1, "layers": 3}, name="first", tags={"a": "b", "c": None}
        ) as run:
            run.log({"loss": 0.5, "accuracy": 0.25}, step=0)
            run.log({"loss": 0.25}, step=10)
            run.log_params({"seed": None})
            run.log_table("t", [{"x": 1}, {"x": 2, "y": "b"}])
            run.log_table("t", {"x": [3]})
            run.log_image("pictures/one", "picture.png", step=2)
            run.set_tag("done")
            run.set_notes("first *try*")
            run.save_file("notes.txt")
            run.save_file("notes.txt", "docs/notes.txt")
            self.assertEqual((run.number, run.experiment), (1, "Digits"))
        folder = self.only_run("digits")
        view = folder.view()
        self.assertEqual((run.id, run.folder), (folder.id, folder.path))
        self.assertEqual((view.status, view.display_name), ("Completed", "first"))
        self.assertEqual((run.notes, view.description), ("first *try*", None))
        self.assertEqual(view.parameters, {"lr": 0.1, "layers": 3, "seed": None})
        self.assertEqual(view.tags, {"a": "b", "c": None, "done": None})
        self.assertEqual([p[:2] for p in view.metrics["loss"].points], [(0, 0.5), (10, 0.25)])
        self.assertEqual(view.metrics["t"].columns, {"x": [1, 2, 3], "y": [None, "b", None]})
        self.assertEqual(view.images["pictures/one"][0]["path"], "images/pictures/one_2.png")
        self.assertEqual(folder.artifact_names(), ["docs/notes.txt", "images/pictures/one_2.png", "outputs/notes.txt"])
        self.assertEqual(self.active_marks(), [])

    def test_an_exception_fails_the_run(self):
        with self.assertRaises(ZeroDivisionError), runledger.start_run("e"):
            1 / 0
        self.assertEqual(self.only_run("e").view().error["type"], "ZeroDivisionError")

    def test_wrong_arguments_start_no_run(self):
        for options in ({"tags": ["a"]}, {"params": [1]}):
            with self.subTest(options), self.assertRaises(InvalidArgumentError):
                runledger.start_run("e", **options)
        self.assertEqual(self.store.experiments(), [])

    def test_a_copy_logs_into_the_same_run(self):
        with runledger.start_run("e") as run:
            pickle.loads(pickle.dumps(run)).log({"a": 1})
            run.log({"a": 2})
        self.assertEqual([p[1] for p in self.only_run("e").view().metrics["a"].points], [1, 2])

    def test_finish_with_an_error(self):
        runledger.start_run("e").finish(error="diverged")
        view = self.only_run("e").view()
        self.assertEqual((view.status, view.error), ("Failed", {"message": "diverged"}))

    def test_a_workspace_elsewhere(self):
        os.chdir(self.folder)
        with self.assertRaises(NotFoundError) as caught:
            runledger.start_run("e")
        self.assertIn("runledger workspace create", str(caught.exception))
        with runledger.start_run("e", workspace=self.project):
            pass
        self.assertEqual(self.only_run("e").view().status, "Completed")

    def test_wrong_arguments(self):
        with self.assertRaises(InvalidNameError):
            runledger.start_run("a/b")
        with runledger.start_run("e") as run:
            with self.assertRaises(InvalidArgumentError):
                run.log("loss", 0.5)
            with self.assertRaises(UnloggableValueError) as caught:
                run.log({"loss": [1], "other": 1})
            self.assertIn("'loss'", str(caught.exception))
            with self.assertRaises(UnloggableValueError):
                run.log({"loss": 1}, step=0.5)
            with self.assertRaises(NotFoundError):
                run.save_file("missing.txt")
        self.assertEqual(self.only_run("e").view().metrics, {})

    def test_a_later_parameter_does_not_replace_the_first(self):
        with runledger.start_run("e", params={"lr": 1}) as run:
            run.log_params({"lr": 2})
        view = self.only_run("e").view()
        self.assertEqual((view.parameters, view.problems), ({"lr": 1}, 1))


class NativeSubmitted(SupervisedTestCase):
    def test_a_submitted_script_gets_its_run(self):
        run, view = self.carry_out(
            "import runledger\n"
            "with runledger.start_run('ignored', params={'lr': 1}, tags={'a': 'b'}) as run:\n"
            "    run.log({'loss': 0.5}, step=3)\n"
            "assert run.experiment == 'trial', run\n"
        )
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertEqual((view.parameters, view.tags), ({"lr": 1}, {"a": "b"}))
        self.assertEqual(view.metrics["loss"].points[0][:2], (3, 0.5))
        self.assertEqual([experiment.name for experiment in self.store.experiments()], ["trial"])


if __name__ == "__main__":
    unittest.main()
