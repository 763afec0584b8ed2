"""``run.log`` of one number takes a way of its own, without the functions that other records go through: it must come to
the same, whatever is logged, by whatever thread, at whatever time.
"""

import enum
import os
import threading
import time
import unittest
from unittest import mock

import runledger
from support import StoreTestCase
from azureml.core import Experiment, Workspace
from azureml.exceptions import UserErrorException

from runledger.errors import InvalidArgumentError, UnloggableValueError
from runledger.store.encoding import encode_record, record_time


class Split(str, enum.Enum):
    VALIDATION = "val/loss"


class SpeedPath(StoreTestCase):
    def lines(self, run):
        folder = os.path.join(run.folder, "journal")
        data = b""
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                data += file.read()
        return [line + b"\n" for line in data.split(b"\n") if b'"k":"metric"' in line]

    def test_the_bytes_are_those_of_any_record(self):
        names = ["loss", "a b", 'quo"te\\', "é", "\U0001f600", "\n\x00", "\ud800", "\u2028"]
        floats = [0.0, -0.0, 0.1, -1e-300, 1e22, 1.7976931348623157e308, 5e-324, 2.5]
        others = [0, 7, -7, 1 << 62, -(1 << 63), 1 << 63, 1 << 900, True, False, "text", "\ud800", "é"]
        others += [float("inf"), float("-inf"), float("nan")]
        times = [1763674412_250000123, 1763674412_250001000, 1763674413_000000000, 1763674413_999999999, 999_999999999]
        expected = []
        with runledger.start_run("e") as run:
            for place, value in enumerate(floats + others):
                for name in (names[place % len(names)], "loss"):
                    for step in (None, place, -place, 1 << 60, 1 << 70):
                        now = times[place % 4] + place // 4 * 2_000_000_000
                        fields = {"n": name, "v": value}
                        if step is not None:
                            fields["s"] = step
                        expected.append(encode_record(record_time(now), "metric", fields))
                        with mock.patch("time.time_ns", return_value=now):
                            run._recorder._last_time_ns = 0
                            run.log({name: value}, step=step)
            lines = self.lines(run)
            self.assertEqual([as_read(line) for line in lines], [as_read(line) for line in expected])
            self.assertEqual([without_time(line) for line in lines], [without_time(line) for line in expected])

    def test_a_clock_before_this_century(self):
        with runledger.start_run("e") as run, mock.patch("time.time_ns", return_value=12_345678901):
            run._recorder._last_time_ns = 0
            run.log({"a": 1})
        self.assertEqual(run._folder.view().metrics["a"].points, [(0, 1, 12.345678)])

    def test_names_are_their_text(self):
        with runledger.start_run("e") as run:
            run.log({Split.VALIDATION: 1.0})
            run.log({"val/loss": 2.0})
            run.log({Split.VALIDATION: 3.0, "other": 1})
        self.assertEqual([point[1] for point in run._folder.view().metrics["val/loss"].points], [1.0, 2.0, 3.0])

    def test_what_cannot_be_logged(self):
        with runledger.start_run("e") as run:
            for name in ("", None, 1, ["a"]):
                with self.subTest(name=name), self.assertRaises(InvalidArgumentError):
                    run._recorder.metric(name, 1.0)
            for value in (None, [1.0], object(), 1 << 1100):
                with self.subTest(value=value), self.assertRaises(InvalidArgumentError):
                    run.log({"a": value})
            for step in (0.5, "1", True, 1 << 1100):
                with self.subTest(step=step), self.assertRaises((InvalidArgumentError, UnloggableValueError)):
                    run.log({"a": 1.0}, step=step)
        self.assertEqual(run._folder.view().metrics, {})
        run = Experiment(Workspace.from_config(), "e").start_logging()
        with self.assertRaises(UserErrorException):
            run.log("", 1.0)
        run.complete()

    def test_names_without_end_are_not_kept(self):
        with runledger.start_run("e") as run:
            for place in range(25000):
                run._recorder._quote("name {}".format(place))
            self.assertLessEqual(len(run._recorder._quoted), 10000)

    def test_threads_log_at_their_own_time(self):
        begun = time.time()
        with runledger.start_run("e") as run:
            threads = [
                threading.Thread(target=lambda i=i: [run.log({"t{}".format(i): j}, step=j) for j in range(500)])
                for i in range(8)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        ended = time.time()
        for metric in run._folder.view().metrics.values():
            self.assertEqual([point[:2] for point in metric.points], [(j, j) for j in range(500)])
            for _, _, moment in metric.points:
                self.assertTrue(begun - 0.001 <= moment <= ended, moment)

    def test_a_run_that_has_ended_is_closed_again(self):
        with runledger.start_run("e") as run:
            run.log({"a": 1})
        run.log({"a": 2})
        self.assertEqual([point[1] for point in run._folder.view().metrics["a"].points], [1, 2])
        self.assertEqual(self.active_marks(), [])


def as_read(line):
    """A record as readers take it; a value that is not a number equals itself."""
    from runledger.store.json_text import parse

    return repr(parse(line.decode("utf-8")))


def without_time(line):
    return line.split(b",", 1)[1]


if __name__ == "__main__":
    unittest.main()
