"""`docs/troubleshooting.md` quotes messages that the sources have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tree import ROOT, syntax, tracked

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\.\.\.|\b(?:NAME|SUBJECT|DAY|KIND)\b|\d[\d,]*|: ")  # what is filled in, and joints
LENGTH_MIN = 9  # shorter pieces stand anywhere
TABLES = ("it says", "message")


def quoted() -> Iterator[str]:
    """The messages: in quotation marks in a heading, in backticks in the first cell of the tables of messages."""
    for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE):
        yield from re.findall(r'"([^"]+)"', heading)
    for name in TABLES:
        table = PAGE.partition(f"\n| {name} |")[2].partition("\n\n")[0]
        yield from re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def pieces(message: str) -> list[str]:
    """What of a message does not depend on the case."""
    return [piece for each in VARIABLE.split(message) if len(piece := each.strip(" :")) >= LENGTH_MIN]


def texts() -> str:
    """Every text in the sources, a line each, as it is when the program runs."""
    nodes = (
        node for folder in ("src", "strategies") for path in tracked(".py", folder) for node in ast.walk(syntax(path))
    )
    return "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_messages_are_those_of_the_code() -> None:
    """Each fixed piece of each message stands in a text of the sources."""
    known = texts()
    assert [piece for message in quoted() for piece in pieces(message) if piece not in known] == []


def test_messages_are_found() -> None:
    """There are many, and a piece that no source has would be seen."""
    assert len(list(quoted())) >= 12
    assert pieces("the canary NAME was missed: not found in 500 cases") == ["the canary", "was missed", "not found in"]
    assert "the canary flew away" not in texts()
