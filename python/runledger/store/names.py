"""The rules for names. A name is validated once, here, before it becomes part of a path."""

from runledger.errors import InvalidArgumentError, InvalidNameError

MAX_EXPERIMENT_NAME_LENGTH = 128
MAX_EXPERIMENT_NAME_BYTES = 200
MAX_RUN_ID_BYTES = 235
MAX_ARTIFACT_PATH_LENGTH = 5000
MAX_SEGMENT_BYTES = 255

_ASCII_LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_PUNCTUATION = frozenset("_-. ")
_DEVICES = frozenset(["con", "prn", "aux", "nul"] + ["{}{}".format(d, i) for d in ("com", "lpt") for i in range(10)])
# Characters that Windows refuses in a file name, besides the separators.
_NOT_PORTABLE = frozenset('<>:"|?*\\')


def _nfc(text):
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def _is_letter_or_digit(character):
    if character in _ASCII_LETTERS_AND_DIGITS:
        return True
    if character < "\x80":
        return False
    import unicodedata

    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nd"


def _is_allowed(character):
    if character in _PUNCTUATION or _is_letter_or_digit(character):
        return True
    if character < "\x80":
        return False
    import unicodedata

    return unicodedata.category(character)[0] == "M"


def _check_characters(kind, name):
    for character in name:
        if not _is_allowed(character):
            raise InvalidNameError(
                "{} {!r} contains {!r}.".format(kind, name, character),
                "Use letters, digits, underscores, dashes, dots and spaces.",
            )
    if not _is_letter_or_digit(name[0]):
        raise InvalidNameError("{} {!r} does not start with a letter or a digit.".format(kind, name))
    if name[-1] in ". ":
        raise InvalidNameError("{} {!r} ends with a dot or a space.".format(kind, name))


def validated_experiment_name(name):
    """Returns ``name`` in NFC. Raises ``InvalidNameError``, which says which rule it breaks."""
    return validated_name("experiment", name)


def validated_name(what, name):
    """Returns the name of ``what`` (as "model") in NFC: the rules are those of experiments. Raises ``InvalidNameError``."""
    if not isinstance(name, str):
        raise InvalidNameError("{}'s name must be a str, not {}.".format(_a(what), type(name).__name__))
    name = _nfc(str(name))
    if not name:
        raise InvalidNameError("{}'s name must not be empty.".format(_a(what)))
    _check_characters("The {}'s name".format(what), name)
    if len(name) > MAX_EXPERIMENT_NAME_LENGTH or len(name.encode("utf-8")) > MAX_EXPERIMENT_NAME_BYTES:
        raise InvalidNameError(
            "The {}'s name {!r} is too long.".format(what, name),
            "It may have {} characters and {} bytes of UTF-8.".format(
                MAX_EXPERIMENT_NAME_LENGTH, MAX_EXPERIMENT_NAME_BYTES
            ),
        )
    if name.lower().split(".", 1)[0] in _DEVICES:
        raise InvalidNameError("The {}'s name {!r} is the name of a device on Windows.".format(what, name))
    return name


def _a(what):
    return ("An " if what[0] in "aeiou" else "A ") + what


def experiment_key(name):
    """The folder's name of the experiment ``name`` (validated here): lower case, NFC."""
    return name_key("experiment", name)


def name_key(what, name):
    """The folder's name of the ``what`` (as "model") ``name``, validated here: lower case, NFC."""
    return _nfc(validated_name(what, name).lower())


def validated_run_id(run_id):
    """Returns ``run_id``. Raises ``InvalidNameError``."""
    if not isinstance(run_id, str) or not run_id:
        raise InvalidNameError("A run's id must be a non-empty str, not {!r}.".format(run_id))
    _check_characters("The run's id", run_id)
    if len(run_id.encode("utf-8")) > MAX_RUN_ID_BYTES:
        raise InvalidNameError("The run's id {!r} is longer than {} bytes.".format(run_id, MAX_RUN_ID_BYTES))
    return run_id


def validated_artifact_path(path):
    """Returns ``path``: relative, POSIX. Raises ``InvalidNameError``."""
    problem = _artifact_path_problem(path)
    if problem is not None:
        raise InvalidNameError(
            "{!r} cannot be the name of a run's file: {}.".format(path, problem),
            "Use a relative path with forward slashes, as 'outputs/model.pkl'.",
        )
    return path


def _artifact_path_problem(path):
    if not isinstance(path, str):
        return "it is not a str"
    if not path:
        return "it is empty"
    if len(path) > MAX_ARTIFACT_PATH_LENGTH:
        return "it has more than {:,} characters".format(MAX_ARTIFACT_PATH_LENGTH)
    if "\0" in path:
        return "it contains NUL"
    if "\\" in path:
        return "it contains a backslash"
    if len(path) >= 2 and path[1] == ":" and path[0].isascii() and path[0].isalpha():
        return "it names a drive"
    for segment in path.split("/"):
        if segment in ("", ".", ".."):
            return "it is absolute, or has an empty, '.' or '..' part"
        try:
            size = len(segment.encode("utf-8"))
        except UnicodeEncodeError:
            return "it is not valid Unicode"
        if size > MAX_SEGMENT_BYTES:
            return "a part of it is longer than {} bytes".format(MAX_SEGMENT_BYTES)
    return None


def artifact_path_from_text(text, suffix=""):
    """An artifact path that reads like ``text`` (a metric's name), which may be any text; ``suffix`` ends it."""
    segments = []
    for segment in text.split("/"):
        cleaned = "".join(
            "_" if c < " " or c == "\x7f" or c in _NOT_PORTABLE or "\ud800" <= c <= "\udfff" else c for c in segment
        )
        cleaned = cleaned.encode("utf-8")[:200].decode("utf-8", "ignore").rstrip(". ")
        segments.append("_" + cleaned if cleaned[:1] in ("", ".") else cleaned)
    return validated_artifact_path("/".join(segments)[:4000].rstrip("/") + suffix)


def validated_label(name, argument):
    """The name of a metric, tag, property or parameter, as a plain ``str``. ``argument`` is named in the error."""
    if isinstance(name, str):
        if name:
            # The text itself, also of an enumeration's member, which spells itself otherwise.
            return str.__str__(name)
        raise InvalidArgumentError("{} must not be empty.".format(argument))
    raise InvalidArgumentError("{} must be a str, not {}.".format(argument, type(name).__name__))


def random_hex():
    """8 random hexadecimal digits."""
    import os

    return os.urandom(4).hex()


def new_uuid():
    """A random UUID (version 4), in lower case."""
    import os

    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def new_run_id(experiment):
    """The id of a run that is submitted now to ``experiment``: ``<experiment>_<unix seconds>_<8 hex>``."""
    import time

    return "{}_{}_{}".format(experiment, int(time.time()), random_hex())
