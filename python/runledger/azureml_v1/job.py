"""What a run, a trial or a step carries out, in the words of the ``runledger`` command."""

import os
import sys

LOCAL = "local"


def job(configuration, source_directory, variables, compute_target=None):
    """What all jobs have, as a dict; ``script`` and ``arguments``, or ``command``, are the caller's to add.

    ``configuration`` is a ``RunConfiguration``; ``variables`` are of the script's environment; ``compute_target`` stands in place of
    the configuration's.
    """
    content = configuration._content()
    for key in ("script", "arguments", "command"):
        content.pop(key, None)
    content["target"] = _target_name(compute_target or configuration.target)
    _check_variables(configuration.environment_variables)
    _find_packages(content["environment"]["python"], [source_directory] + configuration._project_folders())
    return {
        "sourceDirectory": os.path.abspath(source_directory),
        "arguments": [],
        "configuration": content,
        "interpreterCandidates": [sys.executable] if sys.executable else [],
        "environmentVariables": variables,
    }


def _check_variables(variables):
    from runledger.azureml_v1.exceptions import UserErrorException

    if not isinstance(variables, dict):
        raise UserErrorException("environment_variables must be a dict, not {}.".format(type(variables).__name__))
    for name, value in variables.items():
        if not isinstance(name, str) or not isinstance(value, (str, int, float)):
            raise UserErrorException(
                "environment_variables[{!r}] must be a text or a number, not {!r}.".format(name, value)
            )


def _find_packages(python, folders):
    """Makes the path of a conda environment file absolute: it starts at the project's folder, which need not be the
    source.
    """
    path = python.get("condaDependenciesFile")
    for folder in folders:
        file = os.path.abspath(os.path.join(folder, path)) if path else None
        if file and os.path.isfile(file):
            python["condaDependenciesFile"] = file
            return


def argument_text(value):
    """An argument as the script's command line has it."""
    as_argument = getattr(value, "_argument", None)
    return as_argument() if as_argument is not None else str(value)


def _target_name(target):
    return str(getattr(target, "name", target) or LOCAL)


def target_warning(workspace, target):
    """What is to be said of the compute target ``target`` (its name, or one), where ``workspace`` has none of that
    name.
    """
    from runledger.azureml_v1 import compute_definitions

    name = _target_name(target)
    if name == LOCAL or compute_definitions.is_defined(workspace, name):
        return None
    return "There is no compute target {!r} here: the run is carried out on this machine.".format(name)


def submitted(experiment, command, request, warnings=()):
    """Asks the ``runledger`` command for a run of ``experiment``, and returns it.

    ``warnings`` are kept on the run, and printed with those of the command.
    """
    from runledger import cli
    from runledger.azureml_v1.run_classes import run_of

    request = dict(request, workspaceFolder=experiment.workspace._store.folder, experiment=experiment.name)
    answer = cli.call(command, request)
    run = run_of(experiment, experiment._store.run(answer["id"]))
    for message in warnings:
        run._recorder.warning(message)
    for message in list(answer["warnings"]) + list(warnings):
        sys.stderr.write("Warning: {}\n".format(message))
    return run


def tag_texts(tags):
    """``tags`` of a submission as texts; ``None`` stays. Raises ``UserErrorException``."""
    from runledger.azureml_v1.exceptions import UserErrorException

    if tags is None:
        return None
    if not isinstance(tags, dict):
        raise UserErrorException("tags must be a dict, not {}.".format(type(tags).__name__))
    return {str(key): "" if value is None else str(value) for key, value in tags.items()}
