"""What is installed where a script runs, kept with its run."""

import json
import os
import platform
import unittest

from supervised import SupervisedTestCase, WAITING
from support import wait_until


class Installed(SupervisedTestCase):
    def read(self, run):
        with open(os.path.join(run.path, "installed.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_of_a_script_that_is_soon_done(self):
        run, view = self.carry_out("print('done')\n")
        self.assertEqual(view.status, "Completed")
        found = self.read(run)
        self.assertEqual(found["python"], platform.python_version())
        self.assertEqual(found["platform"], platform.platform())
        from importlib import metadata

        self.assertEqual(found["packages"]["pip"], metadata.version("pip"))
        self.assertNotIn("runledger_plugins", found["packages"], "the SDK on the path is not installed there")

    def test_while_a_script_goes_on(self):
        run, process = self.launch(WAITING)
        path = os.path.join(run.path, "installed.json")
        wait_until(lambda: os.path.exists(path), path)
        self.assertIn("pip", self.read(run)["packages"])
        self.assertFalse(run.view().is_terminal)


if __name__ == "__main__":
    unittest.main()
