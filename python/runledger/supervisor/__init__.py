"""Runs one submitted script, from its snapshot to its end, and records what happens: ``python -m runledger.supervisor``."""
