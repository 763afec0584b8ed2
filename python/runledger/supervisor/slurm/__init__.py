"""Runs that Slurm starts: a job each, which is submitted and watched here and carried out by the supervisor on its node."""
