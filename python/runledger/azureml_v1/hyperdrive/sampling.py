"""``azureml.train.hyperdrive.sampling``: how the values of a trial are chosen from the parameter space."""

from runledger.azureml_v1.hyperdrive import expressions
from runledger.azureml_v1.hyperdrive.exceptions import HyperDriveConfigException


class HyperParameterSampling:
    """The base of the three. ``parameter_space`` is ``{argument of the script: expression}``.

    Of ``properties`` only ``{"seed": whole number}`` has an effect: the same values are chosen again. Raises
    ``HyperDriveConfigException``.
    """

    KIND = None
    EXPRESSIONS = expressions.NAMES

    def __init__(self, parameter_space, properties=None):
        if not isinstance(parameter_space, dict) or not parameter_space:
            raise HyperDriveConfigException(
                "parameter_space must be a dict of arguments and expressions, as {{'--lr': uniform(0.01, 0.1)}}, not "
                "{!r}.".format(parameter_space)
            )
        self._space = {}
        for name, expression in parameter_space.items():
            if not isinstance(name, str) or not name.strip("- "):
                raise HyperDriveConfigException("parameter_space: {!r} is no name of an argument.".format(name))
            self._space[name] = checked = expressions.checked(name, expression)
            if checked[0] not in self.EXPRESSIONS:
                raise HyperDriveConfigException(
                    "parameter_space[{!r}]: {} takes only {}, not {}.".format(
                        name, type(self).__name__, ", ".join(self.EXPRESSIONS), checked[0]
                    )
                )
        self._seed = _seed(properties)

    @property
    def parameter_space(self):
        """``{name: [name of the expression, arguments]}``."""
        return dict(self._space)

    def _content(self):
        content = {"type": self.KIND, "space": self._space}
        return content if self._seed is None else dict(content, seed=self._seed)

    def __repr__(self):
        return "{}({!r})".format(type(self).__name__, self._space)


class RandomParameterSampling(HyperParameterSampling):
    """Values at random. The same ones come twice only where the space is used up."""

    KIND = "random"


class GridParameterSampling(HyperParameterSampling):
    """Every combination, of expressions that are a ``choice``."""

    KIND = "grid"
    EXPRESSIONS = ("choice",)

    def __init__(self, parameter_space):
        super().__init__(parameter_space)


class BayesianParameterSampling(HyperParameterSampling):
    """Values that promise more by what earlier trials gave; of ``choice``, ``uniform`` and ``quniform``."""

    KIND = "bayesian"
    EXPRESSIONS = ("choice", "uniform", "quniform")

    def __init__(self, parameter_space):
        super().__init__(parameter_space)


def _seed(properties):
    if properties is None:
        return None
    if not isinstance(properties, dict):
        raise HyperDriveConfigException("properties must be a dict, not {}.".format(type(properties).__name__))
    seed = properties.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or abs(seed) >= 2**53):
        raise HyperDriveConfigException("properties: seed must be a whole number, not {!r}.".format(seed))
    return seed
