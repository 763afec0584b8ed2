"""Runledger: experiments and runs of machine learning, tracked in plain files on your own machine.

    import runledger

    with runledger.start_run("digits", params={"lr": 0.1}) as run:
        for step in range(100):
            run.log({"loss": 1 / (step + 1)}, step=step)

Importing this package reads no file and imports no other module of it: everything is loaded at first use.
"""

__version__ = "0.1.0"

__all__ = ["Run", "RunledgerError", "__version__", "start_run"]


def __getattr__(name):
    if name in ("start_run", "Run"):
        from runledger import api

        return getattr(api, name)
    if name == "RunledgerError":
        from runledger.errors import RunledgerError

        return RunledgerError
    raise AttributeError("module 'runledger' has no attribute {!r}".format(name))


def __dir__():
    return sorted(__all__)
