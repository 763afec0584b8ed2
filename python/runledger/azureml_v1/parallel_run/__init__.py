"""Carries out a ``ParallelRunStep``: the functions ``init`` and ``run`` of a script, for one mini-batch after another.
"""
