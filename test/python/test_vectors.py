"""The vectors that both implementations of the store are held to."""

import os
import unittest

from support import SHARED_FIXTURES, read_fixture
from runledger.errors import InvalidNameError
from runledger.store.journal_reader import read_journal
from runledger.store.names import experiment_key, validated_artifact_path, validated_experiment_name
from runledger.store.run_view import fold


def _cases():
    return sorted(
        name for name in os.listdir(SHARED_FIXTURES) if os.path.isfile(os.path.join(SHARED_FIXTURES, name, "run.json"))
    )


class JournalVectors(unittest.TestCase):
    maxDiff = None

    def test_there_are_vectors(self):
        self.assertGreater(len(_cases()), 10)

    def test_each_folds_to_the_expected_view(self):
        for case in _cases():
            with self.subTest(case):
                records, problems = read_journal(os.path.join(SHARED_FIXTURES, case, "journal"))
                view = fold(read_fixture(case, "run.json"), records, problems).to_dict()
                expected = read_fixture(case, "expected.json")
                self.assertEqual(view, expected)
                self.assertEqual(list(view["tags"]), list(expected["tags"]), "the order of tags")
                self.assertEqual(_types(view), _types(expected), "numbers and booleans are told apart")

    def test_processes(self):
        records, problems = read_journal(os.path.join(SHARED_FIXTURES, "processes", "journal"))
        view = fold(read_fixture("processes", "run.json"), records, problems)
        self.assertEqual(view.processes, read_fixture("processes", "processes.json"))


class NameVectors(unittest.TestCase):
    def test_experiment_names(self):
        for case in read_fixture("names.json")["experimentNames"]:
            with self.subTest(case):
                if case.get("error"):
                    with self.assertRaises(InvalidNameError):
                        validated_experiment_name(case["name"])
                else:
                    self.assertEqual(experiment_key(case["name"]), case["key"])

    def test_artifact_paths(self):
        for case in read_fixture("names.json")["artifactPaths"]:
            with self.subTest(case):
                if case["ok"]:
                    self.assertEqual(validated_artifact_path(case["path"]), case["path"])
                else:
                    with self.assertRaises(InvalidNameError):
                        validated_artifact_path(case["path"])


def _types(value):
    if isinstance(value, dict):
        return {name: _types(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_types(item) for item in value]
    return "boolean" if isinstance(value, bool) else "other"


if __name__ == "__main__":
    unittest.main()
