"""What of a job needs no cluster: its script, and how what Slurm says of its end becomes the end of the run."""

import json
import os
import subprocess
import sys
import unittest

from support import clean_environment
from supervised import SupervisedTestCase
from runledger.supervisor.launches import Launches
from runledger.supervisor.slurm import commands, job_ranks, verdict
from runledger.supervisor.slurm.job_script import job_options, job_script
from runledger.supervisor.slurm.node_journal import NodeJournal
from runledger.supervisor.specification import SpecificationError


def job(**fields):
    return commands.Job(dict({"JobState": "COMPLETED", "ExitCode": "0:0"}, **fields))


class VerdictTest(unittest.TestCase):
    def message(self, canceled=False, **fields):
        outcome = verdict.outcome_of("7", job(**fields), canceled)
        return outcome["v"], outcome.get("error", {}).get("message")

    def test_time_limit(self):
        self.assertEqual(
            self.message(JobState="TIMEOUT", TimeLimit="00:10:00"),
            ("Failed", "The Slurm job 7 reached its time limit of 00:10:00."),
        )

    def test_preempted(self):
        status, message = self.message(JobState="PREEMPTED")
        self.assertEqual(status, "Failed")
        self.assertIn("make room", message)

    def test_boot(self):
        self.assertEqual(self.message(JobState="BOOT_FAIL", NodeList="(null)")[0], "Failed")

    def test_canceled_here_and_elsewhere(self):
        self.assertEqual(self.message(canceled=True, JobState="CANCELLED"), ("Canceled", None))
        status, message = self.message(JobState="CANCELLED")
        self.assertEqual(status, "Canceled")
        self.assertIn("outside Runledger", message)

    def test_a_job_before_it_failed(self):
        status, message = self.message(JobState="CANCELLED", Reason="DependencyNeverSatisfied")
        self.assertEqual((status, message), ("Canceled", "A job that the Slurm job 7 waited for did not complete."))

    def test_gone(self):
        self.assertEqual(verdict.gone("7_1", True, True), {"v": "Canceled"})
        self.assertIn("outside Runledger", verdict.gone("7_1", True, False)["error"]["message"])
        self.assertEqual(verdict.gone("7", False, False)["v"], "Failed")

    def test_killed(self):
        self.assertIn("SIGKILL", self.message(JobState="FAILED", ExitCode="0:9")[1])
        self.assertIn("SIGKILL", self.message(JobState="FAILED", ExitCode="137:0")[1])

    def test_ended_without_a_record(self):
        self.assertIn("exit code 3", self.message(JobState="FAILED", ExitCode="3:0")[1])

    def test_own_lines_of_the_log_are_no_last_words(self):
        log = "bash: module: command not found\n2026-01-01T00:00:00Z Slurm ended the job as FAILED\n"
        outcome = verdict.never_started("7", job(JobState="FAILED", ExitCode="1:0"), log)
        self.assertIn("Its last words: bash: module: command not found", outcome["error"]["message"])


class JobScriptTest(SupervisedTestCase):
    def launch_of(self, slurm, **changes):
        self.write("train.py", "")
        value = self.specification(self.new_run(), slurm=slurm, **changes)
        launches = Launches(value)
        return launches.specification(), launches

    def test_the_launch_arrives_as_it_was_given(self):
        tricky = "it's $HOME `date` \\ \u2028 \n END_OF_THE_LAUNCH\nEND_OF_THE_LAUNCH"
        slurm = {"options": [], "lines": [], "setup": ["export SET=1"], "python": "/bin/cat #"}
        specification, launches = self.launch_of(slurm, environmentVariables={"SECRET": tricky})
        script = job_script(specification, launches.value)
        # What stands in the place of Python: a program that gives back what it reads.
        reader = os.path.join(self.folder, "reader")
        with open(reader, "w") as file:
            file.write("#!/bin/sh\ncat\n")
        os.chmod(reader, 0o755)
        script = script.replace("'/bin/cat #'", reader)
        said = subprocess.run(["bash"], input=script.encode("utf-8"), stdout=subprocess.PIPE).stdout
        self.assertEqual(json.loads(said.decode("utf-8")), launches.value)

    def test_the_log_may_have_any_name(self):
        specification, launches = self.launch_of({"options": ["--partition=a"]})
        options = job_options(specification, launches)
        self.assertEqual(options[0], "--partition=a")
        log = next(option for option in options if option.startswith("--output="))
        self.assertEqual(log.count("%"), 2 * specification.run.path.count("%"))

    def test_a_job_comes_after_others(self):
        specification, launches = self.launch_of({"options": []}, after=["12", "14"])
        self.assertIn("--dependency=afterok:12:14", job_options(specification, launches))
        self.assertFalse(any(option.startswith("--array") for option in job_options(specification, launches)))

    def array_of(self, places, limit=2):
        self.write("train.py", "")
        experiment = self.store.experiment("trial")
        runs = {place: experiment.create_run("sweep_{}".format(place), type="azureml.scriptrun") for place in places}
        first = self.specification(runs[places[0]], slurm={"options": []})
        tasks = {
            str(place): {"runId": run.id, "runFolder": run.path, "arguments": ["--lr", str(place)]}
            for place, run in runs.items()
        }
        return Launches(dict(first, array={"name": "sweep", "limit": limit, "tasks": tasks}))

    def test_runs_of_an_array(self):
        launches = self.array_of([0, 1, 2, 5])
        first = launches.specification(0)
        options = job_options(first, launches)
        self.assertIn("--job-name=sweep", options)
        self.assertIn("--array=0-2,5%2", options)
        log = next(option for option in options if option.startswith("--output="))
        self.assertTrue(log.endswith("/runs/sweep_%a/artifacts/logs/system_log.txt"), log)
        third = launches.specification("5")
        self.assertEqual((third.run_id, third.arguments), ("sweep_5", ["--lr", "5"]))
        self.assertIn("--array=3", job_options(first, self.array_of([3], limit=None)))

    def test_a_place_that_is_no_run(self):
        launches = self.array_of([0])
        for place in ("7", None):
            with self.assertRaises(SpecificationError):
                launches.specification(place)
        launches.value["array"]["tasks"]["1"] = launches.value["array"]["tasks"]["0"]
        with self.assertRaises(SpecificationError):
            launches.specification(1)

    def test_no_part_is_no_job(self):
        self.assertIsNone(self.launch_of(None)[0].slurm)


class OpenFilesTest(unittest.TestCase):
    @unittest.skipIf(os.name == "nt", "Windows has no such limit")
    def test_as_many_journals_as_runs(self):
        program = (
            "import resource\n"
            "from runledger import host_platform\n"
            "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
            "resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))\n"
            "host_platform.allow_open_files(200)\n"
            "host_platform.allow_open_files(100)\n"
            "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])\n"
        )
        self.assertEqual(subprocess.check_output([sys.executable, "-c", program], env=clean_environment()), b"200\n")


class ArrayPlacesTest(unittest.TestCase):
    def test_tasks_that_are_told_of_together(self):
        waiting = job(ArrayTaskId="3-9,12,20-28:4%2")
        places = [place for place in range(30) if waiting.is_of(place)]
        self.assertEqual(places, [3, 4, 5, 6, 7, 8, 9, 12, 20, 24, 28])
        self.assertTrue(job(ArrayTaskId="7").is_of(7))
        self.assertFalse(job().is_of(0))


class NodeJournalTest(SupervisedTestCase):
    def test_only_what_supervisors_wrote_counts_and_whole_lines(self):
        run = self.new_run()
        node = NodeJournal(run)
        node.read()
        self.assertFalse(node.has_begun)

        def write(name, text):
            with open(os.path.join(run.journal_folder, name), "a") as file:
                file.write(text)

        write("script-1-00000000.jsonl", '{"t":1,"k":"status","v":"Completed"}\n')
        write("supervisor-1-00000000.jsonl", '{"t":2,"k":"status","v":"Running"}\n{"t":3,"k":"status","v":"Compl')
        node.read()
        self.assertEqual((node.status, node.has_ended, node.last_time), ("Running", False, 2.0))
        write("supervisor-1-00000000.jsonl", 'eted"}\n')
        node.read()
        self.assertTrue(node.has_ended)


class RanksTest(unittest.TestCase):
    def test_tasks_of_nodes(self):
        self.assertEqual(job_ranks.tasks_of_nodes("2(x2),1"), [2, 2, 1])
        self.assertEqual(job_ranks.tasks_of_nodes("4"), [4])

    def test_tensorflow(self):
        os.environ["SLURM_STEP_TASKS_PER_NODE"] = "2,1"
        self.addCleanup(os.environ.pop, "SLURM_STEP_TASKS_PER_NODE")
        made = {"kind": "tensorflow", "processes": 2, "hosts": ["a", "b"], "first_port": 20000}
        config = json.loads(job_ranks.variables_of(made, 2)["TF_CONFIG"])
        self.assertEqual(config["cluster"], {"worker": ["a:20000", "a:20001"], "ps": ["b:20002"]})
        self.assertEqual(config["task"], {"type": "ps", "index": 0})

    def test_signals(self):
        self.assertEqual(job_ranks.number_of_signal("Segmentation fault (core dumped)"), 11)
        self.assertEqual(job_ranks.number_of_signal("Out Of Memory"), 9)


if __name__ == "__main__":
    unittest.main()
