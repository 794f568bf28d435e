"""Text for a person: cleaned of what a terminal would obey, and short enough to read."""

from typing import Any


def printable(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def brief(value: Any, width: int = 60) -> str:
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
