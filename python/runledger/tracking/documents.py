"""The four kinds of documents that a run can log, in Azure ML's version 1 schemas."""

from runledger.errors import InvalidArgumentError

_FIELDS = {
    "confusion_matrix": ("class_labels", "matrix"),
    "accuracy_table": (
        "probability_tables",
        "percentile_tables",
        "probability_thresholds",
        "percentile_thresholds",
        "class_labels",
    ),
    "residuals": ("bin_edges", "bin_counts"),
    "predictions": ("bin_averages", "bin_errors", "bin_counts", "bin_edges"),
}
_EXAMPLE = '{{"schema_type": "{}", "schema_version": "v1", "data": {{...}}}}'


def document_json(schema, value, argument="value"):
    """Checks a document (a dict or its JSON text) against ``schema`` and returns its JSON as bytes."""
    import json

    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise InvalidArgumentError("{} is not valid JSON: {}.".format(argument, error)) from None
    if not isinstance(value, dict):
        raise InvalidArgumentError("{} must be a dict like {}.".format(argument, _EXAMPLE.format(schema)))
    # Many scripts give the data alone, or leave the version out.
    if "schema_type" not in value and all(field in value for field in _FIELDS[schema]):
        value = {"schema_type": schema, "schema_version": "v1", "data": value}
    elif "schema_version" not in value:
        value = dict(value, schema_version="v1")
    if value.get("schema_type") != schema:
        raise InvalidArgumentError(
            "{}['schema_type'] must be {!r}, not {!r}.".format(argument, schema, value.get("schema_type"))
        )
    if value.get("schema_version") not in ("v1", "1.0.0"):
        raise InvalidArgumentError(
            "{}['schema_version'] must be 'v1', not {!r}.".format(argument, value.get("schema_version"))
        )
    data = value.get("data")
    if not isinstance(data, dict):
        raise InvalidArgumentError("{}['data'] must be a dict.".format(argument))
    for field in _FIELDS[schema]:
        if field not in data:
            raise InvalidArgumentError("{}['data'] has no {!r}.".format(argument, field))
        if not hasattr(data[field], "__iter__") or isinstance(data[field], (str, dict)):
            raise InvalidArgumentError("{}['data'][{!r}] must be a list.".format(argument, field))
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8", "backslashreplace")
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError("{} cannot be written as JSON: {}.".format(argument, error)) from None


def _plain(value):
    for method in ("tolist", "item"):
        convert = getattr(value, method, None)
        if callable(convert):
            return convert()
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError("{} is not a list, number or str".format(type(value).__name__))
