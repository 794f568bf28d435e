"""`docs/performance.md` says what a run says, in all that is no time."""

from __future__ import annotations

import pytest
from benchmarks import __main__ as bench
from benchmarks import batches, page

from cracktrader_strategies.target import CRACKTRADER

CANARIES = "canaries"


def test_canaries_are_as_the_page_says() -> None:
    """Names, what they break, cases until found, steps, and whether the shrunk case is certified."""
    assert bench.differences(CANARIES, bench.canary_table()) == [], "make bench ARGS='--write --only canaries'"
    assert len(page.facts(page.read_part(CANARIES))) == len(CRACKTRADER.canaries) + 2


@pytest.mark.parametrize("name", bench.PARTS)
def test_every_part_has_its_place(name: str) -> None:
    """Each has a table on the page, and the line that says when and on what it was taken."""
    text = page.read_part(name)
    assert text.startswith("| ")
    assert page.TAKEN in text


def test_batches_have_their_rows() -> None:
    """A contestant that comes or goes is noticed without a measurement."""
    rows = [line for line in page.facts(page.read_part("batches")) if line not in ("what", "---")]
    assert rows == list(batches.contestants())


TABLE = page.table(("what", "steps", "seconds"), [("one", "3", "0.25"), ("other", "4", "1.50")], numbers=(1, 2))


@pytest.mark.parametrize(
    ("then", "now", "is_same"),
    [
        ("0.25", "9.99", True),
        ("| 3 |", "| 5 |", False),
        ("other", "another", False),
        ("takes 1.50 times", "takes 2.75 times", True),
        ("1,000 steps", "1,001 steps", False),
        ("Taken 2026-11-22", "Taken 2026-11-29", True),
    ],
)
def test_only_times_may_differ(then: str, now: str, is_same: bool) -> None:
    """Columns of times, factors and the date may; names, counts and sentences may not."""
    text = f"{TABLE}\n\nThe other takes 1.50 times the one, of 1,000 steps.\n\nTaken 2026-11-22 on a machine."
    assert then in text
    assert (page.facts(text) == page.facts(text.replace(then, now))) is is_same
