"""Runs the Python tests and says in one line of JSON how they went.

Usage: python run.py <report.json> [name or pattern of tests]

The modules test_*.py beside this file are run with ``unittest``. The report holds ``passed``, ``failed``, ``skipped`` and
the ``reasons`` of what was skipped. The exit code is 0 if nothing failed.
"""

import json
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


class CountingResult(unittest.TextTestResult):
    """A result that also counts the tests that passed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0

    def addSuccess(self, test):  # noqa: N802 (unittest's name)
        super().addSuccess(test)
        self.passed += 1


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    loader = unittest.TestLoader()
    if len(arguments) > 1:
        loader.testNamePatterns = ["*{}*".format(pattern) for pattern in arguments[1:]]
    tests = loader.discover(str(HERE), pattern="test_*.py", top_level_dir=str(HERE))
    runner = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult, buffer=True)
    result = runner.run(tests)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    report = {
        "passed": result.passed + len(result.expectedFailures),
        "failed": failed,
        "skipped": len(result.skipped),
        "reasons": sorted({reason for _, reason in result.skipped}),
    }
    Path(arguments[0]).write_text(json.dumps(report) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
