"""``ScriptRunConfig``, ``RunConfiguration``, ``Environment`` and ``CondaDependencies``, through the real command."""

import contextlib
import io
import json
import os
import sys

from support import StoreTestCase, printed
from azureml.core import Environment, Experiment, Run, RunConfiguration, ScriptRun, ScriptRunConfig, Workspace
from azureml.core.conda_dependencies import CondaDependencies
from azureml.core.container_registry import ContainerRegistry
from azureml.core.runconfig import DockerConfiguration
from azureml.exceptions import (
    ActivityFailedException,
    RunConfigurationException,
    TrainingException,
    UserErrorException,
)

TRAIN = """
import os, sys
from azureml.core import Run
run = Run.get_context()
run.log("accuracy", 0.91)
for name, value in zip(sys.argv[1::2], sys.argv[2::2]):
    run.log(name, value)
print("trained with", sys.argv[1:], os.environ.get("WHO"))
"""

CONDA = """name: project_environment
dependencies:
  - python=3.6.2
  - scikit-learn
  - pip:
      - azureml-defaults
      - numpy==1.24
channels:
  - conda-forge
"""


class SubmissionCase(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.experiment = Experiment(self.workspace, "explore-runs")
        self.write("src/train.py", TRAIN)

    def submitted(self, config, **options):
        """Submits and waits. Returns ``(run, details, what was written to the standard error)``."""
        stream = io.StringIO()
        with contextlib.redirect_stderr(stream):
            run = self.experiment.submit(config, **options)
        return run, run.wait_for_completion(), stream.getvalue()


class Submission(SubmissionCase):
    def test_a_script_runs_with_its_arguments_and_is_read_back(self):
        config = ScriptRunConfig("src", "train.py", arguments=["--rate", 0.1, "--epochs", 3])
        run, details, said = self.submitted(config, tags={"team": "vision"})
        self.assertIs(type(run), ScriptRun)
        self.assertRegex(run.id, r"^explore-runs_\d+_[0-9a-f]{8}$")
        self.assertEqual((run.type, run.get_status(), said), ("azureml.scriptrun", "Completed", ""))
        self.assertEqual(run.get_metrics(), {"accuracy": 0.91, "--rate": "0.1", "--epochs": "3"})
        self.assertEqual(details["runDefinition"]["arguments"], ["--rate", "0.1", "--epochs", "3"])
        self.assertEqual(run.get_tags(), {"team": "vision"})
        self.assertEqual(self.interpreter_of(run), os.path.realpath(sys.executable))

    def interpreter_of(self, run):
        return os.path.realpath(run._folder.run_json["submission"]["interpreter"])

    def test_a_script_has_os_and_sys_as_on_azure(self):
        self.write("src/bare.py", "from azureml.core import Run\nRun.get_context().log(os.name, sys.argv[1])\n")
        run, _, _ = self.submitted(ScriptRunConfig("src", "bare.py", arguments=["x"]))
        self.assertEqual(run.get_metrics(), {os.name: "x"})

    def test_show_output_prints_what_the_sdk_printed(self):
        config = ScriptRunConfig(source_directory="src", script="train.py", run_config=RunConfiguration())
        run, text = printed(lambda: self.experiment.submit(config, show_output=True))
        head = "RunId: {}\nWeb View: {}\n".format(run.id, run.get_portal_url())
        title = "Streaming azureml-logs/70_driver_log.txt"
        log = "trained with [] None\n"
        self.assertEqual(
            text,
            "{0}\n{1}\n{2}\n\n{3}\nExecution Summary\n=================\n{0}".format(head, title, "=" * len(title), log),
        )

    def test_an_environment_a_duration_and_a_cluster_that_is_not_here(self):
        environment = Environment("mine")
        environment.python.user_managed_dependencies = True
        environment.python.interpreter_path = sys.executable
        environment.environment_variables = {"WHO": "me"}
        config = ScriptRunConfig(
            "src", "train.py", compute_target="cpu-cluster", environment=environment, max_run_duration_seconds=600
        )
        run, _, said = self.submitted(config)
        submission = run._folder.run_json["submission"]
        self.assertEqual(submission["maxRunDurationSeconds"], 600)
        self.assertEqual(submission["environmentVariables"], {"WHO": "me"})
        self.assertIn("There is no compute target 'cpu-cluster' here", said)
        self.assertEqual(run._folder.view().warnings[-1:], [said.split("Warning: ")[-1].strip()])

    def test_commands_as_a_list_and_for_the_shell(self):
        listed, _, _ = self.submitted(ScriptRunConfig("src", command=["python", "train.py", "--a", 1]))
        self.assertEqual(listed.get_metrics(), {"accuracy": 0.91, "--a": "1"})
        shell, _, _ = self.submitted(ScriptRunConfig("src", command="python train.py --a 2 && echo done"))
        self.assertEqual(shell.get_metrics(), {"accuracy": 0.91, "--a": "2"})
        self.assertTrue(shell.get_details_with_logs()["logFiles"]["azureml-logs/70_driver_log.txt"].endswith("done\n"))

    def test_a_child_is_submitted_and_found(self):
        with self.experiment.start_logging() as parent:
            child = parent.submit_child(ScriptRunConfig("src", "train.py"))
            child.wait_for_completion()
        self.assertEqual([found.id for found in parent.get_children()], [child.id])
        self.assertEqual(child.parent, parent)
        self.assertEqual([run.id for run in self.experiment.get_runs()], [parent.id])

    def test_a_script_submits_its_own_children(self):
        self.write(
            "src/parent.py",
            "from azureml.core import Run, ScriptRunConfig\n"
            "run = Run.get_context()\n"
            "run.submit_child(ScriptRunConfig('.', 'train.py')).wait_for_completion()\n",
        )
        run, _, _ = self.submitted(ScriptRunConfig("src", "parent.py"))
        self.assertEqual([child.get_metrics() for child in run.get_children()], [{"accuracy": 0.91}])

    def test_a_script_that_fails(self):
        self.write("src/bad.py", "raise ValueError('no data')\n")
        run = self.experiment.submit(ScriptRunConfig("src", "bad.py"))
        with self.assertRaises(ActivityFailedException) as caught:
            run.wait_for_completion()
        self.assertIn("no data", str(caught.exception))
        self.assertEqual(run.get_status(), "Failed")

    def test_variables_that_are_no_texts_are_named(self):
        for variables in ({"RATE": [1]}, {1: "a"}, ["RATE"]):
            configuration = RunConfiguration()
            configuration.environment_variables = variables
            with self.assertRaisesRegex(UserErrorException, "environment_variables"):
                self.experiment.submit(ScriptRunConfig("src", "train.py", run_config=configuration))

    def test_what_cannot_be_submitted(self):
        for config in (ScriptRunConfig("src", "nope.py"), ScriptRunConfig("nowhere", "train.py")):
            with self.assertRaises(UserErrorException):
                self.experiment.submit(config)
        for make in (
            lambda: ScriptRunConfig("src"),
            lambda: ScriptRunConfig("src", "train.py", command=["true"]),
            lambda: ScriptRunConfig("src", "train.py", run_config={}),
            lambda: self.experiment.submit("train.py"),
            lambda: self.experiment.submit(ScriptRunConfig("src", "train.py"), tags=["a"]),
        ):
            with self.assertRaises(UserErrorException):
                make()
        self.assertEqual(list(self.experiment.get_runs()), [])

    def test_without_the_command_the_error_says_what_to_do(self):
        os.environ["RUNLEDGER_CLI"] = os.path.join(self.folder, "nothing")
        with self.assertRaises(UserErrorException) as caught:
            self.experiment.submit(ScriptRunConfig("src", "train.py"))
        self.assertIn("RUNLEDGER_CLI", str(caught.exception))


class Estimators(SubmissionCase):
    def test_an_estimator_is_submitted_with_its_parameters(self):
        from azureml.train.dnn import Mpi, PyTorch
        from azureml.train.estimator import Estimator
        from azureml.train.sklearn import SKLearn

        parameters = {"--rate": 0.1, "--verbose": ""}
        options = {"entry_script": "train.py", "script_params": parameters, "environment_variables": {"WHO": "me"}}
        for made in (
            Estimator("src", use_gpu=True, node_count=1, **options),
            SKLearn("src", user_managed=True, pip_packages=["joblib"], **options),
            PyTorch("src", distributed_training=Mpi(), **options),
        ):
            run, details, _ = self.submitted(made)
            self.assertEqual(details["runDefinition"]["arguments"], ["--rate", "0.1", "--verbose"])
            self.assertEqual(run.get_metrics(), {"accuracy": 0.91, "--rate": "0.1"})
            self.assertEqual(run._folder.run_json["submission"]["environmentVariables"], {"WHO": "me"})
        with self.assertRaises(TrainingException):
            Estimator("src")

    def test_packages_of_an_estimator(self):
        from azureml.train.estimator import Estimator
        from azureml.train.sklearn import SKLearn

        self.write("src/conda.yml", "dependencies: [python=3.8, pandas, {pip: [tqdm]}]\n")
        self.write("src/needs.txt", "# what it needs\nnumpy==1.24  # pinned\n\nseaborn\n")
        options = {"entry_script": "train.py", "pip_packages": ["joblib==1.2"], "conda_packages": ["scipy"]}
        made = SKLearn("src", pip_requirements_file="needs.txt", **options).conda_dependencies
        self.assertEqual(made.pip_packages, ["scikit-learn", "joblib==1.2", "numpy==1.24", "seaborn"])
        made = Estimator("src", conda_dependencies_file="conda.yml", **options).conda_dependencies
        self.assertEqual((made.pip_packages, made.conda_packages), (["tqdm", "joblib==1.2"], ["python=3.8", "pandas", "scipy"]))
        self.assertEqual(Estimator("src", entry_script="train.py").conda_dependencies.pip_packages, ["azureml-defaults"])
        with self.assertRaisesRegex(UserErrorException, "pip_requirements_file: absent.txt cannot be read"):
            SKLearn("src", pip_requirements_file="absent.txt", **options)

    def test_a_compute_target_that_was_made_is_known(self):
        from azureml.core.compute import AmlCompute, ComputeTarget

        wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", max_nodes=4)
        target = ComputeTarget.create(self.workspace, "cpu-cluster", wanted)
        for given in (target, "cpu-cluster"):
            _, details, said = self.submitted(ScriptRunConfig("src", "train.py", compute_target=given))
            self.assertEqual((details["status"], said), ("Completed", ""))


class Configurations(SubmissionCase):
    def test_saved_and_loaded_again_with_what_is_not_known(self):
        self.write(
            ".azureml/cluster.runconfig",
            '{"script": "train.py", "arguments": ["--penalty", 1.0], "target": "cpu", "somethingNew": {"a": 1},'
            ' "environment": {"python": {"condaDependenciesFile": ".azureml/conda.yml"}, "docker": {"baseImage": "x"}}}',
        )
        loaded = RunConfiguration.load(".", "cluster")
        self.assertEqual((loaded.script, loaded.arguments, loaded.target), ("train.py", ["--penalty", 1.0], "cpu"))
        self.assertEqual(loaded.environment.docker.base_image, "x")
        loaded.docker = DockerConfiguration(use_docker=True, shm_size="4g")
        loaded.node_count = 2
        path = loaded.save(".", "copy")
        self.assertEqual(path, os.path.join(self.project, ".azureml", "copy.runconfig"))
        again = RunConfiguration.load(path=path)
        self.assertEqual(again._content(), loaded._content())
        self.assertEqual((again._content()["somethingNew"], again.docker.shm_size), ({"a": 1}, "4g"))
        RunConfiguration.delete(".", "copy")
        with self.assertRaises(UserErrorException):
            RunConfiguration.load(".", "copy")

    def test_packages_in_a_file_of_their_own(self):
        configuration = RunConfiguration(conda_dependencies=CondaDependencies.create(pip_packages=["numpy"]))
        configuration.save(".", "own", separate_environment_yaml=True)
        loaded = RunConfiguration.load(".", "own")
        self.assertEqual(loaded.environment.python.conda_dependencies_file, ".azureml/conda_dependencies.yml")
        packages = CondaDependencies(".azureml/conda_dependencies.yml").pip_packages
        self.assertEqual(list(packages), ["numpy"])

    def test_files_that_are_none(self):
        self.write("list.runconfig", "- a\n")
        with self.assertRaises(RunConfigurationException):
            RunConfiguration.load("list.runconfig")
        self.write("broken.runconfig", "a: [\n")
        with self.assertRaises(UserErrorException):
            RunConfiguration.load("broken.runconfig")


class Distributed(SubmissionCase):
    def test_a_process_for_each_rank_logs_into_one_run(self):
        from azureml.core.runconfig import PyTorchConfiguration

        self.write(
            "src/ranks.py",
            "import os\n"
            "from azureml.core import Run\n"
            "Run.get_context().log('rank of ' + os.environ['WORLD_SIZE'], int(os.environ['RANK']))\n",
        )
        config = ScriptRunConfig(
            "src", "ranks.py", distributed_job_config=PyTorchConfiguration("Gloo", process_count=2, node_count=1)
        )
        run, details, said = self.submitted(config)
        self.assertEqual((details["status"], said), ("Completed", ""))
        self.assertEqual(sorted(run.get_metrics()["rank of 2"]), [0, 1])
        self.assertIn("logs/std_log_rank_1.txt", run.get_file_names())


class Environments(SubmissionCase):
    def test_conda_dependencies(self):
        self.write("conda.yml", CONDA)
        found = CondaDependencies("conda.yml")
        self.assertEqual(found.pip_packages, ["azureml-defaults", "numpy==1.24"])
        self.assertEqual(found.conda_packages, ["python=3.6.2", "scikit-learn"])
        found.add_pip_package("NumPy==2.0")
        found.add_conda_package("pandas")
        found.add_channel("main")
        found.set_python_version("3.9")
        text = found.serialize_to_string()
        self.assertLess(text.index("pandas"), text.index("pip:"))
        self.assertEqual(found.save_to_file("env"), "conda_dependencies.yml")
        again = CondaDependencies("env/conda_dependencies.yml")
        self.assertEqual(again, found)
        self.assertEqual(again.pip_packages, ["azureml-defaults", "NumPy==2.0"])
        self.assertEqual((again.get_python_version(), again.conda_channels), ("3.9", ["conda-forge", "main"]))
        with self.assertRaises(UserErrorException):
            CondaDependencies("missing.yml")

    def test_registered_versions(self):
        self.write("requirements.txt", "# packages\nnumpy==1.24\n--find-links wheels\n\n")
        made = Environment.from_pip_requirements("Mine", "requirements.txt")
        self.assertEqual(made.python.conda_dependencies.pip_packages, ["numpy==1.24"])
        self.assertEqual(made.register(self.workspace).version, "1")
        self.assertEqual(made.register(self.workspace).version, "1")
        made.environment_variables["A"] = "1"
        self.assertEqual(made.register(self.workspace).version, "2")
        self.assertEqual(Environment.get(self.workspace, "mine").environment_variables, {"A": "1"})
        self.assertEqual(Environment.get(self.workspace, "Mine", version="1").environment_variables, {})
        listed = self.workspace.environments
        self.assertEqual(listed["Mine"].version, "2")
        self.assertIn("azureml", listed["AzureML-Minimal"].python.conda_dependencies.serialize_to_string())
        for arguments in (("other",), ("Mine", 7)):
            with self.assertRaises(UserErrorException):
                Environment.get(self.workspace, *arguments)

    def test_packages_are_added_to_a_new_environment(self):
        made = Environment("mine")
        self.assertNotIn('"condaDependencies"', repr(made))
        made.python.conda_dependencies.add_pip_package("numpy==1.24")
        self.assertIn("numpy==1.24", made.register(self.workspace).python.conda_dependencies.pip_packages)
        configuration = RunConfiguration()
        configuration.environment.python.conda_dependencies.add_conda_package("pandas")
        self.assertIn("pandas", configuration.environment.python.conda_dependencies.conda_packages)
        made.python.conda_dependencies_file = "conda.yml"
        made.python.conda_dependencies = None
        self.assertIsNone(made.python.conda_dependencies)

    def test_environments_of_azure_ml_have_their_names_in_any_case(self):
        for name in ("AzureML-Minimal", "azureml-sklearn-1.5"):
            self.assertEqual(Environment.get(self.workspace, name).name, name)

    def test_environments_of_azure_ml_are_found_by_subscript_and_in_any_version(self):
        name = "AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu"
        for found in (self.workspace.environments[name], self.workspace.environments.get(name)):
            self.assertEqual((found.name, found.version), (name, "1"))
        self.assertEqual(Environment.get(self.workspace, name, version=48).version, "48")
        self.assertIsNone(self.workspace.environments.get("other"))
        with self.assertRaises(KeyError):
            self.workspace.environments["other"]
        own = Environment(name)
        own.environment_variables["A"] = "1"
        own.register(self.workspace)
        self.assertEqual(self.workspace.environments[name].environment_variables, {"A": "1"})

    def test_a_folder(self):
        self.write("conda.yml", CONDA)
        made = Environment.from_conda_specification("sk", "conda.yml")
        made.docker.base_image_registry.password = "secret"
        made.save_to_directory("saved")
        with open("saved/azureml_environment.json") as file:
            self.assertNotIn("secret", json.dumps(json.load(file)))
        again = Environment.load_from_directory("saved")
        self.assertEqual(again.python.conda_dependencies, made.python.conda_dependencies)
        with self.assertRaises(UserErrorException):
            made.save_to_directory("saved")
        self.assertEqual(made.clone("other").name, "other")

    def test_of_an_image(self):
        self.write("needs.txt", "tqdm==4.0\n")
        self.write("conda.yml", CONDA)
        made = Environment.from_docker_image("boxed", "python:3.11")
        self.assertEqual((made.name, made.docker.base_image, made.docker.base_dockerfile), ("boxed", "python:3.11", None))
        self.assertTrue(made.python.user_managed_dependencies)
        registry = ContainerRegistry()
        registry.address, registry.password = "images.example.org", "secret"
        made = Environment.from_docker_image("boxed", "train:2", registry, pip_requirements="needs.txt")
        self.assertEqual(made.python.conda_dependencies.pip_packages, ["tqdm==4.0"])
        self.assertFalse(made.python.user_managed_dependencies)
        self.assertEqual(made.docker.base_image_registry.address, "images.example.org")
        registered = made.register(self.workspace)
        self.assertEqual(registered.docker.base_image, "train:2")
        self.assertNotIn("secret", repr(registered))
        with self.assertRaisesRegex(UserErrorException, "exclude each other"):
            Environment.from_docker_image("a", "b", conda_specification="conda.yml", pip_requirements="needs.txt")
        for image in ("", None):
            with self.assertRaisesRegex(UserErrorException, "name of an image"):
                Environment.from_docker_image("a", image)

    def test_of_a_dockerfile(self):
        self.write("box/Dockerfile", "FROM python:3.11\nENV A=1\n")
        self.write("conda.yml", CONDA)
        made = Environment.from_dockerfile("boxed", "box/Dockerfile", conda_specification="conda.yml")
        self.assertEqual(made.docker.base_dockerfile, "FROM python:3.11\nENV A=1\n")
        self.assertEqual((made.docker.base_image, made.python.conda_dependencies.conda_packages[1]), (None, "scikit-learn"))
        for text in ("FROM scratch", "# comment\nFROM scratch\n"):
            self.assertEqual(Environment.from_dockerfile("t", text).docker.base_dockerfile, text)
        with self.assertRaisesRegex(UserErrorException, "dockerfile: box/none cannot be read"):
            Environment.from_dockerfile("t", "box/none")
        with self.assertRaises(UserErrorException):
            Environment.from_dockerfile("t", None)

    def test_a_password_of_a_file_is_not_registered(self):
        definition = {"name": "cloud", "docker": {"baseImageRegistry": {"Password": "secret"}}}
        self.write("cloud/azureml_environment.json", json.dumps(definition))
        made = Environment.load_from_directory("cloud")
        self.assertEqual(made.docker.base_image_registry.password, "secret")
        self.assertNotIn("secret", repr(made.register(self.workspace)))

    def test_a_conda_environment_of_this_machine(self):
        os.makedirs("envs/torch/bin")
        self.write("envs/torch/bin/python", "")
        os.environ["CONDA_PREFIX"] = os.path.join(self.project, "envs", "torch")
        self.addCleanup(os.environ.pop, "CONDA_PREFIX")
        made = Environment.from_existing_conda_environment("t", "torch")
        self.assertTrue(made.python.user_managed_dependencies)
        self.assertEqual(made.python.interpreter_path, os.path.join(self.project, "envs", "torch", "bin", "python"))
        with self.assertRaisesRegex(UserErrorException, "no conda environment 'nobody-has-this'.*torch"):
            Environment.from_existing_conda_environment("t", "nobody-has-this")


class Children(SubmissionCase):
    def test_children_of_this_process(self):
        with self.experiment.start_logging() as parent:
            with parent.child_run("first") as first:
                first.log("loss", 1)
                with first.child_run() as grandchild:
                    grandchild.log("loss", 2)
            second = parent.child_run(run_id="second-1")
            second.tag("kind", "late")
            second.complete()
            with self.assertRaises(UserErrorException):
                parent.child_run(run_id="second-1")
            with self.assertRaises(ValueError):
                with parent.child_run("bad"):
                    raise ValueError("bad data")
        children = list(parent.get_children())
        self.assertEqual([child.name for child in children], ["bad", "second-1", "first"])
        self.assertEqual([child.get_status() for child in children], ["Failed", "Completed", "Completed"])
        self.assertEqual(children[0].get_details()["error"]["error"]["message"], "ValueError: bad data")
        self.assertEqual([c.id for c in parent.get_children(tags={"kind": "late"})], ["second-1"])
        self.assertEqual([c.name for c in parent.get_children(status="Failed")], ["bad"])
        everyone = [child.id for child in parent.get_children(recursive=True)]
        self.assertEqual(everyone[-2:], [first.id, grandchild.id])
        self.assertEqual(grandchild.parent.parent, parent)
        self.assertIsNone(parent.parent)
        metrics = parent.get_metrics(recursive=True)
        self.assertEqual((metrics[first.id]["loss"], metrics[first.id][grandchild.id]), (1, {"loss": 2}))
        self.assertEqual([run.id for run in self.experiment.get_runs()], [parent.id])
        self.assertEqual(len(list(self.experiment.get_runs(include_children=True))), 5)

    def test_children_that_wait_to_be_started(self):
        with self.experiment.start_logging() as parent:
            created = parent.create_children(tag_key="fold", tag_values=[1, 2])
            self.assertEqual([child.get_status() for child in created], ["NotStarted", "NotStarted"])
            self.assertEqual([child.get_tags() for child in created], [{"fold": "1"}, {"fold": "2"}])
            with created[0] as child:
                self.assertEqual(child.get_status(), "Running")
                child.log("a", 1)
            created[1].start()
            self.assertEqual(created[1].get_status(), "Running")
            created[1].complete()
            self.assertEqual({child.get_status() for child in created}, {"Completed"})
            self.assertEqual(len(parent.create_children(3)), 3)
            for arguments in ({}, {"count": 0}, {"count": True}, {"count": 2, "tag_key": "a", "tag_values": [1]}):
                with self.assertRaises(UserErrorException):
                    parent.create_children(**arguments)

    def test_outputs_are_the_parents_unless_named(self):
        with self.experiment.start_logging() as parent:
            self.write("outputs/a.txt", "parent")
            with parent.child_run(outputs="theirs") as child:
                self.write("theirs/b.txt", "child")
            with parent.child_run() as other:
                pass
        self.assertEqual(parent.get_file_names(), ["outputs/a.txt"])
        self.assertEqual((child.get_file_names(), other.get_file_names()), (["outputs/b.txt"], []))

    def test_a_child_that_is_left_open_ends_with_the_process(self):
        self.run_script(
            "from azureml.core import Experiment, Workspace\n"
            "run = Experiment(Workspace.from_config(), 'explore-runs').start_logging()\n"
            "run.child_run('open')\n"
        )
        parent = next(self.experiment.get_runs())
        self.assertEqual([child.get_status() for child in parent.get_children()], ["Completed"])
