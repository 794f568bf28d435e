"""Fixtures that add nothing: the ones that stay reach every cell that they reach, and catch every canary.

Greedy; the whole list can go at once. The measure is coarse, since two bugs may share a cell and a canary: it is a
proposal to a person, and `--apply` moves the files out of the corpus and deletes nothing. What the ledger names stays.
Cost: a run of each fixture.
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
        # Below 2, this fixture is the last of those that stay to reach the item.
        if each.path.relative_to(seats.corpus).as_posix() in known or any(counts[item] < 2 for item in each.items):
            continue
        counts.subtract(each.items)
        gone.append(RedundantFixture(each.path, each.is_by_hand, len(each.fixture.steps)))
    return sorted(gone, key=lambda each: each.path)


def move_out(chosen: list[RedundantFixture], corpus: Path, folder: Path) -> None:
    """Move fixtures to another folder, below it as they lay below the corpus. Nothing moves unless all can."""
    if folder.resolve().is_relative_to(corpus.resolve()):
        raise CorpusError(f"{folder} lies in the corpus: name a folder outside of it")
    moves = [(each.path, folder / each.path.relative_to(corpus)) for each in chosen]
    for _, target in moves:
        if target.exists():
            raise CorpusError(f"{target} is there already: nothing was moved")
    for source, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)


def _first_to_go(each: FixtureReach) -> tuple[bool, int, str]:
    """Generated before written by hand, long before short: what is easier to read is kept."""
    return each.is_by_hand, -len(each.fixture.steps), str(each.path)
