"""``azureml.core.Run``: files, logs and snapshots, several at once."""

import io
import os
import unittest
import zipfile

from support import StoreTestCase
from azureml.core import Experiment, Run, Workspace
from azureml.exceptions import NotAvailableException, UserErrorException
from runledger.store.files import write_bytes
from runledger.store.journal_writer import JournalWriter
from runledger.store.encoding import encode_record


def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def files_below(folder):
    """Relative POSIX paths of all files, sorted."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(parent, name), folder).replace(os.sep, "/") for name in names]
    return sorted(found)


class Files(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "trial")
        folder = self.experiment._store.create_run()
        self.run_under_test = Run(self.experiment, folder.id)

    def upload(self, *names):
        for name in names:
            self.run_under_test.upload_file(name, io.BytesIO(name.encode("utf-8")))

    def test_upload_files(self):
        run = self.run_under_test
        paths = [self.write("a.txt", "A"), self.write("b.txt", "B")]
        run.upload_files(["outputs/a", "./other/b"], paths)
        self.assertEqual(run.get_file_names(), ["other/b", "outputs/a"])
        self.assertEqual(content(run._folder.artifact_path("other/b")), "B")

    def test_upload_files_is_checked_whole(self):
        run = self.run_under_test
        path = self.write("a.txt", "A")
        for names, paths in (
            (["a", "b"], [path]),
            (["a", "b"], [path, "missing.txt"]),
            (["a", "../b"], [path, path]),
            ("a", [path]),
            (["a"], path),
            (["a", "b"], [path, None]),
        ):
            with self.subTest(names=names, paths=paths), self.assertRaises(UserErrorException):
                run.upload_files(names, paths)
        with self.assertRaises(NotAvailableException):
            run.upload_files(["a"], [path], return_artifacts=True)
        self.assertEqual(run.get_file_names(), [])

    def test_upload_folder(self):
        run = self.run_under_test
        self.write("data/a.txt", "A")
        self.write("data/deep/bé.txt", "B")
        run.upload_folder("outputs/data", "data")
        run.upload_folder("again/", os.path.join(self.project, "data"))
        self.assertEqual(
            run.get_file_names(),
            ["again/a.txt", "again/deep/bé.txt", "outputs/data/a.txt", "outputs/data/deep/bé.txt"],
        )
        for name, path in (("x", "missing"), ("x", "data/a.txt"), ("../x", "data"), ("x", None), (None, "data")):
            with self.subTest(name=name, path=path), self.assertRaises(UserErrorException):
                run.upload_folder(name, path)
        self.assertEqual(len(run.get_file_names()), 4)

    def test_download_files(self):
        run = self.run_under_test
        self.upload("outputs/a.txt", "outputs/deep/b.txt", "other.txt")
        for name, options, expected in (
            ("all", {}, ["other.txt", "outputs/a.txt", "outputs/deep/b.txt"]),
            ("prefix", {"prefix": "outputs/"}, ["outputs/a.txt", "outputs/deep/b.txt"]),
            ("bare", {"prefix": "outputs", "append_prefix": False}, ["a.txt", "deep/b.txt"]),
            ("whole", {"prefix": "other.txt", "append_prefix": False}, ["other.txt"]),
            ("paths", {"prefix": "outputs", "output_paths": ["x", "y/z"]}, ["x", "y/z"]),
            ("none", {"prefix": "nothing"}, []),
        ):
            with self.subTest(name):
                run.download_files(output_directory=name, batch_size=1, timeout_seconds=10, **options)
                self.assertEqual(files_below(name), expected)
        self.assertEqual(content("paths/y/z"), "outputs/deep/b.txt")
        os.mkdir("here")
        os.chdir("here")
        run.download_files("outputs/deep")
        self.assertEqual(files_below("."), ["outputs/deep/b.txt"])
        with self.assertRaises(UserErrorException) as caught:
            run.download_files("outputs", output_paths=["one"])
        self.assertIn("output_paths", str(caught.exception))

    def test_logs(self):
        run = self.run_under_test
        self.upload("logs/train.log", "logs/std_log.txt", "azureml-logs/55_start.txt", "outputs/x")
        names = [
            "azureml-logs/55_start.txt",
            "azureml-logs/70_driver_log.txt",
            "logs/std_log.txt",
            "logs/train.log",
            "user_logs/std_log.txt",
        ]
        paths = run.get_all_logs()
        self.assertEqual(paths, [os.path.join(self.project, run.id, *name.split("/")) for name in names])
        there = os.path.join(self.project, "there")
        self.assertEqual(run.download_logs("there"), [os.path.join(there, *name.split("/")) for name in names])
        self.assertEqual(content(paths[1]), "logs/std_log.txt")
        run.download_files("azureml-logs", "driver")
        self.assertEqual(files_below("driver"), names[:2])
        self.assertEqual(run.get_details_with_logs()["logFiles"]["logs/train.log"], "logs/train.log")

    def test_a_run_without_logs_gives_none(self):
        self.assertEqual(self.run_under_test.get_all_logs(), [])


class Snapshots(StoreTestCase):
    HASH = "0f" * 32

    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "trial")
        folder = self.experiment._store.create_run(type="azureml.scriptrun")
        writer = JournalWriter(folder, "submit")
        writer.append(encode_record(1.0, "snapshot", {"hash": self.HASH, "files": 1, "bytes": 3}))
        writer.close()
        self.run_under_test = Run(self.experiment, folder.id)
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("train.py", "1+1")
        write_bytes(os.path.join(self.project, ".runledger", "snapshots", self.HASH + ".zip"), data.getvalue())

    def test_a_copy_of_the_code(self):
        run = self.run_under_test
        self.assertEqual(run.get_snapshot_id(), self.HASH)
        os.mkdir("folder")
        for given, expected in (
            ({}, self.HASH + ".zip"),
            ({"path": "folder"}, "folder/" + self.HASH + ".zip"),
            ({"path": "made/"}, "made/" + self.HASH + ".zip"),
            ({"snapshot_id": self.HASH, "path": "code.zip"}, "code.zip"),
        ):
            path = run.restore_snapshot(**given)
            self.assertEqual(path, os.path.join(self.project, *expected.split("/")))
            with zipfile.ZipFile(path) as archive:
                self.assertEqual(archive.read("train.py"), b"1+1")

    def test_snapshots_that_are_not_there(self):
        for given in ("../../workspace", "ab" * 32, 3, ""):
            with self.subTest(given), self.assertRaises(UserErrorException):
                self.run_under_test.restore_snapshot(given)
        bare = Run(self.experiment, self.experiment._store.create_run().id)
        self.assertIsNone(bare.get_snapshot_id())
        with self.assertRaises(UserErrorException) as caught:
            bare.restore_snapshot()
        self.assertIn("has no snapshot", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
