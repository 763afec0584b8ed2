"""Runs that wait for their turn on this machine."""

import os
import signal
import unittest

from supervised import WAITING, SupervisedTestCase
from support import wait_until

FINE = "import os\nprint(os.environ.get('CUDA_VISIBLE_DEVICES'))\n"


class Queue(SupervisedTestCase):
    def setUp(self):
        super().setUp()
        self.queue = os.path.join(self.home, "queue")

    def submit(self, source, limit=1, **more):
        return self.launch(source, queue=dict({"folder": self.queue, "limit": limit}, **more))

    def cancel(self, run, process):
        with open(run.cancel_path, "w"):
            pass
        return self.finish(run, process)

    def wait_for_status(self, run, status):
        wait_until(lambda: self.statuses(run)[-1:] == [status], "{} is {}".format(run.id, status))

    def test_one_after_the_other_in_the_order_of_their_submission(self):
        first, first_process = self.submit(WAITING)
        self.wait_for_status(first, "Running")
        waiting = [self.submit(FINE) for _ in range(3)]
        for run, _ in waiting:
            self.wait_for_status(run, "Queued")
        self.assertFalse(os.path.exists(os.path.join(waiting[0][0].path, ".work")), "a run that waits takes no room")
        self.cancel(first, first_process)
        views = [self.finish(run, process) for run, process in waiting]
        self.assertEqual([view.status for view in views], ["Completed"] * 3)
        starts = [view.start_time for view in views]
        self.assertEqual(starts, sorted(starts))
        for before, after in zip(views, views[1:]):
            self.assertGreaterEqual(after.start_time, before.end_time - 0.5)
        self.assertEqual(
            self.statuses(waiting[0][0]), ["Queued", "Preparing", "Starting", "Running", "Finalizing", "Completed"]
        )
        self.assertFalse(os.path.exists(self.queue))

    def test_as_many_at_once_as_the_limit(self):
        runs = [self.submit(WAITING, limit=2) for _ in range(2)]
        for run, _ in runs:
            self.wait_for_status(run, "Running")
        third, third_process = self.submit(FINE, limit=2)
        self.wait_for_status(third, "Queued")
        self.cancel(*runs[1])
        self.assertEqual(self.finish(third, third_process).status, "Completed")
        self.assertNotIn("Queued", self.statuses(runs[0][0]) + self.statuses(runs[1][0]))
        self.cancel(*runs[0])

    def test_one_that_waits_can_be_canceled(self):
        first, first_process = self.submit(WAITING)
        self.wait_for_status(first, "Running")
        second, second_process = self.submit(FINE)
        self.wait_for_status(second, "Queued")
        self.assertEqual(self.cancel(second, second_process).status, "Canceled")
        self.assertNotIn("Running", self.statuses(second))
        self.cancel(first, first_process)

    def test_a_supervisor_that_was_killed_holds_nobody_up(self):
        first, first_process = self.submit("import time\ntime.sleep(3)\n")
        self.wait_for_status(first, "Running")
        second, second_process = self.submit(FINE)
        self.wait_for_status(second, "Queued")
        first_process.send_signal(signal.SIGKILL)
        first_process.wait()
        self.assertEqual(self.finish(second, second_process).status, "Completed")

    def test_cards_are_shared_out(self):
        cards = {"gpus": [0, 1, 3], "gpusPerRun": 1}
        holders = [
            self.submit(FINE.replace("print(", "print('card', ") + WAITING, limit=3, **cards) for _ in range(2)
        ]
        seen = set()
        for run, _ in holders:
            self.wait_for_log(run, "ready")
            seen.add(self.log_of(run).split()[1])
        self.assertEqual(seen, {"0", "1"})
        third, third_process = self.submit(FINE, limit=3, **cards)
        self.finish(third, third_process)
        self.assertEqual(self.log_of(third).strip(), "3")
        both, both_process = self.submit(FINE, limit=3, gpus=[0, 1, 3], gpusPerRun=2)
        self.wait_for_status(both, "Queued")
        self.cancel(*holders[0])
        self.assertEqual(self.finish(both, both_process).status, "Completed")
        self.assertEqual(len(self.log_of(both).strip().split(",")), 2)
        self.cancel(*holders[1])

    def test_a_queue_that_cannot_be_written_is_passed_over(self):
        self.write("blocked", "")
        run, view = self.carry_out(FINE, queue={"folder": os.path.abspath("blocked/queue"), "limit": 1})
        self.assertEqual(view.status, "Completed")
        self.assertIn("did not wait for its turn", view.warnings[0])


if __name__ == "__main__":
    unittest.main()
