"""The native API: child runs, models, files and tags."""

import os
import unittest

import runledger
from support import StoreTestCase
from supervised import SupervisedTestCase

from runledger.errors import InvalidArgumentError, InvalidNameError, NotFoundError


class Reading(StoreTestCase):
    def test_what_was_logged_is_read_back(self):
        with runledger.start_run("e", params={"lr": 0.1}, name="first", tags={"a": "b"}) as run:
            run.log({"loss": 0.5, "state": "warm"}, step=0)
            run.log({"loss": 0.25}, step=10)
            run.log_table("t", {"x": [1]})
            self.assertEqual(run.status, "Running")
            run.set_tags({"c": 1, "d": None})
            run.remove_tag("a")
        again = runledger.get_run(run.id)
        self.assertEqual(again, run)
        self.assertEqual((again.name, again.status, again.params), ("first", "Completed", {"lr": 0.1}))
        self.assertEqual(again.metrics, {"loss": 0.25, "state": "warm"})
        self.assertEqual(again.history("loss"), [(0, 0.5), (10, 0.25)])
        self.assertEqual(again.tags, {"c": "1", "d": None})
        for call in (lambda: again.history("t"), lambda: again.history("nothing"), lambda: runledger.get_run("nobody")):
            with self.assertRaises(NotFoundError):
                call()
        with self.assertRaises(InvalidArgumentError):
            run.set_tags(["a"])

    def test_the_active_run_is_the_innermost(self):
        self.assertIsNone(runledger.active_run())
        with runledger.start_run("e") as outer:
            self.assertEqual(runledger.active_run(), outer)
            with outer.start_child() as inner:
                self.assertEqual(runledger.active_run(), inner)
            self.assertEqual(runledger.active_run(), outer)
        self.assertIsNone(runledger.active_run())

    def test_files(self):
        self.write("saved/a.txt", "A")
        self.write("saved/deep/b.txt", "B")
        with runledger.start_run("e") as run:
            run.save_folder("saved")
            run.save_folder("saved/", "data/copy/")
        self.assertEqual(
            run.files(),
            ["data/copy/a.txt", "data/copy/deep/b.txt", "outputs/saved/a.txt", "outputs/saved/deep/b.txt"],
        )
        with open(run.file("outputs/saved/deep/b.txt")) as file:
            self.assertEqual(file.read(), "B")
        for call in (lambda: run.file("no.txt"), lambda: run.save_folder("no"), lambda: run.save_folder("saved/a.txt")):
            with self.assertRaises(NotFoundError):
                call()


class Children(StoreTestCase):
    def test_children_of_a_run(self):
        with runledger.start_run("e") as parent:
            with parent.start_child("one", params={"lr": 1}, tags={"fold": 1}) as first:
                first.log({"loss": 1})
                with first.start_child() as grandchild:
                    pass
            with self.assertRaises(ValueError):
                with parent.start_child("two"):
                    raise ValueError("bad")
            with self.assertRaises(InvalidArgumentError):
                parent.start_child(params=[1])
        two, one = parent.children()
        self.assertEqual((one.name, one.status, one.params, one.tags), ("one", "Completed", {"lr": 1}, {"fold": "1"}))
        self.assertEqual((two.name, two.status), ("two", "Failed"))
        self.assertEqual(one.children(), [grandchild])
        self.assertEqual((parent.status, parent.number, first.number), ("Completed", 1, 2))
        self.assertEqual(self.active_marks(), [])


class Models(StoreTestCase):
    def test_of_a_run(self):
        self.write("model.bin", "weights")
        self.write("saved/part/w.bin", "w")
        with runledger.start_run("Digits") as run:
            run.save_file("model.bin", "outputs/model.bin")
            first = run.register_model("Net", "outputs/model.bin", "the first", {"stage": "test"}, "PyTorch")
            self.write("model.bin", "better")
            second = run.register_model("net", "model.bin")
            third = run.register_model("other", os.path.join("..", "project", "saved"))
            with self.assertRaises(NotFoundError):
                run.register_model("net", "missing.bin")
            with self.assertRaises(InvalidNameError):
                run.register_model("a/b", "model.bin")
        self.assertEqual((first.name, first.version, second.version), ("Net", 1, 2))
        self.assertEqual((first.run_id, first.framework, first.description), (run.id, "PyTorch", "the first"))
        self.assertEqual(first.tags, {"stage": "test"})
        self.assertEqual([self.text_of(model.path) for model in (first, second)], ["weights", "better"])
        self.assertEqual(self.text_of(os.path.join(third.path, "part", "w.bin")), "w")
        self.assertEqual(run.files(), ["outputs/model.bin", "outputs/saved/part/w.bin"])
        self.assertEqual(runledger.get_model("net"), second)
        self.assertEqual(runledger.get_model("Net", 1), first)
        self.assertEqual(runledger.list_models(), [second, first, third])
        self.assertEqual(runledger.list_models("NET"), [second, first])

    def test_without_a_run_described_and_deleted(self):
        self.write("model.bin", "weights")
        model = runledger.register_model("net", "model.bin", tags={"a": 1})
        self.assertIsNone(model.run_id)
        model.set_tag("b")
        model.remove_tag("a")
        model.set_description("fine")
        again = runledger.get_model("net")
        self.assertEqual((again.tags, again.description), ({"b": None}, "fine"))
        model.delete()
        self.assertEqual(runledger.list_models("net"), [])
        with self.assertRaises(NotFoundError):
            runledger.get_model("net")
        with self.assertRaises(NotFoundError):
            model.delete()
        self.assertEqual(runledger.register_model("net", "model.bin").version, 2)

    def test_wrong_arguments(self):
        for call, kind in (
            (lambda: runledger.register_model("net", "missing"), NotFoundError),
            (lambda: runledger.register_model("net", __file__, tags=["a"]), InvalidArgumentError),
            (lambda: runledger.get_model("nobody"), NotFoundError),
            (lambda: runledger.get_model("nobody", 3), NotFoundError),
            (lambda: runledger.list_models(workspace=self.folder), NotFoundError),
        ):
            with self.assertRaises(kind):
                call()

    def text_of(self, path):
        with open(path) as file:
            return file.read()


class Submitted(SupervisedTestCase):
    def test_a_submitted_script_has_children_and_registers_models(self):
        run, view = self.carry_out(
            "import os, runledger\n"
            "run = runledger.active_run()\n"
            "with run.start_child('fold') as child:\n"
            "    child.log({'loss': 1})\n"
            "    assert runledger.active_run() == child\n"
            "assert runledger.active_run() == run\n"
            "with open('outputs/m.bin', 'w') as file:\n"
            "    file.write('weights')\n"
            "print(run.register_model('net', 'outputs/m.bin').version)\n"
        )
        self.assertEqual(view.status, "Completed", self.log_of(run))
        os.environ.pop("RUNLEDGER_RUN_ID", None)
        model = runledger.get_model("net", workspace=self.project)
        self.assertEqual(model.run_id, run.id)
        self.assertEqual([child.name for child in runledger.get_run(run.id).children()], ["fold"])


if __name__ == "__main__":
    unittest.main()
