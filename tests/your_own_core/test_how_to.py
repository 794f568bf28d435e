"""`docs/how-to/write-a-decoder.md`, done as it says: the table of calls finds nothing, the decoder finds the bug."""

from __future__ import annotations

import re

import pytest
from refresh_transcript import BLOCK, ROOT, played

PAGE = (ROOT / "docs" / "how-to" / "write-a-decoder.md").read_text(encoding="utf-8")
COUNTS = re.compile(r"sha256 [0-9a-f]+|first by \w+ \S+|\d[\d,.]*[kM]?| +")  # these may change with every generator


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page with what its commands write now, in an empty folder."""
    return played(PAGE, tmp_path_factory.mktemp("desk"))


def test_page_is_as_it_happens(today: str) -> None:
    """But for counts, each command writes what stands below it in the page, and ends with the exit code there."""
    assert COUNTS.sub(" ", today) == COUNTS.sub(" ", PAGE), "scripts/refresh_transcript.py how-to/write-a-decoder"


def test_decoder_finds_what_the_table_does_not(today: str) -> None:
    """The same cores, the same number of cases: nothing at all, then one signature of two steps."""
    by_table, by_decoder = [block["body"] for block in BLOCK.finditer(today) if block["kind"] == "console"]
    assert "0 new signatures, all agree: " in by_table
    assert "ValueError" in by_table
    assert "verdict    2 steps, certified minimal, " in by_decoder
    assert "1 new signatures, 0 problems: " in by_decoder
