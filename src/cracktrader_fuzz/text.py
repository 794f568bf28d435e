"""Text for a person: cleaned of what a terminal would obey, and short enough to read."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

NAME_LENGTH_MAX = 80  # characters of a name that a message quotes: the rest of the message must fit on the line too
SUGGESTIONS_MAX = 3  # with more of them a reader does not see the one that was meant
BRIEF_WIDTH = 60  # two such values and the words between them fit on a line of a wide terminal
KNOWN_SHOWN_MAX = 10  # names of a list in a message; more make it longer than a terminal's line


# GitHub Actions obeys `::error` and the like at the beginning of a line that a step prints, and `##[` anywhere in it.
_COMMAND_OF_A_BUILD_SERVER = re.compile(r"\A\s*:(?=:)|#(?=#\[)")


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a build server's log would obey."""
    line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return _COMMAND_OF_A_BUILD_SERVER.sub(lambda found: f"{found[0][:-1]}\\x{ord(found[0][-1]):02x}", line)


def brief(value: Any, width: int = BRIEF_WIDTH) -> str:
    """A value for a person, on one line, cut at `width`, with nothing in it that a terminal would obey."""
    try:
        text = ascii(value)
    except Exception:  # noqa: BLE001 - a subject's own object may raise at being shown
        text = f"<{type(value).__name__}>"
    return text if len(text) <= width else f"{text[: width - 3]}..."


def printable_ascii(text: str) -> str:
    """The text with everything but printable ASCII written as escapes."""
    plain = text.encode("ascii", "backslashreplace").decode("ascii")
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in plain)


def plain(value: Any) -> str:
    """A value as it reads best: text as it is where that cannot be mistaken, anything else as Python writes it."""
    if isinstance(value, str) and value and value.isprintable() and " " not in value:
        return value
    return repr(value)


def suggestion(name: str, known: Sequence[str]) -> str:
    """`did you mean 'a' or 'b'?`, the nearest name first; empty where no name is near."""
    near = [repr(each) for each in get_close_matches(name[:NAME_LENGTH_MAX], known, SUGGESTIONS_MAX)]
    if not near:
        return ""
    return f"did you mean {' or '.join(filter(None, (', '.join(near[:-1]), near[-1])))}?"


def unknown_name(
    kind: str, name: str, known: Sequence[str], *, owner: str = "", shown: int = KNOWN_SHOWN_MAX, see: str = ""
) -> str:
    """The message for a name that is not known: what may have been meant, the first `shown` of those that are known.

    `owner` has the known names, and `see` is the command that lists all of them.
    """
    more = len(known) - shown
    listed = f"{', '.join(known[:shown])} and {more} more" if more > 0 else ", ".join(known) or "none"
    meant = suggestion(name, known)
    parts = [meant, f"{owner} has {listed}" if owner else f"known are {listed}"]
    return (
        f"unknown {kind} {name[:NAME_LENGTH_MAX]!r}: {' '.join(filter(None, parts))}{f': see `{see}`' if see else ''}"
    )
