"""Runs the Python tests, as many modules at once as there are processors, and says how they went.

Usage: python run.py <report.json> [name or pattern of tests]

The modules test_*.py beside this file are run with ``unittest``, each in a process of its own. The report holds ``passed``,
``failed``, ``skipped``, the names of the ``failures`` and the ``reasons`` of what was skipped. The exit code is 0 if nothing failed.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ONE_MODULE = "--module"


class CountingResult(unittest.TextTestResult):
    """A result that also counts the tests that passed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0

    def addSuccess(self, test):  # noqa: N802 (unittest's name)
        super().addSuccess(test)
        self.passed += 1


def main(arguments):
    if arguments[:1] == [ONE_MODULE]:
        return run_module(arguments[1], Path(arguments[2]), arguments[3:])
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    return run_all(Path(arguments[0]), arguments[1:])


def run_all(report_file, patterns):
    # The largest modules first, so that none of them is left alone at the end.
    modules = sorted(HERE.glob("test_*.py"), key=lambda path: -path.stat().st_size)
    total = {"passed": 0, "failed": 0, "skipped": 0, "failures": [], "reasons": []}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(run_in_process, path.stem, Path(folder), patterns) for path in modules]
        for run in concurrent.futures.as_completed(runs):
            output, report = run.result()
            sys.stderr.write(output)
            sys.stderr.flush()
            for name, value in report.items():
                total[name] += value
    total["reasons"] = sorted(set(total["reasons"]))
    report_file.write_text(json.dumps(total) + "\n", encoding="utf-8")
    return 1 if total["failed"] else 0


def run_in_process(module, folder, patterns):
    """``(what it printed, its report)``. A module that ended without a report counts as one failure."""
    report_file = folder / (module + ".json")
    process = subprocess.run(
        [sys.executable, __file__, ONE_MODULE, module, str(report_file)] + patterns,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    if report_file.exists():
        return process.stdout, json.loads(report_file.read_text(encoding="utf-8"))
    told = "{}{} ended with {} before its tests had ended.\n".format(process.stdout, module, process.returncode)
    return told, {"failed": 1, "failures": [module]}


def run_module(module, report_file, patterns):
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = ["*{}*".format(pattern) for pattern in patterns]
    runner = unittest.TextTestRunner(verbosity=2, resultclass=CountingResult, buffer=True)
    result = runner.run(loader.loadTestsFromName(module))
    failed = [test for test, _ in result.failures + result.errors] + result.unexpectedSuccesses
    report = {
        "passed": result.passed + len(result.expectedFailures),
        "failed": len(failed),
        "skipped": len(result.skipped),
        "failures": [test.id() for test in failed],
        "reasons": sorted({reason for _, reason in result.skipped}),
    }
    report_file.write_text(json.dumps(report) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
