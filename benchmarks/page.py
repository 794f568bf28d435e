"""The pages of figures: their tables, each between two marks that bear its name, and what of them a run must repeat."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
MEASURED = frozenset({"us a step", "steps a second", "ratio", "seconds", "peak MiB"})
"""Columns that another run, or another machine, fills otherwise."""
TAKEN = "Taken "
_TIMES = re.compile(r"[\d.,]+ times\b")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    """A Markdown table; `numbers` are the columns that stand to the right."""
    rule = ["---:" if place in numbers else "---" for place in range(len(headings))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *rows))


def taken() -> str:
    """The line below a table: when, on what, and how busy the machine was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    machine = f"{platform.machine()} with {os.cpu_count()} processors{load}, CPython {platform.python_version()}"
    return f"{TAKEN}{datetime.now(tz=UTC):%Y-%m-%d} on {machine}."


def facts(text: str) -> list[str]:
    """The lines of a part without what is measured: columns of times, factors, and where they were taken."""
    lines, kept = [], None
    for line in text.splitlines():
        if not line.startswith("|"):
            kept = None
            if line and not line.startswith(TAKEN):
                lines.append(_TIMES.sub("N times", line))
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if kept is None:
            kept = [place for place, heading in enumerate(cells) if heading not in MEASURED]
        lines.append(" | ".join(cells[place] for place in kept))
    return lines


def read_part(name: str, path: Path = PAGE) -> str:
    """What stands between the marks of a name. Raises ValueError where the page has none."""
    _, text, _ = _split(path.read_text(encoding="utf-8"), name, path)
    return text


def write_parts(parts: dict[str, str], path: Path = PAGE) -> None:
    """Put each text between the marks of its name; ValueError, and nothing written, where the page has none."""
    page = path.read_text(encoding="utf-8")
    for name, text in parts.items():
        before, _, after = _split(page, name, path)
        page = f"{before}{text}{after}"
    draft = path.with_suffix(".new")
    draft.write_text(page, encoding="utf-8")
    draft.replace(path)


def _split(page: str, name: str, path: Path) -> tuple[str, str, str]:
    """The page up to the opening mark and with it, what is between the marks, and the rest."""
    opening, closing = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, mark, rest = page.partition(opening)
    text, end, after = rest.partition(closing)
    if not mark or not end:
        raise ValueError(f"{path.name} has no marks for {name!r}")
    return before + opening, text, closing + after
