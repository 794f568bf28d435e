"""`docs/why-not.md` has the figures of the pages that it takes them from."""

from __future__ import annotations

import re

import pytest
from tree import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "why-not.md").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables: the first cell, and the others."""
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return {first: rest for first, *rest in found}


@pytest.mark.parametrize("what", ["soak", "both cores alone", "hypothesis gate", "state machine"])
def test_speeds_are_those_of_the_page_on_performance(what: str) -> None:
    """Steps a second and ratio of each row."""
    measured = rows((DOCS / "performance.md").read_text(encoding="utf-8"))[what]
    assert rows(PAGE)[what] == measured[-2:]


def test_needles_are_those_of_the_page_on_search() -> None:
    """The slowest find, the limits of the others, and the cases a second."""
    table = [line for line in (DOCS / "search.md").read_text(encoding="utf-8").splitlines() if "-needle |" in line]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    slowest = max(int(number) for row in cells if row[0] == "coverage" for number in row[3].split(","))
    limits = [int(row[2]) for row in cells if row[3] == "no"]
    (rate,) = (row[5] for row in cells if row[:2] == ["coverage", "rust-needle"])
    said = re.search(r"within (\d+) seconds of processor time,\s+by nothing else within (\d+) to (\d+)", PAGE)
    assert said is not None
    assert [int(number) for number in said.groups()] == [slowest, min(limits), max(limits)]
    assert f": {rate} cases a second on the needle in Rust" in " ".join(PAGE.split())
