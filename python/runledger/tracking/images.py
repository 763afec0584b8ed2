"""Images that are logged: files, and figures of matplotlib."""

import os

from runledger.errors import InvalidArgumentError, NotFoundError, UnloggableValueError


def image_source(path, plot):
    """``(source, suffix)`` of an image given as a path or as a plot: ``save_artifact`` takes the source."""
    if plot is None and callable(getattr(path, "savefig", None)):
        # Where the plot is given as the second positional argument.
        path, plot = None, path
    if (path is None) == (plot is None):
        raise InvalidArgumentError("Give one of path and plot, not {}.".format("both" if path else "neither"))
    if plot is not None:
        return _rendered(plot), ".png"
    try:
        path = os.fspath(path)
    except TypeError:
        raise UnloggableValueError("path must be the path of an image, not {}.".format(type(path).__name__)) from None
    if not os.path.isfile(path):
        raise NotFoundError("path: the image {!r} does not exist.".format(path))
    return path, os.path.splitext(path)[1].lower() or ".png"


def _rendered(plot):
    """A module ``matplotlib.pyplot``, a ``Figure``, or an ``Axes``, as a stream of PNG."""
    import io

    if not hasattr(plot, "savefig"):
        plot = getattr(plot, "figure", None) or plot
    if not callable(getattr(plot, "savefig", None)):
        raise UnloggableValueError("plot must be matplotlib.pyplot or a Figure, not {}.".format(type(plot).__name__))
    stream = io.BytesIO()
    plot.savefig(stream, format="png")
    stream.seek(0)
    return stream
