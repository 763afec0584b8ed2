"""``ParallelRunStep``, through the real command, and the mini-batches and processes by themselves."""

import os
import unittest

from support import StoreTestCase, printed
from azureml.core import Dataset, Environment, Experiment, Workspace
from azureml.data import OutputFileDatasetConfig
from azureml.exceptions import ActivityFailedException, UserErrorException
from azureml.pipeline.core import Pipeline, PipelineData, PipelineParameter
from azureml.pipeline.steps import ParallelRunConfig, ParallelRunStep, PythonScriptStep
from runledger.azureml_v1.parallel_run.batches import parsed_size
from runledger.azureml_v1.parallel_run.worker import EntryScriptError, rows_of

SCORE = """
import argparse, os, sys
from helper import shout

def init():
    global options, calls
    parser = argparse.ArgumentParser()
    parser.add_argument("--suffix", default="")
    parser.add_argument("--marks")
    options, _ = parser.parse_known_args()
    calls = 0

def run(mini_batch):
    global calls
    calls += 1
    result = []
    for path in mini_batch:
        name = os.path.basename(path)
        mark = os.path.join(options.marks, name) if options.marks else None
        if name.startswith("slow") and not os.path.exists(mark):
            open(mark, "w").close()
            import time
            time.sleep(60)
        if name.startswith("die") and not os.path.exists(mark):
            open(mark, "w").close()
            os._exit(7)
        if name.startswith("bad"):
            raise ValueError("cannot read " + name)
        if name.startswith("skip"):
            continue
        with open(path) as file:
            result.append("{}: {}{}".format(name, shout(file.read()), options.suffix))
    return result
"""


class ParallelCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "batch")
        self.datastore = self.workspace.get_default_datastore()
        self.write("src/score.py", SCORE)
        self.write("src/helper.py", "def shout(text):\n    return text.upper()\n")
        self.output = PipelineData("scores")

    def config(self, **options):
        chosen = {
            "environment": self.environment(),
            "entry_script": "score.py",
            "source_directory": "src",
            "error_threshold": 0,
            "output_action": "append_row",
            "compute_target": "local",
            "node_count": 2,
            "process_count_per_node": 2,
            "mini_batch_size": "2",
        }
        chosen.update(options)
        return ParallelRunConfig(**chosen)

    def environment(self):
        environment = Environment("batch")
        environment.python.user_managed_dependencies = True
        return environment

    def files(self, *names):
        for name in names:
            self.write("in/" + name, "text of " + name, self.datastore._folder)
        return Dataset.File.from_files((self.datastore, "in")).as_named_input("files")

    def step(self, inputs, arguments=(), output=True, **options):
        return ParallelRunStep(
            name="score",
            parallel_run_config=self.config(**options),
            inputs=inputs,
            output=self.output if output else None,
            arguments=list(arguments),
        )

    def completed(self, *steps, **options):
        run, _ = printed(lambda: self.experiment.submit(Pipeline(self.workspace, list(steps)), **options))
        run.wait_for_completion(show_output=False)
        return run.find_step_run("score")[0]

    def rows(self, step, name="parallel_run_step.txt"):
        folder = step.get_output_data("scores")._local
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            rows = sorted(file.read().splitlines())
        self.assertEqual(os.listdir(folder), [name])
        return rows


class Steps(ParallelCase):
    def test_files_are_given_to_the_script_a_few_at_a_time(self):
        names = ["a", "b", "c", "d", "e"]
        step = self.completed(self.step([self.files(*names)], ["--suffix", PipelineParameter("end", "!")]))
        self.assertEqual(self.rows(step), ["{0}: TEXT OF {1}!".format(name, name.upper()) for name in names])
        self.assertEqual(step.get_properties()["StepType"], "ParallelRunStep")
        log = step.get_stdout_log()
        self.assertTrue(log.startswith("3 mini-batches, in 2 processes.\n"), log)
        self.assertIn("(3 of 3 done)", log)

    def test_what_another_step_wrote_and_a_name_for_the_file(self):
        self.write(
            "src/write.py",
            "import os, sys\nfor name in 'ab':\n    open(os.path.join(sys.argv[1], name), 'w').write(name)\n",
        )
        between = OutputFileDatasetConfig("between")
        write = PythonScriptStep("write.py", arguments=[between], source_directory="src")
        size = PipelineParameter("size", 5)
        step = self.step([between.as_input("found")], mini_batch_size=size, append_row_file_name="rows.txt")
        step = self.completed(step, write, pipeline_parameters={"size": 1})
        self.assertEqual(self.rows(step, "rows.txt"), ["a: A", "b: B"])
        self.assertTrue(step.get_stdout_log().startswith("2 mini-batches"))

    def test_tables_are_given_as_data_frames(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("needs pandas")
        self.write("src/table.py", "def run(part):\n    part['c'] = part['a'] + part['b']\n    return part\n")
        self.write("table.csv", "a,b\n1,2\n3,4\n5,6\n")
        table = Dataset.Tabular.from_delimited_files("table.csv").as_named_input("table")
        step = self.completed(self.step([table], entry_script="table.py", mini_batch_size="17B"))
        self.assertEqual(self.rows(step), ["1 2 3", "3 4 7", "5 6 11"])
        self.assertTrue(step.get_stdout_log().startswith("3 mini-batches"))

    def test_files_of_the_same_part_are_given_together(self):
        for name in ("ann/2020.txt", "ann/2021.txt", "bob/2020.txt"):
            self.write("parts/" + name, name, self.datastore._folder)
        self.write(
            "src/parts.py",
            "import os\n"
            "def run(mini_batch, mini_batch_context):\n"
            "    user = mini_batch_context.partition_key_value['user']\n"
            "    names = [os.path.basename(path) for path in mini_batch]\n"
            "    return ['{} {}'.format(user, ' '.join(names))] * len(mini_batch)\n",
        )
        files = Dataset.File.from_files((self.datastore, "parts"), partition_format="/{user}/{year:yyyy}.txt")
        files = files.register(self.workspace, "Parts")
        self.assertEqual(files.partition_keys, ["user", "year"])
        self.assertEqual(files.get_partition_key_values(["user"]), [{"user": "ann"}, {"user": "bob"}])
        self.assertEqual([values["year"].year for values in files.get_partition_key_values()], [2020, 2021, 2020])
        with self.assertRaisesRegex(UserErrorException, "some of .'user', 'year'."):
            files.get_partition_key_values(["day"])
        options = {"entry_script": "parts.py", "partition_keys": ["user"], "mini_batch_size": None}
        step = self.completed(self.step([files.as_named_input("files")], **options))
        self.assertEqual(self.rows(step), ["ann 2020.txt 2021.txt"] * 2 + ["bob 2020.txt"])
        with self.assertRaisesRegex(ActivityFailedException, "without as_mount"):
            self.completed(self.step([files.as_named_input("files").as_mount()], **options))

    def test_rows_of_the_same_values_are_given_together(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("needs pandas")
        self.write("src/sums.py", "def run(part):\n    return part.groupby('k', as_index=False).sum()\n")
        self.write("table.csv", "k,n\na,1\nb,2\na,3\n")
        table = Dataset.Tabular.from_delimited_files("table.csv")
        self.assertEqual((table.partition_keys, table.get_partition_key_values()), ([], []))
        options = {"entry_script": "sums.py", "mini_batch_size": None, "error_threshold": -1}
        step = self.completed(self.step([table.as_named_input("table")], partition_keys=["k"], **options))
        self.assertEqual(self.rows(step), ["a 4", "b 2"])
        self.assertTrue(step.get_stdout_log().startswith("2 mini-batches"))
        with self.assertRaisesRegex(ActivityFailedException, "no column absent"):
            self.completed(self.step([table.as_named_input("table")], partition_keys=["absent"], **options))

    def test_a_process_that_dies_or_takes_too_long_is_replaced(self):
        marks = os.path.join(self.folder, "marks")
        os.mkdir(marks)
        files = self.files("a", "die", "slow")
        step = self.completed(
            self.step([files], ["--marks", marks], run_invocation_timeout=3, run_max_try=2, mini_batch_size=1)
        )
        self.assertEqual(self.rows(step), ["a: TEXT OF A", "die: TEXT OF DIE", "slow: TEXT OF SLOW"])
        self.assertEqual(sorted(os.listdir(marks)), ["die", "slow"])

    def test_as_many_failures_as_are_allowed(self):
        files = self.files("a", "bad", "skip")
        step = self.completed(self.step([files], error_threshold=2, mini_batch_size=1, run_max_try=2))
        self.assertEqual(self.rows(step), ["a: TEXT OF A"])
        log = step.get_stdout_log()
        # It was tried twice.
        self.assertEqual(log.count("ValueError: cannot read bad"), 3)
        self.assertIn("All mini-batches are done; 2 items failed.", log)

    def test_more_failures_than_are_allowed(self):
        files = self.files("a", "bad", "skip")
        for options, said in (
            ({"error_threshold": 1}, "2 items failed, and error_threshold is 1"),
            ({"error_threshold": -1, "allowed_failed_count": 0}, "allowed_failed_count is 0"),
            ({"error_threshold": -1, "allowed_failed_percent": 30}, "allowed_failed_percent is 30"),
        ):
            with self.assertRaisesRegex(ActivityFailedException, said):
                self.completed(self.step([files], mini_batch_size=1, run_max_try=1, **options))

    def test_only_the_summary(self):
        step = self.completed(self.step([self.files("a")], output=False, output_action="summary_only"))
        self.assertIn("0 items failed", step.get_stdout_log())
        self.assertEqual(step.get_outputs(), {})

    def test_scripts_that_are_none(self):
        self.write("src/empty.py", "")
        self.write("src/broken.py", "def init():\n    raise OSError('no model')\ndef run(batch):\n    return batch\n")
        files = self.files("a")
        for name, said in (("empty.py", "no function run"), ("broken.py", "OSError: no model")):
            pipeline = Pipeline(self.workspace, [self.step([files], entry_script=name)])
            run, _ = printed(lambda: self.experiment.submit(pipeline))
            with self.assertRaisesRegex(ActivityFailedException, "could not be made ready"):
                run.wait_for_completion(show_output=False)
            self.assertIn(said, run.get_steps()[0].get_stdout_log())


class Arguments(ParallelCase):
    def test_wrong_ones_are_named(self):
        files = self.files("a")
        for make, text in (
            (lambda: self.config(environment="e"), "environment"),
            (lambda: self.config(entry_script=""), "entry_script"),
            (lambda: self.config(output_action="keep"), "output_action"),
            (lambda: self.config(mini_batch_size="many"), "mini_batch_size"),
            (lambda: self.config(error_threshold=-2), "error_threshold"),
            (lambda: self.config(run_max_try=0), "run_max_try"),
            (lambda: self.config(append_row_file_name="../x"), "append_row_file_name"),
            (lambda: self.step([files], output=False), "output"),
            (lambda: self.step([]), "inputs"),
            (lambda: self.step(["in"]), "inputs"),
            (lambda: self.step([OutputFileDatasetConfig().as_input()]), "as_input"),
            (lambda: ParallelRunStep("x", {}, [files]), "parallel_run_config"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserErrorException, text):
                make()
        for keys, size, text in ((["a"], "2", "give either"), ("a", None, "a list of names"), ([1], None, "a list")):
            with self.assertRaisesRegex(UserErrorException, text):
                self.config(partition_keys=keys, mini_batch_size=size)
        missing = Pipeline(self.workspace, [self.step([files], entry_script="nothing.py")])
        self.assertRegex(missing.validate()[0], "nothing.py")
        with self.assertRaisesRegex(UserErrorException, "nothing.py"):
            self.experiment.submit(missing)

    def test_sizes(self):
        self.assertEqual([parsed_size(size) for size in (5, "5", "10KB", "2 mb")], [5, 5, 10240, 2 << 20])

    def test_what_run_may_return(self):
        self.assertEqual(rows_of(["a", 1]), (2, "a\n1\n"))
        self.assertEqual(rows_of(()), (0, ""))
        for wrong in (None, "text", {"a": 1}, 3):
            with self.assertRaises(EntryScriptError):
                rows_of(wrong)


if __name__ == "__main__":
    unittest.main()
