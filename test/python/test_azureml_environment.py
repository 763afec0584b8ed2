"""Packages of an environment, through the real command, pip and virtual environments. No network is used."""

import contextlib
import io
import os
import stat
import sys
import zipfile

from azureml.core import Environment, RunConfiguration, ScriptRunConfig
from azureml.core.conda_dependencies import CondaDependencies
from azureml.exceptions import ActivityFailedException, UserErrorException
from azureml.train.estimator import Estimator
from support import printed
from test_azureml_submission import SubmissionCase

SCRIPT = """
import sys
from azureml.core import Run
import greeting
Run.get_context().log("said", greeting.text)
"""


class Packages(SubmissionCase):
    def setUp(self):
        super().setUp()
        self.write("src/greet.py", SCRIPT)
        os.mkdir("wheels")
        with zipfile.ZipFile("wheels/greeting-1.2-py3-none-any.whl", "w") as wheel:
            wheel.writestr("greeting.py", "text = 'hello'\n")
            wheel.writestr("greeting-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.2\n")
            kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr("greeting-1.2.dist-info/WHEEL", kind)
            wheel.writestr("greeting-1.2.dist-info/RECORD", "")
        self.options = ["--no-index", "--find-links " + os.path.abspath("wheels")]

    def said_by(self, config):
        """Submits. Returns what the script logged, and what was written to the standard error."""
        run, details, said = self.submitted(config)
        self.assertEqual(details["status"], "Completed")
        return run.get_metrics()["said"], said

    def test_of_a_requirements_file_and_a_conda_file_and_an_estimator(self):
        self.write("more/base.txt", "azureml-defaults\n" + "\n".join(self.options) + "\n")
        self.write("requirements.txt", "# packages\n-r more/base.txt\ngreeting>=1  # of the test\n")
        environment = Environment.from_pip_requirements("greeter", "requirements.txt")
        said, told = self.said_by(ScriptRunConfig("src", "greet.py", environment=environment))
        self.assertEqual(said, "hello")
        self.assertIn("Environment: Making a virtual environment\n", told)
        self.assertNotIn("Warning", told)

        dependencies = CondaDependencies.create(pip_packages=["greeting>=1", "azureml-core"])
        for option in reversed(self.options):
            dependencies.set_pip_option(option)
        configuration = RunConfiguration(conda_dependencies=dependencies)
        configuration.save(".", "own", separate_environment_yaml=True)
        loaded = RunConfiguration.load(".", "own")
        said, told = self.said_by(ScriptRunConfig("src", "greet.py", run_config=loaded))
        self.assertEqual(said, "hello")
        self.assertNotIn("Making", told, "the packages are the same, and so is the environment")

        estimator = Estimator("src", entry_script="greet.py", pip_packages=["greeting==1.2"])
        for option in self.options:
            estimator.conda_dependencies.set_pip_option(option)
        self.assertEqual(self.said_by(estimator)[0], "hello")

    def test_can_be_made_before_a_run_needs_them(self):
        environment = Environment("greeter")
        environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["greeting"])
        for option in self.options:
            environment.python.conda_dependencies.set_pip_option(option)
        stream = io.StringIO()
        with contextlib.redirect_stderr(stream):
            details = environment.build(self.workspace)
        self.assertIn("Environment: Making a virtual environment\n", stream.getvalue())
        _, text = printed(lambda: details.wait_for_completion(show_output=True))
        self.assertIn("greeting", text)
        self.assertTrue(text.endswith("\n\nImage Build Status: Succeeded\n"), text)
        said, told = self.said_by(ScriptRunConfig("src", "greet.py", environment=environment))
        self.assertEqual(said, "hello")
        self.assertNotIn("Making", told)
        with contextlib.redirect_stderr(io.StringIO()):
            again = environment.build_local(self.workspace)
        self.assertEqual(again.interpreter, details.interpreter)
        self.assertIn("made before", again.log)

        hopeless = Environment("hopeless")
        hopeless.python.conda_dependencies = CondaDependencies.create(pip_packages=["no-such-package-of-anybody"])
        hopeless.python.conda_dependencies.set_pip_option("--no-index")
        with contextlib.redirect_stderr(io.StringIO()):
            with self.assertRaisesRegex(UserErrorException, "no-such-package-of-anybody") as caught:
                hopeless.build(self.workspace)
        log = str(caught.exception).split("The whole log is ")[1].split(".log")[0] + ".log"
        self.addCleanup(os.unlink, log)
        with open(log, encoding="utf-8") as file:
            self.assertIn("no-such-package-of-anybody", file.read())

    def test_that_cannot_be_installed_fail_the_run_and_not_the_submission(self):
        environment = Environment("hopeless")
        environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["no-such-package-of-anybody"])
        environment.python.conda_dependencies.set_pip_option("--no-index")
        with contextlib.redirect_stderr(io.StringIO()):
            run = self.experiment.submit(ScriptRunConfig("src", "greet.py", environment=environment))
        self.assertEqual(run.get_status(), "Failed")
        with self.assertRaisesRegex(ActivityFailedException, "no-such-package-of-anybody"):
            run.wait_for_completion()
        self.assertIn("logs/azureml/environment_log.txt", run.get_file_names())

    def test_that_the_interpreter_has_need_no_network(self):
        environment = Environment("there")
        packages = ["azureml-defaults", "azureml-mlflow==1.0", "pip"]
        environment.python.conda_dependencies = CondaDependencies.create(pip_packages=packages)
        run, details, said = self.submitted(ScriptRunConfig("src", "train.py", environment=environment))
        self.assertEqual((details["status"], said), ("Completed", ""))
        interpreter = run._folder.run_json["submission"]["interpreter"]
        self.assertEqual(os.path.realpath(interpreter), os.path.realpath(sys.executable))

    def test_of_a_command_come_with_their_programs(self):
        environment = Environment("greeter")
        environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["greeting"])
        for option in self.options:
            environment.python.conda_dependencies.set_pip_option(option)
        command = ["python", "greet.py"]
        self.assertEqual(self.said_by(ScriptRunConfig("src", command=command, environment=environment))[0], "hello")

    def test_a_missing_file_is_refused(self):
        configuration = RunConfiguration()
        configuration.environment.python.conda_dependencies_file = ".azureml/conda.yml"
        with self.assertRaisesRegex(Exception, "conda.yml, which does not exist"):
            self.experiment.submit(ScriptRunConfig("src", "train.py", run_config=configuration))
        self.assertEqual(list(self.experiment.get_runs()), [])


class CondaEnvironments(SubmissionCase):
    def test_without_conda(self):
        self.set_variable("HOME", self.folder)
        self.set_variable("PATH", self.folder)
        for name in ("CONDA_PREFIX", "CONDA_EXE", "MAMBA_EXE", "RUNLEDGER_CONDA"):
            self.set_variable(name, "")
        with self.assertRaisesRegex(UserErrorException, "no conda on this machine"):
            Environment.from_existing_conda_environment("t", "torch")

    def test_that_conda_lists(self):
        self.set_variable("HOME", self.folder)
        root = os.path.join(self.folder, "conda")
        for folder in (root, os.path.join(root, "envs", "torch"), os.path.join(root, "envs", "empty")):
            os.makedirs(os.path.join(folder, "bin"))
        os.mkdir(os.path.join(root, "condabin"))
        for folder in (root, os.path.join(root, "envs", "torch")):
            os.symlink(sys.executable, os.path.join(folder, "bin", "python"))
        conda = self.write(
            "conda.sh", '#!/bin/sh\necho \'{"envs": ["%s", "%s/envs/torch", "%s/envs/empty"]}\'\n' % (root, root, root)
        )
        os.chmod(conda, os.stat(conda).st_mode | stat.S_IXUSR)
        self.set_variable("RUNLEDGER_CONDA", conda)
        self.set_variable("CONDA_PREFIX", "")
        made = Environment.from_existing_conda_environment("t", "torch")
        self.assertEqual(made.python.interpreter_path, os.path.join(root, "envs", "torch", "bin", "python"))
        base = Environment.from_existing_conda_environment("t", "base")
        self.assertEqual(base.python.interpreter_path, os.path.join(root, "bin", "python"))
        with self.assertRaisesRegex(UserErrorException, "has no Python"):
            Environment.from_existing_conda_environment("t", "empty")
        _, details, _ = self.submitted(ScriptRunConfig("src", "train.py", environment=made))
        self.assertEqual(details["status"], "Completed")

    def set_variable(self, name, value):
        previous = os.environ.get(name)
        os.environ[name] = value
        self.addCleanup(os.environ.pop if previous is None else os.environ.__setitem__, name, previous)
