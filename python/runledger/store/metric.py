"""What a run logged under one name."""


class Metric:
    """A series (``metric``), the values of a vector (``list``), or rows (``row``, ``table``)."""

    __slots__ = ("kind", "description", "points", "values", "columns", "row_count")

    def __init__(self, kind, description):
        self.kind = kind
        self.description = description
        self.points = [] if kind == "metric" else ()
        """Of a series: ``(x, value, time)`` in the order of the records."""
        self.values = [] if kind == "list" else ()
        """Of a list."""
        self.columns = {} if kind in ("row", "table") else None
        """Of rows: ``{column: [value or None]}``, all of ``row_count`` values."""
        self.row_count = 0

    def add_columns(self, columns, count):
        for name in columns:
            if name not in self.columns:
                self.columns[name] = [None] * self.row_count
        for name, values in self.columns.items():
            new = columns.get(name, [])
            values.extend(new)
            values.extend([None] * (count - len(new)))
        self.row_count += count

    def to_dict(self):
        if self.kind == "metric":
            return {"kind": "metric", "points": [list(point) for point in self.points]}
        if self.kind == "list":
            return {"kind": "list", "values": self.values}
        return {"kind": self.kind, "columns": self.columns}
