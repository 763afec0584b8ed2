"""The methods of ``Run`` on its child runs."""

from runledger.azureml_v1.exceptions import UserErrorException, translated
from runledger.azureml_v1.run_classes import run_of


class ChildMethods:
    """A part of ``Run``, which provides ``_experiment`` (an ``Experiment``) and ``_folder`` (a ``RunFolder``)."""

    @translated
    def child_run(self, name=None, run_id=None, outputs=None):
        """Starts a child run in this process; use it in a ``with`` statement, or end it with ``complete``.

        ``name`` is what it is shown as, ``outputs`` a folder whose files are collected at its end. A child that is left
        open ends with the process. Raises ``UserErrorException`` for an id that is taken or cannot be one.
        """
        from runledger.tracking import interactive

        active = interactive.start_child(self._experiment._store, self._folder, name, run_id, outputs)
        return run_of(self._experiment, active.run)

    @translated
    def create_children(self, count=None, tag_key=None, tag_values=None):
        """Makes children that are not started: ``count`` of them, or one for each of ``tag_values``, which it has as its
        tag ``tag_key``. Returns a list. ``start()``, or a ``with`` statement, starts one.
        """
        if count is None:
            if tag_key is None or tag_values is None:
                raise UserErrorException("create_children needs count, or tag_key and tag_values.")
            values = list(tag_values)
            if isinstance(tag_values, str):
                raise UserErrorException("tag_values must be a list of values, not a str.")
        else:
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise UserErrorException("count must be a whole number of at least 1, not {!r}.".format(count))
            values = [None] * count if tag_values is None else list(tag_values)
            if len(values) != count:
                raise UserErrorException("tag_values has {} values, and count is {}.".format(len(values), count))
        return [self._created_child(tag_key, value) for value in values]

    def _created_child(self, tag_key, value):
        tags = {} if tag_key is None else {str(tag_key): None if value is None else str(value)}
        folder = self._experiment._store.create_run(parent=self._folder, tags=tags)
        return run_of(self._experiment, folder)

    @translated
    def submit_child(self, config, tags=None, **kwargs):
        """Submits ``config``, as ``Experiment.submit`` does, as a child of this run."""
        return self._experiment.submit(config, tags, parent_run_id=self.id, **kwargs)

    @translated
    def get_children(
        self, recursive=False, tags=None, properties=None, type=None, status=None, _rehydrate_runs=True
    ):
        """The run's children, newest first, as a generator; with ``recursive`` theirs too, each after its parent.

        The conditions are those of ``Experiment.get_runs``; ``recursive`` looks below children that do not match as well.
        """
        from runledger.azureml_v1.run_filter import RunFilter

        wanted = RunFilter(type, tags, properties, status, include_children=True)
        folders = _descendants(self._folder) if recursive else self._folder.children()
        # Checked before the generator starts, which the caller may do much later.
        return (run_of(self._experiment, folder) for folder in wanted.matching(folders))


def _descendants(folder):
    for child in folder.children():
        yield child
        yield from _descendants(child)
