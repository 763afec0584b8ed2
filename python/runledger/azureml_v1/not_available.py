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


def cloud_members(module, members):
    """``{name: class}`` of ``members``, ``{name: advice}``: what a module that is there lacks, each ``cloud_only``."""
    return {name: cloud_only(module, name, advice) for name, advice in members.items()}


class CloudModules:
    """A finder of ``sys.meta_path`` that makes modules of the cloud, whose names are ``cloud_only``.

    ``modules`` is ``{module: (names, advice)}``. ``families`` is ``{package: advice}``: any module inside such a package, and
    any name inside that, stands for one of the cloud.
    """

    def __init__(self, modules, families):
        self._modules = modules
        self._families = families

    def find_spec(self, name, path=None, target=None):
        """The module ``name``; ``None`` for others."""
        is_package = self._family(name) is not None or any(other.startswith(name + ".") for other in self._modules)
        if name not in self._modules and not is_package:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self, is_package=is_package)

    def create_module(self, spec):
        """``None``: the module is an ordinary one."""
        return None

    def exec_module(self, module):
        """Gives the module its names."""
        family = self._family(module.__name__)
        names, advice = self._modules.get(module.__name__, ((), family))
        module.__doc__ = "Of the cloud alone. {}".format(advice or "")
        module.__all__ = list(names)
        for name in names:
            setattr(module, name, cloud_only(module.__name__, name, advice))
        if family is not None:
            module.__getattr__ = _any_name(module, advice)

    def _family(self, name):
        """The advice for what is inside a package of the cloud; ``None`` for other modules."""
        while name:
            if name in self._families:
                return self._families[name]
            name = name.rpartition(".")[0]
        return None


def _any_name(module, advice):
    def load(name):
        if name.startswith("_"):
            raise AttributeError("module {!r} has no attribute {!r}".format(module.__name__, name))
        made = cloud_only(module.__name__, name, advice)
        setattr(module, name, made)
        return made

    return load
