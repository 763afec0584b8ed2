"""``azureml.widgets.RunDetails``: a run in a notebook's output, or as text."""

import sys
import time

from runledger.azureml_v1 import run_details
from runledger.azureml_v1.exceptions import UserErrorException
from runledger.azureml_v1.orchestration import Resumption
from runledger.azureml_v1.widget_children import best_of, children_of, lines
from runledger.azureml_v1.widget_html import run_html
from runledger.store.encoding import tag_floats
from runledger.store.run_view import TERMINAL_STATES
from runledger.tracking import environment

MIME_TYPE = "application/vnd.runledger.run+json"
MAX_POINTS = 2000
"""Of a series in a notebook's output: all of them are in the store."""
TURN_S = 0.5
MAX_INTERVAL_S = 5.0
"""Between two looks at the run. One takes long where much was logged, so it is a share of the time at most."""
_NAMES = {"hyperdrive": "_HyperDriveWidget", "azureml.PipelineRun": "_PipelineWidget"}
_LOGS = (run_details.LOG_FILE, "azureml-logs/hyperdrive.txt", "logs/azureml/executionlogs.txt")
"""Of a script, of a sweep and of a pipeline."""


class RunDetails:
    """Shows ``run_instance``, a run of any kind. Raises ``UserErrorException`` for what is no run."""

    def __init__(self, run_instance):
        if not hasattr(run_instance, "get_portal_url") or not hasattr(run_instance, "get_status"):
            raise UserErrorException("run_instance must be a Run, not {}.".format(type(run_instance).__name__))
        self._run = run_instance

    def show(self, render_lib=None, widget_settings=None):
        """Shows the run. Never raises.

        In a notebook the output is kept up to date until the run has ended or the cell is interrupted, which leaves
        the run as it is; a run of this very process is shown as it is now. Elsewhere its state is printed once.
        """
        try:
            shell = _notebook_shell()
            if shell is None or not hasattr(self._run, "_folder"):
                _print(self._text())
            else:
                self._show_until_interrupted()
        except Exception as error:  # A picture of the run must not end the script that the run is about.
            _print("The run {} cannot be shown: {}".format(self._run.id, error))

    def get_widget_data(self, widget_settings=None):
        """What is shown, as a dict of plain values: status, metrics, logs, properties, child runs."""
        if not hasattr(self._run, "_folder"):
            return {"status": self._run.get_status(), "run_id": self._run.id, "run_metrics": [], "child_runs": []}
        folder = self._run._folder
        summary = self._summary()
        logs = run_details.details_with_logs(folder)["logFiles"]
        shown = next((name for name in _LOGS if name in logs), None)
        data = {
            "status": summary["status"],
            "workbench_run_details_uri": summary["link"],
            "run_id": folder.id,
            "run_properties": run_details.details(folder),
            "child_runs": summary["children"],
            "run_metrics": [{"name": name, **metric} for name, metric in summary["metrics"].items()],
            "run_logs": "" if shown is None else logs[shown],
        }
        if summary["best"] is not None:
            data["best_child_run_id"] = summary["best"]["runId"]
        return data

    def _show_until_interrupted(self):
        # The interrupt may come at any moment, also while the first output is on its way.
        try:
            self._show_live()
        except KeyboardInterrupt:
            return

    def _show_live(self):
        from IPython.display import display, update_display

        summary = self._summary()
        handle = "runledger-{}-{:x}".format(self._run.id, time.monotonic_ns())
        display(self._bundle(summary), raw=True, display_id=handle)
        if not _goes_on_elsewhere(self._run, summary["status"]):
            return
        interval = TURN_S
        resumption = Resumption(self._run._folder)
        while summary["status"] not in TERMINAL_STATES:
            time.sleep(interval)
            started = time.monotonic()
            if not self._run._folder.exists():
                return
            latest = self._summary()
            resumption.look(latest["status"])
            if latest != summary:
                summary = latest
                update_display(self._bundle(summary), raw=True, display_id=handle)
            interval = min(MAX_INTERVAL_S, max(TURN_S, 4 * (time.monotonic() - started)))

    def _bundle(self, summary):
        return {
            MIME_TYPE: dict(summary, format=1, metrics={n: _thinned(m) for n, m in summary["metrics"].items()}),
            "text/html": run_html(summary),
            "text/plain": _label(self._run, summary["status"]),
        }

    def _summary(self):
        """The run in plain values that any JSON encoder takes."""
        folder = self._run._folder
        status, error, view = folder.state()
        ended = view.end_time if view.end_time is not None else view.last_record_time
        children = children_of(self._run)
        is_over = status in TERMINAL_STATES and view.start_time is not None and ended is not None
        return tag_floats(
            {
                "workspaceFolder": self._run.experiment.workspace._store.folder,
                "experiment": self._run.experiment.name,
                "runId": folder.id,
                "number": self._run.number,
                "displayName": view.display_name or folder.id,
                "type": self._run.type,
                "status": status,
                "startTime": view.start_time,
                "duration": ended - view.start_time if is_over else None,
                "error": None if error is None else run_details.error_text(error),
                "link": self._run.get_portal_url(),
                "metrics": view.to_dict()["metrics"],
                "children": children,
                "best": best_of(self._run, children),
            }
        )

    def _text(self):
        status = self._run.get_status()
        head = [_label(self._run, status), "RunId: " + self._run.id, "Status: " + status]
        head.append("Web View: " + self._run.get_portal_url())
        if getattr(self._run, "type", None) in _NAMES:
            children = children_of(self._run)
            head += lines(children, best_of(self._run, children))
        return "\n".join(head)

    def __repr__(self):
        return "RunDetails({})".format(self._run.id)


def _label(run, status):
    return "{}(run_id={!r}, status={!r})".format(_NAMES.get(run.type, "_UserRunWidget"), run.id, status)


def _goes_on_elsewhere(run, status):
    """Whether another process carries the run on: this one, busy with showing it, would wait for itself."""
    if environment.is_submitted_run(run._folder) or run._active() is not None:
        return False
    return run.type is not None or status != "NotStarted"


def _thinned(metric):
    """``metric`` with at most about ``MAX_POINTS`` points or values, of which the last is one."""
    for field in ("points", "values"):
        values = metric.get(field, ())
        if len(values) > MAX_POINTS:
            step = len(values) // MAX_POINTS + 1
            return dict(metric, **{field: values[:-1:step] + values[-1:], "count": len(values)})
    return metric


def _notebook_shell():
    """IPython's shell where it runs in the kernel of a notebook, else ``None``."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return shell if getattr(shell, "kernel", None) is not None else None


def _print(text):
    encoding = getattr(sys.stdout, "encoding", None)
    if encoding:
        text = text.encode(encoding, "replace").decode(encoding)
    print(text)
