"""The native API: ``runledger.start_run`` and the run it gives."""

import os

from runledger.errors import InvalidArgumentError, NotFoundError
from runledger.tracking import ending, environment


def start_run(experiment, params=None, name=None, tags=None, workspace=None):
    """Starts a run in ``experiment``, which is made on first use, and returns it; use it in a ``with`` statement.

    ``params`` are its parameters, ``name`` what it is shown as, ``tags`` a dict, ``workspace`` the folder that holds
    ``.runledger/`` (default: the nearest at or above the current folder). In a script that was submitted, the run is the
    submitted one: then ``experiment`` and ``workspace`` are those it was submitted with.

    Raises ``NotFoundError`` without a workspace, ``InvalidNameError`` for a bad name, and ``InvalidArgumentError``.
    """
    for argument, value in (("tags", tags), ("params", params)):
        if value is not None and not isinstance(value, dict):
            raise InvalidArgumentError("{} must be a dict, not {}.".format(argument, type(value).__name__))
    folder = environment.submitted_run()
    if folder is not None:
        run = Run(folder)
        if name is not None:
            run._recorder.attribute("displayName", name)
    else:
        from runledger.store.workspace_store import WorkspaceStore
        from runledger.tracking import interactive

        store = environment.nearest_store() if workspace is None else WorkspaceStore(os.fspath(workspace))
        active = interactive.start(store.experiment(experiment), display_name=name)
        run = Run(active.run)
    for label, value in (tags or {}).items():
        run.set_tag(label, value)
    if params:
        run.log_params(params)
    return run


class Run:
    """A run that goes on in this process. ``start_run`` makes it."""

    def __init__(self, folder):
        self._folder = folder
        self._recorder = environment.recorder_for(folder)

    @property
    def id(self):
        return self._folder.id

    @property
    def number(self):
        """Counts from 1 within the experiment."""
        return self._folder.run_json["number"]

    @property
    def experiment(self):
        """The experiment's name."""
        return self._folder.run_json["experiment"]

    @property
    def folder(self):
        """The run's folder in the store, absolute."""
        return self._folder.path

    def log(self, metrics, step=None):
        """Records values: ``{name: number, str or bool}``. ``step`` is an integer, shared by all of them."""
        if isinstance(metrics, dict) and len(metrics) == 1:
            for name, value in metrics.items():
                self._recorder.metric(name, value, step)
        else:
            self._recorder.metrics(metrics, step)

    def log_params(self, params):
        """Records parameters: ``{name: scalar or None}``. The first value of a name stays."""
        self._recorder.params(params)

    def log_table(self, name, table):
        """Adds rows to a table: a dict of columns, a list of dicts (rows), or a data frame."""
        self._recorder.table(name, table)

    def log_image(self, name, image, step=None):
        """Records an image: the path of a file, or a figure of matplotlib."""
        from runledger.tracking.images import image_source

        is_path = isinstance(image, (str, os.PathLike))
        source, suffix = image_source(image if is_path else None, None if is_path else image)
        label = "images/{}".format(name)
        artifact = self._folder.unused_artifact_name(label, suffix if step is None else "_{}{}".format(step, suffix))
        self._recorder.image(name, source, artifact, step)

    def set_tag(self, name, value=None):
        """Sets a tag, with or without a value."""
        self._recorder.tag(name, value)

    def save_file(self, path, name=None):
        """Keeps a copy of the file ``path`` as the run's file ``name`` (default ``outputs/<its base name>``)."""
        path = os.fspath(path)
        if not os.path.isfile(path):
            raise NotFoundError("path: the file {!r} does not exist.".format(path))
        self._recorder.save_file("outputs/" + os.path.basename(path) if name is None else name, path)

    def finish(self, error=None):
        """Ends the run: as Completed, or as Failed where ``error`` (a str or an exception) is given.

        A submitted run completes when its script ends; there only an ``error`` has an effect.
        """
        if error is None:
            ending.complete(self._folder, self._recorder)
            return
        if isinstance(error, BaseException):
            from runledger.tracking.interactive import describe_exception

            reason = describe_exception(type(error), error, error.__traceback__)
        elif isinstance(error, str):
            reason = {"message": error}
        else:
            raise InvalidArgumentError("error must be a str or an exception, not {}.".format(type(error).__name__))
        ending.fail(self._folder, self._recorder, reason)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        ending.leave(self._folder, self._recorder, kind, error, trace)
        return False

    def __reduce__(self):
        return Run, (self._folder,)

    def __repr__(self):
        return "<runledger.Run {!r} number {} of {!r}>".format(self.id, self.number, self.experiment)
