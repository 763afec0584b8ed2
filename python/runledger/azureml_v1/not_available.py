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


class _CloudOnly(type):
    """A class that stands for one of the cloud: making one refuses, and so does calling any of its methods."""

    def __call__(cls, *args, **kwargs):
        raise refusal(cls.__name__, cls._advice)

    def __getattr__(cls, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return _refusing_method(cls.__name__, name, cls._advice)


def cloud_only(module, name, advice):
    """A class ``name`` of ``module`` that can be imported, and raises ``NotAvailableException`` when it is used."""
    doc = "Not available in this version of Runledger. " + advice
    return _CloudOnly(name, (), {"__module__": module, "__doc__": doc, "_advice": advice})


class CloudModules:
    """A finder of ``sys.meta_path`` that makes modules of ``{module: (names, advice)}``: the names are ``cloud_only``."""

    def __init__(self, modules):
        self._modules = modules

    def find_spec(self, name, path=None, target=None):
        """The module ``name``; ``None`` for others."""
        if name not in self._modules:
            return None
        from importlib.machinery import ModuleSpec

        is_package = any(other.startswith(name + ".") for other in self._modules)
        return ModuleSpec(name, self, is_package=is_package)

    def create_module(self, spec):
        """``None``: the module is an ordinary one."""
        return None

    def exec_module(self, module):
        """Gives the module its names."""
        names, advice = self._modules[module.__name__]
        module.__doc__ = "Of the cloud alone. " + advice
        module.__all__ = list(names)
        for name in names:
            setattr(module, name, cloud_only(module.__name__, name, advice))


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
