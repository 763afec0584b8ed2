"""What notebooks show of runs, experiments and workspaces."""


class Markup(str):
    """Text that is HTML already."""


def link(url, text):
    """HTML of a link. Both are escaped."""
    import html

    anchor = '<a href="{}" target="_blank" rel="noopener">{}</a>'
    return Markup(anchor.format(html.escape(url), html.escape(text)))


def table(cells):
    """HTML of a table with one row: ``[(heading, value)]``. Values are escaped, but for those that ``link`` gave."""
    import html

    headings = "".join("<th>{}</th>".format(html.escape(heading)) for heading, _ in cells)
    row = "".join("<td>{}</td>".format(_cell(value)) for _, value in cells)
    return '<table style="width:100%"><tr>{}</tr><tr>{}</tr></table>'.format(headings, row)


def _cell(value):
    import html

    return value if isinstance(value, Markup) else html.escape("" if value is None else str(value))
