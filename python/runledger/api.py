"""The native API: ``runledger.start_run`` and the run it gives. Models are in ``model_api.py``."""

import os

from runledger.errors import InvalidArgumentError, InvalidNameError, NotFoundError
from runledger.store.metric_names import is_system_metric
from runledger.tracking import ending, environment


def start_run(experiment, params=None, name=None, tags=None, workspace=None):
    """Starts a run in ``experiment``, which is made on first use, and returns it; use it in a ``with`` statement.

    ``params`` are its parameters, ``name`` what it is shown as, ``tags`` a dict, ``workspace`` the folder that holds
    ``.runledger/`` (default: the nearest at or above the current folder). In a script that was submitted, the run is
    the submitted one: then ``experiment`` and ``workspace`` are those it was submitted with.

    Raises ``NotFoundError`` without a workspace, ``InvalidNameError`` for a bad name, and ``InvalidArgumentError``.
    """
    _check_dicts(tags=tags, params=params)
    folder = environment.submitted_run()
    if folder is not None:
        run = Run(folder)
        if name is not None:
            run._recorder.attribute("displayName", name)
    else:
        from runledger.tracking import interactive

        active = interactive.start(store_of(workspace).experiment(experiment), display_name=name)
        run = Run(active.run)
    return run._described(params, tags)


def active_run():
    """The run that this process is in: that which was started last and goes on, else the submitted one, or ``None``."""
    from runledger.tracking import interactive

    folder = interactive.latest_run() or environment.submitted_run()
    return None if folder is None else Run(folder)


def get_run(run_id, workspace=None):
    """The run ``run_id`` of the workspace, to read it. Raises ``NotFoundError``."""
    return Run(store_of(workspace).find_run(run_id))


def store_of(workspace):
    """The store in the folder ``workspace``, by default the run's own, else the nearest. Raises ``NotFoundError``."""
    from runledger.store.workspace_store import WorkspaceStore

    return environment.nearest_store() if workspace is None else WorkspaceStore(os.fspath(workspace))


class Run:
    """A run: one that goes on in this process, which ``start_run`` and ``start_child`` make, or an earlier one."""

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

    @property
    def name(self):
        """What the run is shown as, or ``None``."""
        return self._folder.view().display_name

    @property
    def status(self):
        """The run's state now, as ``"Running"``; processes that died count."""
        return self._folder.state()[0]

    @property
    def params(self):
        """Parameters: ``{name: value}``."""
        return dict(self._folder.view().parameters)

    @property
    def tags(self):
        """``{name: text or None}``."""
        return dict(self._folder.view().tags)

    @property
    def notes(self):
        """What people wrote down about the run, in Markdown, or ``None``."""
        return self._folder.view().notes

    @property
    def metrics(self):
        """The last value of each series that was logged: ``{name: value}``. ``history`` has those of ``system/…`` too."""
        return {
            name: metric.points[-1][1]
            for name, metric in self._folder.view().metrics.items()
            if metric.kind == "metric" and metric.points and not is_system_metric(name)
        }

    def history(self, name):
        """All values of the series ``name``, in order: ``[(step, value)]``. Raises ``NotFoundError``."""
        metric = self._folder.view().metrics.get(name)
        if metric is None or metric.kind != "metric":
            raise NotFoundError("The run {} has no series {!r}.".format(self.id, name))
        return [(step, value) for step, value, _ in metric.points]

    def start_child(self, name=None, params=None, tags=None):
        """Starts a child of this run in this process, and returns it; use it in a ``with`` statement."""
        from runledger.tracking import interactive

        _check_dicts(tags=tags, params=params)
        experiment = self._store().existing_experiment(self._folder.experiment_key)
        active = interactive.start_child(experiment, self._folder, name)
        return Run(active.run)._described(params, tags)

    def children(self):
        """The run's children, newest first: a list of ``Run``."""
        return [Run(folder) for folder in self._folder.children()]

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

    def set_tags(self, tags):
        """Sets several tags: ``{name: value or None}``."""
        _check_dicts(tags=tags)
        for name, value in tags.items():
            self.set_tag(name, value)

    def remove_tag(self, name):
        self._recorder.untag(name)

    def set_notes(self, text):
        """Replaces the notes: Markdown, or ``None`` for none."""
        self._recorder.attribute("notes", text)

    def files(self):
        """Names of the run's files, sorted: a list of str, with ``/``."""
        return self._folder.artifact_names()

    def file(self, name):
        """The path of the run's file ``name``, absolute. Raises ``NotFoundError``."""
        return self._folder.existing_artifact_path(name)

    def save_folder(self, path, name=None):
        """Keeps copies of the files below the folder ``path``, as the run's files below ``name`` (default
        ``outputs/<its base name>``)."""
        path = os.path.abspath(os.fspath(path))
        if not os.path.isdir(path):
            raise NotFoundError("path: the folder {!r} does not exist.".format(path))
        prefix = ("outputs/" + os.path.basename(path)) if name is None else name.rstrip("/")
        for folder, folders, names in os.walk(path):
            folders.sort()
            for base in sorted(names):
                file = os.path.join(folder, base)
                self._recorder.save_file(prefix + "/" + os.path.relpath(file, path).replace(os.sep, "/"), file)

    def register_model(self, name, path, description=None, tags=None, framework=None):
        """Registers a file or folder as the next version of the model ``name``. Returns the ``Model``.

        ``path`` is one of the run's own files or folders, as ``outputs/model.pkl``; else one of this machine, which
        is saved among the run's files first. ``framework`` is a name as ``ScikitLearn``. Raises ``NotFoundError`` and
        ``InvalidNameError``.
        """
        from runledger.model_api import register

        _check_dicts(tags=tags)
        path = os.fspath(path)
        artifact = path.replace(os.sep, "/").rstrip("/")
        if not self._has_artifact(artifact):
            artifact = "outputs/" + os.path.basename(os.path.abspath(path))
            if os.path.isdir(path):
                self.save_folder(path, artifact)
            elif os.path.isfile(path):
                self.save_file(path, artifact)
            else:
                raise NotFoundError("path: {!r} is neither a file of the run nor of this machine.".format(path))
        return register(
            self._store(),
            name,
            self._folder.artifact_path(artifact),
            description=description,
            tags=tags,
            framework=framework,
            run=(self.id, self.experiment, artifact),
        )

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

    def _has_artifact(self, name):
        try:
            return os.path.exists(self._folder.artifact_path(name))
        except InvalidNameError:
            # A path of this machine, as "../model.pkl".
            return False

    def _store(self):
        from runledger.store.workspace_store import WorkspaceStore

        return WorkspaceStore(self._folder.workspace_folder)

    def _described(self, params, tags):
        for label, value in (tags or {}).items():
            self.set_tag(label, value)
        if params:
            self.log_params(params)
        return self

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        ending.leave(self._folder, self._recorder, kind, error, trace)
        return False

    def __eq__(self, other):
        return isinstance(other, Run) and other._folder.path == self._folder.path

    def __hash__(self):
        return hash(self._folder.path)

    def __reduce__(self):
        return Run, (self._folder,)

    def _repr_html_(self):
        """What a notebook shows of the run."""
        from runledger.html_table import link, table
        from runledger.links import run_link

        opening = link(run_link(self.id), "Open in VS Code")
        return table(
            [
                ("Experiment", self.experiment),
                ("Run", "{} ({})".format(self.name or self.id, self.number)),
                ("Status", self.status),
                ("Page", opening),
            ]
        )

    def __repr__(self):
        return "<runledger.Run {!r} number {} of {!r}>".format(self.id, self.number, self.experiment)


def _check_dicts(**arguments):
    for argument, value in arguments.items():
        if value is not None and not isinstance(value, dict):
            raise InvalidArgumentError("{} must be a dict, not {}.".format(argument, type(value).__name__))
