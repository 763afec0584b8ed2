"""The conda environments of this machine, as conda lists them itself."""

import os

from runledger.azureml_v1.exceptions import UserErrorException

ASK_TIMEOUT_S = 60


def interpreter_of(name):
    """The interpreter of the conda environment ``name`` (``base``: conda's own). Raises ``UserErrorException``."""
    prefixes = _prefixes()
    for prefix in prefixes:
        if _name_of(prefix) == name:
            for interpreter in (os.path.join(prefix, "bin", "python"), os.path.join(prefix, "python.exe")):
                if os.path.isfile(interpreter):
                    return interpreter
            raise UserErrorException(
                "The conda environment {!r} in {} has no Python. Install it there: conda install -n {} python".format(
                    name, prefix, name
                )
            )
    if not prefixes:
        raise UserErrorException(
            "conda_environment_name: there is no conda on this machine, so no environment {!r}. "
            "Use Environment.from_pip_requirements, or set python.interpreter_path.".format(name)
        )
    raise UserErrorException(
        "conda_environment_name: there is no conda environment {!r}. There are: {}.".format(
            name, ", ".join(sorted({_name_of(prefix) for prefix in prefixes}))
        )
    )


def _prefixes():
    """The folders of all environments, each once."""
    found = _listed_in_home()
    current = os.environ.get("CONDA_PREFIX")
    if current:
        found.append(current)
    found.extend(_listed_by_conda())
    return [prefix for prefix in dict.fromkeys(found) if os.path.isdir(prefix)]


def _listed_in_home():
    path = os.path.join(os.path.expanduser("~"), ".conda", "environments.txt")
    try:
        with open(path, encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip()]
    except (OSError, UnicodeDecodeError):
        return []


def _listed_by_conda():
    import json
    import shutil
    import subprocess

    named = (os.environ.get(name) for name in ("RUNLEDGER_CONDA", "MAMBA_EXE", "CONDA_EXE"))
    on_path = (shutil.which(command) for command in ("mamba", "conda", "micromamba"))
    conda = next((path for path in (*named, *on_path) if path), None)
    if conda is None:
        return []
    try:
        process = subprocess.run(
            [conda, "env", "list", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_TIMEOUT_S,
        )
        found = json.loads(process.stdout.decode("utf-8")).get("envs", [])
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return []
    return [prefix for prefix in found if isinstance(prefix, str)]


def _name_of(prefix):
    # Conda's own environment is the one that holds the others.
    return "base" if os.path.isdir(os.path.join(prefix, "condabin")) else os.path.basename(os.path.normpath(prefix))
