"""Fixtures that add nothing: whatever they reach, and whomever they fail on, the ones that stay do as well.

Greedy, in an order that prefers to keep what was written by hand and what is short: the list can go as a whole. The
measure is coarse, since two bugs may share a cell and a canary: it is a proposal to a person, and what `--apply` takes
out of the corpus it moves and never deletes. What the ledger names stays.
"""

from collections import Counter
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.ledger import read_ledger
from cracktrader_fuzz.corpus.reach import FixtureReach, Item, fixture_reaches
from cracktrader_fuzz.errors import CorpusError
from cracktrader_fuzz.seating import LockstepPool


class RedundantFixture(msgspec.Struct, frozen=True):
    """A fixture that can go."""

    path: Path
    by_hand: bool
    steps: int


def redundant_fixtures(seats: LockstepPool) -> list[RedundantFixture]:
    """The fixtures that can go together, in order of path. Raises DocumentError."""
    known = {entry.fixture for entry in read_ledger(seats.corpus).known}
    everything = fixture_reaches(seats)
    counts: Counter[Item] = Counter(item for each in everything for item in each.items)
    gone = []
    for each in sorted(everything, key=_first_to_go):
        if each.path.relative_to(seats.corpus).as_posix() in known or any(counts[item] < 2 for item in each.items):
            continue
        counts.subtract(each.items)
        gone.append(RedundantFixture(each.path, each.is_by_hand, len(each.fixture.steps)))
    return sorted(gone, key=lambda each: each.path)


def move_out(chosen: list[RedundantFixture], corpus: Path, folder: Path) -> None:
    """Move fixtures to another folder, below it as they lay below the corpus. Nothing moves unless all can."""
    if folder.resolve().is_relative_to(corpus.resolve()):
        raise CorpusError(f"{folder} lies in the corpus: name a folder outside of it")
    ways = [(each.path, folder / each.path.relative_to(corpus)) for each in chosen]
    for _, there in ways:
        if there.exists():
            raise CorpusError(f"{there} is there already: nothing was moved")
    for here, there in ways:
        there.parent.mkdir(parents=True, exist_ok=True)
        here.rename(there)


def _first_to_go(each: FixtureReach) -> tuple[bool, int, str]:
    return each.is_by_hand, -len(each.fixture.steps), str(each.path)
