"""scikit-learn: ``runledger.autolog()`` logs every ``fit`` of an estimator."""

import functools
import inspect
import os
import sys
import threading
import time

from sklearn.base import BaseEstimator

from runledger.integrations.conversion import MAX_TEXT_LENGTH, as_number, log_new_parameters, parameters

_ATTRIBUTE = "_runledger_original"
_HOOK = "__init_subclass__"
_state = {"is_on": False, "experiment": None, "scores": True, "saves_models": False, "hook": None, "used": set()}
_fitting = threading.Lock()
"""Held while a ``fit`` is logged. What is fitted meanwhile, inside it or in other threads, is a part of it."""


def autolog(experiment=None, training_score=True, save_models=False, disable=False):
    """Logs each ``fit`` of an estimator of scikit-learn, or of a library that builds on it, from now on.

    Logged are the estimator's parameters, its class as the tag ``estimator``, the time that it took as
    ``fit_seconds``, its score on the data that it was fitted to as ``training_score`` (unless that is ``False``: it
    takes a prediction of all of it), and of a search the best parameters and score and the table of its results. With
    ``save_models`` the fitted estimator is saved as ``outputs/model.joblib``.

    Inside a run the first ``fit`` is logged into it, and each further one as a child of it. Outside, each is a run of
    its own in ``experiment`` (default: the script's name), in the nearest workspace. An estimator that is fitted by
    another one, as those of a pipeline or a search, is a part of that one. Failing to log never fails a ``fit``: it
    is told once.

    ``disable=True`` ends it.
    """
    if disable:
        _restore()
        return
    _state.update(is_on=True, experiment=experiment, scores=training_score, saves_models=save_models)
    if _state["hook"] is None:
        _watch_subclasses()


def _watch_subclasses():
    """Wraps ``fit`` of the classes that are there, and of each that is made later."""
    _state["hook"] = original = BaseEstimator.__dict__.get(_HOOK, _MISSING)

    def on_subclass(cls, **kwargs):
        if original is _MISSING:
            super(BaseEstimator, cls).__init_subclass__(**kwargs)
        else:
            original.__get__(None, cls)(**kwargs)
        _wrap(cls)

    setattr(BaseEstimator, _HOOK, classmethod(on_subclass))
    for cls in _subclasses(BaseEstimator):
        _wrap(cls)


_MISSING = object()


def _restore():
    if _state["hook"] is None:
        return
    _state["is_on"] = False
    if _state["hook"] is _MISSING:
        delattr(BaseEstimator, _HOOK)
    else:
        setattr(BaseEstimator, _HOOK, _state["hook"])
    _state["hook"] = None
    for cls in _subclasses(BaseEstimator):
        original = getattr(cls.__dict__.get("fit"), _ATTRIBUTE, None)
        if original is not None:
            cls.fit = original


def _subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


def _wrap(cls):
    original = cls.__dict__.get("fit")
    if not inspect.isfunction(original) or hasattr(original, _ATTRIBUTE):
        return

    @functools.wraps(original)
    def fit(self, *args, **kwargs):
        if not _state["is_on"] or not _fitting.acquire(blocking=False):
            return original(self, *args, **kwargs)
        try:
            return _logged_fit(self, original, args, kwargs)
        finally:
            _fitting.release()

    setattr(fit, _ATTRIBUTE, original)
    cls.fit = fit


def _logged_fit(estimator, original, args, kwargs):
    before = _attempt(lambda: parameters(estimator.get_params(deep=True))) or {}
    run, is_own = _attempt(_run_for, estimator) or (None, False)
    if run is not None:
        _attempt(_describe, run, estimator, before)
    started = time.perf_counter()
    try:
        fitted = original(estimator, *args, **kwargs)
    except BaseException as error:
        if run is not None and is_own:
            _attempt(run.__exit__, type(error), error, error.__traceback__)
        raise
    if run is not None:
        seconds = time.perf_counter() - started
        _attempt(run.log, {"fit_seconds": seconds})
        if _state["scores"]:
            _attempt(_log_score, run, estimator, original, args, kwargs)
        _attempt(_log_search, run, estimator)
        if _state["saves_models"]:
            _attempt(_save_model, run, estimator)
        if is_own:
            _attempt(run.finish)
    return fitted


def _run_for(estimator):
    """The run for a ``fit``, and whether it ends with it."""
    from runledger.api import active_run, start_run

    name = type(estimator).__name__
    run = active_run()
    if run is None:
        return start_run(_state["experiment"] or _script_name(), name=name), True
    if run.id in _state["used"]:
        return run.start_child(name), True
    _state["used"].add(run.id)
    return run, False


def _script_name():
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.splitext(os.path.basename(main))[0] if main else "scikit-learn"


def _describe(run, estimator, values):
    run.set_tag("estimator", "{}.{}".format(type(estimator).__module__, type(estimator).__qualname__))
    log_new_parameters(run, values)


def _log_score(run, estimator, original, args, kwargs):
    given = inspect.signature(original).bind(estimator, *args, **kwargs).arguments
    data, target = given.get("X"), given.get("y")
    if data is None or not hasattr(estimator, "score"):
        return
    wanted = inspect.signature(estimator.score).parameters
    needs_target = "y" in wanted and wanted["y"].default is inspect.Parameter.empty
    if target is None and needs_target:
        return
    weights = given.get("sample_weight")
    options = {"sample_weight": weights} if weights is not None and "sample_weight" in wanted else {}
    score = as_number(estimator.score(data, target, **options) if "y" in wanted else estimator.score(data, **options))
    if score is not None:
        run.log({"training_score": score})


def _log_search(run, estimator):
    best = getattr(estimator, "best_params_", None)
    if isinstance(best, dict):
        run.log_params(parameters(best, "best."))
    score = as_number(getattr(estimator, "best_score_", None))
    if score is not None:
        run.log({"best_score": score})
    results = getattr(estimator, "cv_results_", None)
    if isinstance(results, dict):
        columns = {name: [_cell(value) for value in values] for name, values in results.items() if name != "params"}
        run.log_table("cv_results", columns)


def _cell(value):
    if value is None or isinstance(value, (bool, int, float)):
        return value
    number = None if isinstance(value, str) else as_number(value)
    return str(value)[:MAX_TEXT_LENGTH] if number is None else number


def _save_model(run, estimator):
    import tempfile

    import joblib

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.joblib")
        joblib.dump(estimator, path)
        run.save_file(path, "outputs/model.joblib")


def _attempt(function, *args):
    """Calls ``function``. What goes wrong is told once and gives ``None``."""
    try:
        return function(*args)
    except Exception as error:
        if not _state.get("has_warned"):
            _state["has_warned"] = True
            sys.stderr.write(
                "runledger: autolog could not log all of a fit: {}. The fit goes on; further failures are not "
                "reported.\n".format(str(error).rstrip("."))
            )
        return None
