"""Names of a package that are loaded at first use."""

import sys


def lazy_names(package, homes):
    """A package's ``__getattr__``: loads the names in ``homes``, ``{name: module}``, and the package's own modules.

    Raises ``AttributeError`` for others.
    """

    def load(name):
        if name in homes:
            value = getattr(_imported(homes[name]), name)
            setattr(sys.modules[package], name, value)
            return value
        module = "{}.{}".format(package, name)
        try:
            # The real package has its modules as attributes, whoever imported them. What the import system and
            # inspection ask for is none.
            if not name.startswith("__"):
                return _imported(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
        raise AttributeError("module {!r} has no attribute {!r}".format(package, name))

    return load


def _imported(module):
    # As `importlib.import_module` does, which is a module more to load.
    __import__(module)
    return sys.modules[module]
