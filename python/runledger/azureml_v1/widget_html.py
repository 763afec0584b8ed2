"""What a notebook shows of a run, as HTML that loads nothing: the status, the metrics, and a curve for each series."""

import html

_WIDTH, _HEIGHT = 320, 120
_MARGIN = 6
_MAX_POINTS = 400
_MAX_ROWS = 100
_CELL = "padding:2px 12px 2px 0;text-align:left;vertical-align:top"


def run_html(summary):
    """``summary`` is what ``RunDetails._summary`` gives: plain values."""
    parts = ['<div class="runledger-run" style="font-family:sans-serif;font-size:13px">', _heading(summary)]
    if summary["error"]:
        parts.append('<pre style="white-space:pre-wrap">{}</pre>'.format(html.escape(summary["error"])))
    parts.append(_metric_table(summary["metrics"]))
    parts.extend(_curves(summary["metrics"]))
    parts.append(_children(summary["children"], summary["best"]))
    parts.append("</div>")
    return "".join(parts)


def _heading(summary):
    rows = [
        ("Experiment", html.escape(summary["experiment"])),
        ("Run", _link(summary["link"], "{} ({})".format(summary["displayName"], summary["number"]))),
        ("Status", "<strong>{}</strong>".format(html.escape(summary["status"]))),
    ]
    if summary["duration"] is not None:
        rows.append(("Duration", "{:.1f} s".format(summary["duration"])))
    return _table("".join("<tr>{}{}</tr>".format(_cell("th", name), _cell("td", value)) for name, value in rows))


def _metric_table(metrics):
    rows = []
    for name, metric in list(metrics.items())[:_MAX_ROWS]:
        value, count = _shown(metric)
        if value is not None:
            cells = (_cell("td", html.escape(text)) for text in (name, value, str(count)))
            rows.append("<tr>{}</tr>".format("".join(cells)))
    if not rows:
        return ""
    header = "".join(_cell("th", name) for name in ("Metric", "Last value", "Values"))
    return _table("<tr>{}</tr>{}".format(header, "".join(rows)))


def _shown(metric):
    """``(text of the last value, number of values)``; ``(None, 0)`` for what has none."""
    if metric["kind"] == "metric" and metric["points"]:
        return _text(metric["points"][-1][1]), len(metric["points"])
    if metric["kind"] == "list" and metric["values"]:
        return _text(metric["values"][-1]), len(metric["values"])
    if metric["kind"] in ("row", "table"):
        columns = metric["columns"]
        last = ", ".join("{}: {}".format(name, _text(values[-1])) for name, values in columns.items() if values)
        return (last or None), max((len(values) for values in columns.values()), default=0)
    return None, 0


def _text(value):
    if isinstance(value, dict) and "$float" in value:
        return value["$float"]
    return "{:.6g}".format(value) if isinstance(value, float) else str(value)


def _curves(metrics):
    for name, metric in list(metrics.items())[:_MAX_ROWS]:
        points = []
        if metric["kind"] == "metric":
            points = [(point[0], point[1]) for point in metric["points"]]
        elif metric["kind"] == "list":
            points = list(enumerate(metric["values"]))
        points = [point for point in points if _is_number(point[1])]
        if len(points) > 1:
            yield _curve(name, points)


def _is_number(value):
    return type(value) in (int, float)


def _curve(name, points):
    if len(points) > _MAX_POINTS:
        # The last point always stays.
        step = len(points) / float(_MAX_POINTS)
        points = [points[int(index * step)] for index in range(_MAX_POINTS)] + [points[-1]]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    path = " ".join(
        "{:.1f},{:.1f}".format(
            _MARGIN + _share(x, low_x, high_x) * (_WIDTH - 2 * _MARGIN),
            _HEIGHT - _MARGIN - _share(y, low, high) * (_HEIGHT - 2 * _MARGIN),
        )
        for x, y in points
    )
    label = "{}: {} to {}".format(name, _text(low), _text(high))
    return (
        '<figure style="display:inline-block;margin:8px 16px 8px 0"><figcaption>{label}</figcaption>'
        '<svg role="img" aria-label="{label}" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        '<rect width="{width}" height="{height}" fill="none" stroke="currentColor" stroke-opacity="0.25"/>'
        '<polyline points="{path}" fill="none" stroke="#2f7fd1" stroke-width="1.5"/></svg></figure>'
    ).format(label=html.escape(label), width=_WIDTH, height=_HEIGHT, path=path)


def _share(value, low, high):
    """Where ``value`` is between ``low`` and ``high``. Halves keep the difference of huge numbers finite."""
    span = high / 2.0 - low / 2.0
    return 0.5 if span == 0 else (value / 2.0 - low / 2.0) / span


def _children(children, best):
    if not children:
        return ""
    is_sweep = any("hyperparameters" in child for child in children)
    headings = ["Child run", "Status"]
    if is_sweep:
        headings += ["Best value" if best is None else best["metric"], "Hyperparameters"]
    rows = [_row("th", [html.escape(heading) for heading in headings])]
    for child in children[:_MAX_ROWS]:
        cells = [_link(child["link"], child["displayName"]), html.escape(_status(child))]
        if is_sweep:
            value = child.get("best_metric")
            pairs = ("{} {}".format(name, _text(value)) for name, value in child.get("hyperparameters", {}).items())
            cells += ["" if value is None else html.escape(_text(value)), html.escape(", ".join(pairs))]
        rows.append(_row("td", cells))
    more = len(children) - _MAX_ROWS
    note = "<div>{} more child runs</div>".format(more) if more > 0 else ""
    return _table("".join(rows)) + note


def _status(child):
    return child["status"] + " (reused)" if child.get("is_reused") else child["status"]


def _row(kind, cells):
    return "<tr>{}</tr>".format("".join(_cell(kind, cell) for cell in cells))


def _table(rows):
    return '<table style="border-collapse:collapse;margin:4px 0">{}</table>'.format(rows)


def _cell(kind, content):
    return '<{0} style="{1}">{2}</{0}>'.format(kind, _CELL, content)


def _link(address, text):
    return '<a href="{}" target="_blank" rel="noopener">{}</a>'.format(html.escape(address), html.escape(text))
