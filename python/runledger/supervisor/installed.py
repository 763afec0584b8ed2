"""What is installed where the script runs, as JSON on the standard output: a program of its own, run by the script's interpreter."""

import json
import os
import platform
import shutil
import subprocess
import sys

_GPU_TIMEOUT_S = 10


def packages():
    """Versions by name, as ``pip freeze`` tells them; of what was installed from a repository, where from."""
    from importlib import metadata

    found = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        # Of two of a name the first is the one that is imported.
        if name and name not in found:
            found[name] = _origin(distribution) or distribution.version
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _origin(distribution):
    try:
        said = json.loads(distribution.read_text("direct_url.json") or "{}")
        repository = said.get("vcs_info")
        return repository and "{}+{}@{}".format(repository["vcs"], said["url"], repository["commit_id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def gpus():
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        answer = subprocess.run(
            [program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_GPU_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = answer.stdout.decode("utf-8", "replace").splitlines() if answer.returncode == 0 else []
    return [line.strip() for line in lines if line.strip()]


def main():
    if hasattr(os, "nice"):
        os.nice(10)
    content = {
        "format": 1,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "gpus": gpus(),
        "packages": packages(),
    }
    sys.stdout.write(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
