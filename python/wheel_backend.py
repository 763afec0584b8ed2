"""Builds the wheel: a build backend of its own, so that ``pip install ./python`` and the build need no network.

    python wheel_backend.py <folder>

writes ``runledger-<version>-py3-none-any.whl`` to the folder and prints its name. The same sources give the same bytes.

The wheel has ``runledger`` with Runledger's ``azureml`` inside it, as ``runledger/_compat/azureml``, and never an
``azureml`` of its own: two distributions cannot share that folder, and removing either would break the other. A
``.pth`` file makes it importable where the real SDK is absent (``runledger/azureml_finder.py``).
"""

import base64
import hashlib
import os
import re
import sys
import zipfile

ROOT = os.path.dirname(os.path.abspath(__file__))
ENTRY_POINTS = os.path.join("runledger_plugins-0.dist-info", "entry_points.txt")
"""How other libraries find parts of Runledger; the sources have it where a folder on the path has it."""
PTH_FILE = "runledger_azureml.pth"
PTH = "import runledger.azureml_finder; runledger.azureml_finder.install()\n"
SUMMARY = "Experiments and runs of machine learning, tracked in plain files on your own machine"
METADATA = """Metadata-Version: 2.1
Name: runledger
Version: {version}
Summary: {summary}
License: MIT
Requires-Python: >=3.8
Classifier: Programming Language :: Python :: 3
Classifier: Topic :: Scientific/Engineering :: Artificial Intelligence
"""
WHEEL = """Wheel-Version: 1.0
Generator: runledger
Root-Is-Purelib: true
Tag: py3-none-any
"""
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can hold: the time of building is not part of the wheel."""
FILE_MODE = 0o100644


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """The hook of PEP 517. Returns the wheel's file name."""
    version = package_version()
    information = "runledger-{}.dist-info".format(version)
    files = dict(_sources("runledger", "runledger"))
    files.update(_sources(os.path.join("compat", "azureml"), "runledger/_compat/azureml"))
    files[PTH_FILE] = PTH.encode("utf-8")
    files[information + "/METADATA"] = METADATA.format(version=version, summary=SUMMARY).encode("utf-8")
    files[information + "/WHEEL"] = WHEEL.encode("utf-8")
    with open(os.path.join(ROOT, ENTRY_POINTS), "rb") as file:
        files[information + "/entry_points.txt"] = file.read()
    record = information + "/RECORD"
    rows = ["{},sha256={},{}\n".format(name, _digest(data), len(data)) for name, data in sorted(files.items())]
    files[record] = "".join(rows + [record + ",,\n"]).encode("utf-8")

    name = "runledger-{}-py3-none-any.whl".format(version)
    os.makedirs(wheel_directory, exist_ok=True)
    path = os.path.join(wheel_directory, name)
    temporary = "{}.{}.tmp".format(path, os.getpid())
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as wheel:
            for entry, data in sorted(files.items(), key=lambda item: (".dist-info/" in item[0], item[0])):
                details = zipfile.ZipInfo(entry, FIRST_DATE)
                details.external_attr = FILE_MODE << 16
                details.compress_type = zipfile.ZIP_DEFLATED
                wheel.writestr(details, data)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
    return name


def package_version():
    """The version that ``runledger/__init__.py`` says."""
    with open(os.path.join(ROOT, "runledger", "__init__.py"), encoding="utf-8") as file:
        return re.search(r'^__version__ = "([^"]+)"$', file.read(), re.MULTILINE).group(1)


def _sources(folder, target):
    """``(name in the wheel, bytes)`` of each source file below ``folder``."""
    top = os.path.join(ROOT, folder)
    for parent, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(".py") or name == "py.typed":
                path = os.path.join(parent, name)
                with open(path, "rb") as file:
                    yield "/".join([target] + os.path.relpath(path, top).split(os.sep)), file.read()


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python wheel_backend.py <folder>")
    print(build_wheel(sys.argv[1]))
