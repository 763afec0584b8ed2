"""Callbacks for training libraries, a module for each; a library is imported with its module and not before.

    keras, lightning, transformers, xgboost, lightgbm: ``RunledgerCallback`` (for Lightning ``RunledgerLogger``)
    sklearn: ``autolog``, also as ``runledger.autolog``

Each logs into the run that it is given, else into the one that the process is in (``runledger.active_run``).
"""
