"""Names of a package that are loaded at first use."""

from runledger.azureml_v1.not_available import refuse_import


def lazy_names(package, homes, refused):
    """A package's ``__getattr__``: loads the names in ``homes``, ``{name: module}``, and the package's own modules.

    Raises ``ImportError`` for the names in ``refused``, ``{name: advice}``, and ``AttributeError`` for others.
    """
    refuse = refuse_import(package, refused)

    def load(name):
        # What the import system and inspection ask for is neither.
        if name.startswith("_") or name in refused:
            return refuse(name)
        import importlib
        import sys

        if name in homes:
            value = getattr(importlib.import_module(homes[name]), name)
            setattr(sys.modules[package], name, value)
            return value
        module = "{}.{}".format(package, name)
        try:
            # The real package has its modules as attributes, whoever imported them.
            return importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            return refuse(name)

    return load
