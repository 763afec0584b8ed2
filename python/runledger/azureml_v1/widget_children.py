"""What ``RunDetails`` shows of the child runs of a run: of a sweep the trials, best first, of a pipeline the steps."""


def children_of(run):
    """A list of dicts of plain values, each with ``runId``, ``displayName``, ``status`` and ``link``.

    Trials also have ``best_metric`` (a number or ``None``) and ``hyperparameters`` (a dict), steps ``is_reused``.
    """
    import json

    children = [_child(child) for child in run.get_children()]
    if run.type == "hyperdrive":
        by_id = {child["runId"]: child for child in children}
        found = []
        for trial in run.get_children_sorted_by_primary_metric():
            child = by_id.pop(trial["run_id"], None)
            if child is not None:
                child["best_metric"] = trial["best_primary_metric"]
                child["hyperparameters"] = json.loads(trial["hyperparameters"])
                found.append(child)
        return found + list(by_id.values())
    return children[::-1] if run.type == "azureml.PipelineRun" else children


def best_of(run, children):
    """``{"runId", "metric", "value"}`` of the best trial of a sweep; ``None`` for other runs, and where none has a
    value.
    """
    if run.type != "hyperdrive" or not children or children[0].get("best_metric") is None:
        return None
    name = run._primary_metric[0]
    return {"runId": children[0]["runId"], "metric": name, "value": children[0]["best_metric"]}


def lines(children, best, limit=20):
    """The children as lines of text, at most ``limit`` of them."""
    found = []
    if best is not None:
        found.append("Best run: {} ({}: {})".format(best["runId"], best["metric"], best["value"]))
    for child in children[:limit]:
        name = (
            child["runId"]
            if child["displayName"] == child["runId"]
            else "{} ({})".format(child["displayName"], child["runId"])
        )
        note = "".join(", {}: {}".format(key, value) for key, value in child.get("hyperparameters", {}).items())
        note += ", reused" if child.get("is_reused") else ""
        if child.get("best_metric") is not None and best is not None:
            note = ", {}: {}".format(best["metric"], child["best_metric"]) + note
        found.append("  {} {}{}".format(name, child["status"], note))
    if len(children) > limit:
        found.append("  and {} more".format(len(children) - limit))
    return found


def _child(run):
    child = {
        "runId": run.id,
        "displayName": run.display_name,
        "status": run._folder.state()[0],
        "link": run.get_portal_url(),
    }
    if run.type == "azureml.StepRun":
        child["is_reused"] = run._folder.view().properties.get("azureml.isreused") == "true"
    return child
