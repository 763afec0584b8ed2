"""``Environment.build``: making an environment before a run needs it."""

import os
import sys

from runledger import cli
from runledger.azureml_v1 import job
from runledger.azureml_v1.run_configuration import RunConfiguration


class ImageBuildDetails:
    """What ``Environment.build`` returns. The environment is there already, so there is nothing left to wait for."""

    def __init__(self, environment, interpreter, log):
        self.environment = environment
        self.interpreter = interpreter
        """The interpreter that scripts with the environment run with."""
        self.log = log
        """What was done and printed; empty where the interpreter has everything."""

    @property
    def status(self):
        return "Succeeded"

    def wait_for_completion(self, show_output=True):
        """Returns itself; with ``show_output`` the log and the status are printed."""
        if show_output:
            sys.stdout.write("{}Image Build Status: {}\n".format(self.log and self.log.rstrip() + "\n\n", self.status))
        return self

    def __repr__(self):
        return "ImageBuildDetails(environment={!r}, status={!r})".format(self.environment.name, self.status)


def build(environment):
    """Makes ``environment`` on this machine. Returns ``ImageBuildDetails``. Raises what the command says."""
    configuration = RunConfiguration()
    configuration.environment = environment
    answer = cli.call("build-environment", job.job(configuration, os.curdir, {}))
    for message in answer["warnings"]:
        sys.stderr.write("Warning: {}\n".format(message))
    return ImageBuildDetails(environment, answer["interpreter"], answer["log"])
