"""Limits that scripts set."""
