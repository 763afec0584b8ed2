"""Lets ``from azureml.core import ...`` find Runledger where the real SDK is not installed.

An installed package has a ``.pth`` file that calls ``install`` at each start of Python. Nothing is looked for until
``azureml`` is imported. Then the real SDK wins wherever it is on the path; without it, Runledger's ``azureml`` is
taken alone, and no part of another distribution is merged into it.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
COMPAT_FOLDERS = (os.path.join(_PACKAGE, "_compat"), os.path.join(os.path.dirname(_PACKAGE), "compat"))
"""Where Runledger's ``azureml`` lies: in an installed package, and in its sources."""


class AzuremlFinder:
    """A finder of ``sys.meta_path`` for the one name ``azureml``."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "azureml" or is_on_path():
            return None
        from importlib.machinery import PathFinder

        return PathFinder.find_spec("azureml", list(COMPAT_FOLDERS))


def install():
    """Makes ``azureml`` importable. Twice does no harm."""
    if AzuremlFinder not in sys.meta_path:
        sys.meta_path.insert(0, AzuremlFinder)


def is_on_path():
    """Whether some folder of ``sys.path`` has an ``azureml.core``: the real one, or the one of a submitted script."""
    from importlib.machinery import PathFinder

    for entry in sys.path:
        package = PathFinder.find_spec("azureml", [entry])
        if package is not None and package.submodule_search_locations:
            if PathFinder.find_spec("azureml.core", list(package.submodule_search_locations)) is not None:
                return True
    return False
