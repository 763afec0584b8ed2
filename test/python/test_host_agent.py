"""What the agent on a host does that needs no connection."""

import os
import time
import unittest

from support import StoreTestCase
from runledger.host.agent import KEPT_UNUSED_S, LAUNCH_LIMIT_S, Agent


class ForgetTest(StoreTestCase):
    def put(self, path, age_s):
        path = os.path.join(self.folder, "host", *path.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w"):
            pass
        for touched in (path, os.path.dirname(path)):
            os.utime(touched, (0, time.time() - age_s))

    def forget(self, run):
        root = os.path.join(self.folder, "host")
        Agent(None).do_forget({"folder": root, "workspace": os.path.join(root, "runs", run)}, b"")
        return sorted(
            "{}/{}".format(kind, name)
            for kind in ("data", "environments", "runs", "sdk", "snapshots")
            for name in (os.listdir(os.path.join(root, kind)) if os.path.isdir(os.path.join(root, kind)) else ())
        )

    def test_what_is_not_used_goes_and_what_a_run_was_started_with_stays(self):
        day = 24 * 60 * 60
        old = KEPT_UNUSED_S + 20 * day
        self.put("sdk/old/file", old)
        self.put("sdk/new/file", day)
        self.put("snapshots/old.zip", old)
        self.put("data/old/digits", old)
        self.put("environments/old/environment.json", old)
        self.put("runs/short/.runledger/workspace.json", 0)
        # It has gone on for longer than anything unused is kept.
        self.put("runs/long/.runledger/workspace.json", old)
        self.put("sdk/older/file", old + LAUNCH_LIMIT_S + day)
        kept = ["data/old", "environments/old", "runs/long", "sdk/new", "sdk/old", "snapshots/old.zip"]
        self.assertEqual(self.forget("short"), kept)
        self.assertEqual(self.forget("long"), ["sdk/new"])


if __name__ == "__main__":
    unittest.main()
