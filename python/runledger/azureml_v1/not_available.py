"""Names of the SDK that exist, and that this version of Runledger does not offer: each says what to do instead.

A method may be looked up, and refuses when it is called; a property refuses when it is read. The names are in
``unavailable_names``.
"""

from runledger.azureml_v1.exceptions import NotAvailableException

_TEXT = "{} is not available in this version of Runledger. {}"


def refusal(name, advice):
    """The exception for ``name``. ``advice`` is a sentence."""
    return NotAvailableException(_TEXT.format(name, advice))


def refuses(class_name, methods, properties=None):
    """A decorator of a class that gives it ``methods`` and ``properties``, ``{name: advice}``, which all refuse."""

    def complete(target):
        for name, advice in methods.items():
            setattr(target, name, staticmethod(_refusing_method(class_name, name, advice)))
        for name, advice in (properties or {}).items():
            setattr(target, name, _refusing_property(class_name, name, advice))
        return target

    return complete


def _refusing_method(class_name, name, advice):
    def refuse(*args, **kwargs):
        raise refusal("{}.{}".format(class_name, name), advice)

    refuse.__name__ = name
    refuse.__qualname__ = "{}.{}".format(class_name, name)
    refuse.__doc__ = "Not available in this version of Runledger. " + advice
    return refuse


def _refusing_property(class_name, name, advice):
    def refuse(self):
        raise refusal("{}.{}".format(class_name, name), advice)

    return property(refuse, doc="Not available in this version of Runledger. " + advice)


def refuse_import(module, names):
    """A module's ``__getattr__`` that raises ``ImportError`` for ``names``, ``{name: advice}``, saying why."""

    def refuse(name):
        if name in names:
            raise ImportError(_TEXT.format("{}.{}".format(module, name), names[name]), name=module)
        raise AttributeError("module {!r} has no attribute {!r}".format(module, name))

    return refuse


class ModuleRefusal:
    """The last finder of ``sys.meta_path``: explains the import of a module that Runledger does not offer.

    ``modules`` is ``{module: advice}``; the advice holds for the modules inside as well.
    """

    def __init__(self, modules):
        self._modules = modules

    def find_spec(self, name, path=None, target=None):
        """``None`` for other modules. Raises ``ModuleNotFoundError`` for those that are refused."""
        known = name
        while known:
            if known in self._modules:
                raise ModuleNotFoundError(_TEXT.format(name, self._modules[known]), name=name)
            known = known.rpartition(".")[0]
        return None
