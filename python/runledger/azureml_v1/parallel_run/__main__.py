"""What a ``ParallelRunStep`` runs: ``python -m runledger.azureml_v1.parallel_run <options> -- <the script's
arguments>``.
"""

import argparse
import os
import sys

from runledger.azureml_v1.parallel_run.batches import batches_of
from runledger.azureml_v1.parallel_run.pool import Pool


class ParallelRunError(Exception):
    """More has failed than the configuration allows."""


def main(arguments):
    """Carries the step out. Raises ``ParallelRunError``, ``StartError`` or ``UserErrorException``."""
    from runledger.azureml_v1.run import Run

    cut = arguments.index("--")
    options, of_script = _parser().parse_args(arguments[:cut]), arguments[cut + 1 :]
    inputs = Run.get_context(allow_offline=False).input_datasets
    batches = batches_of([inputs[name] for name in options.input], options.mini_batch_size, options.partition_key)
    print("{} mini-batches, in {} processes.".format(len(batches), options.processes), flush=True)
    count = max(1, min(options.processes, len(batches)))
    summary = _Summary(options, batches)
    with _Output(options.output, options.output_file) as output:
        with Pool(count, options.entry_script, of_script, options.timeout, options.max_try) as pool:
            for outcome in pool.outcomes(batches):
                output.add(outcome.text)
                summary.add(outcome)
            pool.end()
    summary.tell()


class _Summary:
    """Counts what has failed, and refuses more than the configuration allows."""

    def __init__(self, options, batches):
        self._options = options
        self._batches = batches
        self._done = 0
        self._failed_items = 0
        self._failed_batches = 0

    def add(self, outcome):
        """Takes note of an outcome. Raises ``ParallelRunError``."""
        size = len(self._batches[outcome.index])
        missing = max(0, size - outcome.count)
        self._done += 1
        self._failed_items += missing
        self._failed_batches += outcome.failure is not None
        note = "{} of {} items".format(size - missing, size) if outcome.failure is None else outcome.failure
        print(
            "Mini-batch {} ({} of {} done): {}".format(outcome.index, self._done, len(self._batches), note), flush=True
        )
        self._check()

    def _check(self):
        options, total = self._options, len(self._batches)
        if 0 <= options.error_threshold < self._failed_items:
            self._refuse("{} items failed, and error_threshold is {}", self._failed_items, options.error_threshold)
        if options.allowed_failed_count is not None and self._failed_batches > options.allowed_failed_count:
            self._refuse(
                "{} mini-batches failed, and allowed_failed_count is {}",
                self._failed_batches,
                options.allowed_failed_count,
            )
        percent = options.allowed_failed_percent
        if percent is not None and 100.0 * self._failed_batches > percent * total:
            self._refuse("{} mini-batches failed, and allowed_failed_percent is {}", self._failed_batches, percent)

    def _refuse(self, text, *values):
        raise ParallelRunError(text.format(*values) + ". The messages of the entry script are above.")

    def tell(self):
        """Prints the sum."""
        print("All mini-batches are done; {} items failed.".format(self._failed_items), flush=True)


class _Output:
    """The file of the rows, in the ``folder``; without a folder they are dropped. It appears whole, at the end."""

    def __init__(self, folder, name):
        self._path = None if folder is None else os.path.join(folder, name)
        self._file = None

    def __enter__(self):
        if self._path is not None:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            self._file = open(self._path + ".tmp", "w", encoding="utf-8", newline="")
        return self

    def add(self, text):
        """Adds rows."""
        if self._file is not None:
            self._file.write(text)

    def __exit__(self, kind, error, trace):
        if self._file is not None:
            self._file.close()
            if kind is None:
                os.replace(self._path + ".tmp", self._path)
            else:
                os.unlink(self._path + ".tmp")
        return False


def _parser():
    parser = argparse.ArgumentParser(prog="parallel_run")
    parser.add_argument("--entry-script", required=True)
    parser.add_argument("--input", action="append", required=True)
    parser.add_argument("--output")
    parser.add_argument("--output-file", default="parallel_run_step.txt")
    parser.add_argument("--mini-batch-size", default="")
    parser.add_argument("--partition-key", action="append", default=[])
    parser.add_argument("--error-threshold", type=int, default=-1)
    parser.add_argument("--allowed-failed-count", type=int)
    parser.add_argument("--allowed-failed-percent", type=float)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--max-try", type=int, default=3)
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
