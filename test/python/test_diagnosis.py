"""Why a script failed, read from the end of its log."""

import os
import types
import unittest

from support import StoreTestCase
from runledger.supervisor.diagnosis import failure, last_traceback, read_tail

TRACE = 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    f()\n'


def explain(text, **changes):
    fields = dict(source_folder="/source", is_in_place=False, interpreter="/usr/bin/python3", script="train.py")
    fields.update(changes)
    return failure(1, None, text, types.SimpleNamespace(**fields), "/work")


class Traceback(unittest.TestCase):
    def test_the_last_one_counts(self):
        found = last_traceback("epoch 1\n" + TRACE + "KeyError: 'first'\nepoch 2\n" + TRACE + "ValueError: second\n")
        self.assertEqual(found, ("ValueError", "second", TRACE + "ValueError: second"))

    def test_a_chain_is_kept_whole(self):
        text = (
            TRACE
            + "KeyError: 'a'\n\nDuring handling of the above exception, another exception occurred:\n\n"
            + TRACE
            + "pkg.errors.Bad: b\n\nThe above exception was the direct cause of the following exception:\n\n"
            + TRACE
            + "RuntimeError: c\n"
        )
        self.assertEqual(last_traceback("before\n" + text), ("RuntimeError", "c", text.rstrip("\n")))

    def test_a_message_of_several_lines(self):
        found = last_traceback(TRACE + "ValueError: one\ntwo\nthree\n")
        self.assertEqual(found[:2], ("ValueError", "one\ntwo\nthree"))

    def test_no_message_and_windows_lines(self):
        self.assertEqual(
            last_traceback((TRACE + "KeyboardInterrupt\n").replace("\n", "\r\n"))[:2], ("KeyboardInterrupt", "")
        )

    def test_a_syntax_error_has_no_header(self):
        text = '  File "train.py", line 2\n    x = = 2\n        ^\nSyntaxError: invalid syntax\n'
        self.assertEqual(last_traceback("out\n" + text)[:2], ("SyntaxError", "invalid syntax"))

    def test_none(self):
        for text in ("", "all is well\n", "Traceback (most recent call last):\n", TRACE, TRACE + "no exception here\n"):
            with self.subTest(text):
                self.assertIsNone(last_traceback(text))


class Advice(unittest.TestCase):
    def test_what_newer_libraries_removed(self):
        error = explain(TRACE + "AttributeError: module 'numpy' has no attribute 'float'.\n`np.float` was an alias\n")
        self.assertIn("numpy<1.24", error["advice"])
        error = explain(TRACE + "ModuleNotFoundError: No module named 'sklearn.externals.joblib'\n")
        self.assertIn("import joblib", error["advice"])
        error = explain(TRACE + "ImportError: cannot import name 'x' from 'y'\n")
        self.assertNotIn("advice", error)

    def test_parts_of_azureml_are_not_to_be_installed(self):
        error = explain(TRACE + "ModuleNotFoundError: No module named 'azureml.pipeline'\n")
        self.assertEqual(error["advice"], "azureml.pipeline is not available in this version of Runledger.")

    def test_memory(self):
        self.assertIn("Memory ran out", explain(TRACE + "MemoryError\n")["advice"])

    def test_long_messages_are_cut(self):
        self.assertEqual(len(explain(TRACE + "ValueError: " + "x" * 9000)["message"]), 3000)


class LeftOut(StoreTestCase):
    def test_a_module_that_the_snapshot_leaves_out(self):
        self.write(".gitignore", "lib/\n")
        self.write("lib/__init__.py", "")
        error = explain(TRACE + "ModuleNotFoundError: No module named 'lib.part'\n", source_folder=self.project)
        self.assertIn(".gitignore keeps it out", error["advice"])
        error = explain(
            TRACE + "ModuleNotFoundError: No module named 'lib.part'\n", source_folder=self.project, is_in_place=True
        )
        self.assertIn("-m pip install lib", error["advice"])

    def test_a_path_outside_gets_no_advice(self):
        self.write("secret.csv", "", self.folder)
        for name in ("../secret.csv", os.path.join(self.folder, "secret.csv")):
            error = explain(
                TRACE + "FileNotFoundError: [Errno 2] No such file or directory: '{}'\n".format(name),
                source_folder=self.project,
            )
            self.assertNotIn("advice", error)

    def test_the_end_of_a_log_in_any_encoding(self):
        path = os.path.join(self.project, "log.txt")
        with open(path, "wb") as file:
            file.write(b"\xff" * 200000 + TRACE.encode() + b"ValueError: \xe9\n")
        self.assertEqual(last_traceback(read_tail(path))[0], "ValueError")
        self.assertEqual(read_tail(path + ".missing"), "")


if __name__ == "__main__":
    unittest.main()
