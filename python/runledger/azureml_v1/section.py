"""Sections of a run configuration: attributes in Python's spelling, keys in that of the files."""


class Section:
    """A part of a run configuration. ``FIELDS`` maps its attributes to ``(key, default)``.

    A default that is a class makes a new one for each section: another ``Section``, a list or a dict. Keys that are not
    known are kept, and written again.
    """

    FIELDS = {}

    def __init__(self):
        self._further = {}
        for name, (_, default) in self.FIELDS.items():
            setattr(self, name, default() if isinstance(default, type) else default)

    def _read(self, value):
        """Takes over what a file says, ``{key: value}``. Keys are found whatever their case."""
        attributes = {key.lower(): name for name, (key, _) in self.FIELDS.items()}
        for key, field in (value or {}).items():
            name = attributes.get(str(key).lower())
            if name is None:
                self._further[key] = field
            elif isinstance(getattr(self, name), Section):
                if isinstance(field, dict):
                    getattr(self, name)._read(field)
            else:
                setattr(self, name, field)
        return self

    def _content(self):
        """``{key: value}`` of plain values."""
        content = dict(self._further)
        for name, (key, _) in self.FIELDS.items():
            value = getattr(self, name)
            content[key] = value._content() if hasattr(value, "_content") else value
        return content

    def __repr__(self):
        fields = ", ".join("{}={!r}".format(name, getattr(self, name)) for name in self.FIELDS)
        return "{}({})".format(type(self).__name__, fields)
