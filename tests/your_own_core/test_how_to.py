"""The pages of `docs/how-to`, done as they say: what they write works, and what they quote is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from refresh_transcript import BLOCK, PLACES, ROOT, played

FOLDER = ROOT / "docs" / "how-to"
PLAYED = sorted(name for name in PLACES if name.startswith("how-to/"))
QUOTING = sorted(path.stem for path in FOLDER.glob("*.md") if f"how-to/{path.stem}" not in PLACES)
QUOTED = re.compile(r"```(?:python|rust|toml) (\S+)\n(.*?)```", re.DOTALL)
COUNTS = re.compile(r"sha256 [0-9a-f]+|first by \w+ \S+|\d[\d,.]*[kM]?| +")  # these may change with every generator


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def today(name: str, place: Path) -> str:
    """A page with what its commands write now."""
    PLACES[name](place)
    return played(page(name), place)


@pytest.mark.parametrize("name", PLAYED)
def test_page_is_as_it_happens(name: str, tmp_path: Path) -> None:
    """But for counts, each command writes what stands below it in the page, and ends with the exit code there."""
    assert COUNTS.sub(" ", today(name, tmp_path)) == COUNTS.sub(" ", page(name)), (
        f"scripts/refresh_transcript.py {name}"
    )


def test_decoder_finds_what_the_table_does_not() -> None:
    """The page shows it: the same cores and as many cases, nothing at all, then one signature of two steps."""
    text = page("how-to/write-a-decoder")
    by_table, by_decoder = [block["body"] for block in BLOCK.finditer(text) if block["kind"] == "console"]
    assert "0 new signatures, all agree: " in by_table
    assert "ValueError" in by_table
    assert "verdict    2 steps, certified minimal, " in by_decoder
    assert "1 new signatures, 0 problems: " in by_decoder


def test_front_end_and_command_of_the_pages_work() -> None:
    """The new front end finds the bug, and its name leads back to the case; the new command answers."""
    assert ", first by short 0/" in page("how-to/add-a-front-end")
    assert "(exit code 3)" not in page("how-to/add-a-front-end")
    assert "\nput          7\n" in page("how-to/add-a-command")


@pytest.mark.parametrize("name", QUOTING)
def test_what_is_quoted_is_there(name: str) -> None:
    """A block of code that names a file of the repository has lines of that file, each of them, in their order."""
    for file, body in QUOTED.findall(page(f"how-to/{name}")):
        lines = iter((ROOT / file).read_text(encoding="utf-8").splitlines())
        assert [line for line in body.splitlines() if line.strip() and line not in lines] == [], file


def test_quotes_are_looked_at() -> None:
    """There are some, so that the test before this one says something."""
    assert sum(len(QUOTED.findall(page(f"how-to/{name}"))) for name in QUOTING) >= 3
