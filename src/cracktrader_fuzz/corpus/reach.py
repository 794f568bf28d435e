"""What each fixture reaches on the reference: cells of (step kind, context, code), and the canary that it fails on.

What `corpus stats` and `corpus minimise` have in common. Cost: a run of each fixture.
"""

from collections import Counter
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.documents import Fixture, read_fixture
from cracktrader_fuzz.corpus.rerun import fixture_paths
from cracktrader_fuzz.lockstep.run import Cells
from cracktrader_fuzz.seating import LockstepPool

HAND = "hand"
FAILS_ON = "fails_on"
Item = tuple[str, ...]


class FixtureReach(msgspec.Struct, frozen=True):
    """A fixture, and what it reaches: a cell as (kind, context, code), a canary as (`fails_on`, name)."""

    path: Path
    fixture: Fixture
    items: frozenset[Item]

    @property
    def is_by_hand(self) -> bool:
        """Whether a person wrote it, and not a run."""
        return self.fixture.provenance.found_by == HAND


def fixture_reaches(seats: LockstepPool) -> list[FixtureReach]:
    """Every fixture of a corpus, in order of path. Raises DocumentError."""
    return [_reach_of(seats, path) for path in fixture_paths(seats.corpus)]


def _reach_of(seats: LockstepPool, path: Path) -> FixtureReach:
    fixture = read_fixture(path)
    cells: Cells = Counter()
    seats.lockstep(seats.target.seats, fixture.signature).run_case(fixture.case, cells=cells)
    items: set[Item] = {(kind, context, code) for (kind, context), code in cells}
    if fixture.fails_on is not None:
        items.add((FAILS_ON, fixture.fails_on))
    return FixtureReach(path, fixture, frozenset(items))
