"""The commands that a page shows: in fences, in backticks, and in the README's table of commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from refresh_transcript import PLACES
from tree import ROOT, short, tracked

PROGRAM = "python -m cracktrader_fuzz"
README = "README.md"
PLAYED = {f"docs/{name}.md" for name in PLACES}
"""Pages whose console blocks `refresh_transcript` runs, command by command; tests of their own hold the output."""

FENCED = re.compile(r"^```(?P<kind>[a-z]*)[^\n]*\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(rf"`({re.escape(PROGRAM)}[^`\n]*)`")
ROW = re.compile(r"^\| (`(?!<)[^|]*(?:\\\|[^|]*)*`) \|", re.MULTILINE)
SHELLS = ("", "console", "sh", "shell", "bash")
A_COMMAND = re.compile(r"(python3?|pytest|make|cargo|pip|maturin|cracktrader-fuzz)\s")
COMMENT = re.compile(r"\s+# .*$")


def shown_commands() -> dict[str, list[str]]:
    """Every command that is shown somewhere, with the pages that show it."""
    found: dict[str, list[str]] = {}
    for page in tracked(".md"):
        for command in dict.fromkeys(commands_of(page)):
            found.setdefault(command, []).append(short(page))
    return found


def commands_of(page: Path) -> Iterator[str]:
    """The commands of a page; of one that is played, those outside of its console blocks."""
    text, is_played = page.read_text(encoding="utf-8"), short(page) in PLAYED
    for block in FENCED.finditer(text):
        if block["kind"] in SHELLS and not (is_played and block["kind"] == "console"):
            yield from commands_in_block(block["body"])
    yield from INLINE.findall(FENCED.sub("", text))
    if page == ROOT / README:
        yield from commands_in_table(text)


def commands_in_block(body: str) -> Iterator[str]:
    """What a block asks a reader to type: after `$ ` where there is one, else every line of a block of commands."""
    lines = body.replace("\\\n", " ").splitlines()
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    if not typed and any(A_COMMAND.match(line) for line in lines):
        typed = [line for line in lines if line.strip()]
    for line in typed:
        yield COMMENT.sub("", line).strip()


def commands_in_table(text: str) -> Iterator[str]:
    """The first column of the README's table: the program with `run`, say; a second option is of the same command."""
    table = text.partition("\n## Commands\n")[2].partition("\n## ")[0]
    for row in ROW.findall(table):
        first, *others = re.findall(r"`([^`]+)`", row.replace("\\|", "|"))
        yield f"{PROGRAM} {first}"
        for option in others:
            yield f"{PROGRAM} {first.partition(' --')[0]} {option}"
