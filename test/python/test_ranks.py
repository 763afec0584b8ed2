"""Scripts that are started as several processes."""

import json
import os
import shutil
import unittest

from supervised import WAITING, SupervisedTestCase, is_gone
from support import wait_until

NAMES = "RANK LOCAL_RANK WORLD_SIZE LOCAL_WORLD_SIZE NODE_RANK MASTER_ADDR MASTER_PORT".split()
TELL = (
    "import json, os\n"
    "from azureml.core import Run\n"
    "run = Run.get_context()\n"
    "rank = int(os.environ.get('RANK', os.environ.get('OMPI_COMM_WORLD_RANK', 0)))\n"
    "run.log('rank', rank)\n"
    "print('I am', rank, flush=True)\n"
    "json.dump(dict(os.environ), open('outputs/{}.json'.format(rank), 'w'))\n"
)


class Ranks(SupervisedTestCase):
    def variables(self, run, rank):
        with open(run.artifact_path("outputs/{}.json".format(rank))) as file:
            return json.load(file)

    def log_of_rank(self, run, rank):
        with open(run.artifact_path("logs/std_log_rank_{}.txt".format(rank))) as file:
            return file.read()

    def test_pytorch(self):
        run, view = self.carry_out(TELL, distribution={"kind": "pytorch", "processes": 3})
        self.assertEqual(view.status, "Completed", view.error)
        self.assertEqual(sorted(value for _, value, _ in view.metrics["rank"].points), [0, 1, 2])
        ports = set()
        for rank in range(3):
            variables = self.variables(run, rank)
            ports.add(variables["MASTER_PORT"])
            self.assertEqual(
                [variables[name] for name in NAMES[:-1]], [str(rank), str(rank), "3", "3", "0", "127.0.0.1"]
            )
        self.assertEqual(len(ports), 1)
        self.assertEqual(self.log_of(run), "I am 0\n")
        self.assertEqual(self.log_of_rank(run, 2), "I am 2\n")

    def test_tensorflow(self):
        source = "import os, json\nprint(os.environ['TF_CONFIG'], flush=True)\n"
        run, view = self.carry_out(source, distribution={"kind": "tensorflow", "processes": 2, "parameterServers": 1})
        self.assertEqual(view.status, "Completed", view.error)
        configurations = [json.loads(self.log_of(run))] + [json.loads(self.log_of_rank(run, rank)) for rank in (1, 2)]
        self.assertEqual(
            [configuration["task"] for configuration in configurations],
            [{"type": "worker", "index": 0}, {"type": "worker", "index": 1}, {"type": "ps", "index": 0}],
        )
        cluster = configurations[0]["cluster"]
        self.assertEqual((len(cluster["worker"]), len(cluster["ps"])), (2, 1))
        self.assertEqual(len(set(cluster["worker"] + cluster["ps"])), 3)

    @unittest.skipUnless(shutil.which("mpirun"), "MPI: mpirun is not installed")
    def test_mpi(self):
        run, view = self.carry_out(TELL, distribution={"kind": "mpi", "processes": 3})
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertEqual(sorted(value for _, value, _ in view.metrics["rank"].points), [0, 1, 2])
        self.assertEqual([self.variables(run, rank)["OMPI_COMM_WORLD_SIZE"] for rank in range(3)], ["3"] * 3)
        for rank in range(3):
            self.assertIn("I am {}".format(rank), self.log_of(run))

    def test_one_that_fails_ends_the_others_and_says_why(self):
        source = (
            "import os, time\n"
            "if os.environ['RANK'] == '2':\n"
            "    raise ValueError('the third has had enough')\n" + WAITING
        )
        run, view = self.carry_out(source, distribution={"kind": "pytorch", "processes": 3})
        self.assertEqual((view.status, view.exit_code), ("Failed", 1))
        self.assertEqual((view.error["type"], view.error["message"]), ("ValueError", "the third has had enough"))
        self.assertIn("Rank 2 of 3 failed with exit code 1", self.log_of(run))

    def test_cancel_ends_all(self):
        source = "import os\nprint('pid', os.getpid(), flush=True)\n" + WAITING
        run, process = self.launch(source, distribution={"kind": "pytorch", "processes": 2})
        self.wait_for_log(run, "ready")
        wait_until(lambda: "ready" in self.log_of_rank(run, 1), "the second")
        pids = [int(text.split()[1]) for text in (self.log_of(run), self.log_of_rank(run, 1))]
        with open(run.cancel_path, "w"):
            pass
        self.assertEqual(self.finish(run, process).status, "Canceled")
        self.assertTrue(all(is_gone(pid) for pid in pids))

    def test_modules_of_the_source_folder_are_not_taken_for_pythons(self):
        self.write("signal.py", "raise RuntimeError('not me')\n")
        self.write("train.py", "import os\nprint(os.environ['RANK'])\n")
        run = self.new_run()
        changes = {"snapshot": self.snapshot(), "distribution": {"kind": "pytorch", "processes": 2}}
        specification = self.specification(run, **changes)
        # As the submission starts it: what is here would be taken by the supervisor itself.
        process, _ = self.start_supervisor(specification, cwd=run.path)
        self.assertEqual(self.finish(run, process).status, "Completed", self.log_of(run))


if __name__ == "__main__":
    unittest.main()
