"""The corpus in figures: by area, which cells and codes its fixtures reach, and which canaries they catch."""

from collections import Counter

import msgspec

from cracktrader_fuzz.corpus.reach import FAILS_ON, FixtureReach, Item, fixture_reaches
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.seating import LockstepPool


class Area(msgspec.Struct, frozen=True):
    """A folder of fixtures."""

    name: str
    """The folder, below the corpus."""
    fixtures: int
    """How many fixtures it has."""
    by_hand: int
    """How many of them a person wrote."""
    steps: int
    """How many steps they have together."""
    cells: int
    """How many cells they reach."""
    only_here: int
    """How many cells no other area reaches."""
    canaries: int
    """How many canaries and others they fail on."""


class Stats(Document, tag=head("corpus-stats", 1)):
    """The corpus in figures: `corpus stats`."""

    areas: list[Area]
    """Each folder of fixtures."""
    fixtures: int
    """How many fixtures there are."""
    steps: int
    """How many steps they have together."""
    cells: int
    """How many cells they reach together."""
    codes: dict[str, int]
    """How often each code is reached: once for each fixture and cell."""
    codes_missing: list[str]
    """The codes that no fixture produces."""
    canaries: dict[str, int]
    """How many fixtures fail on each canary."""
    canaries_missing: list[str]
    """The canaries that no fixture fails on."""


def corpus_stats(seats: LockstepPool) -> Stats:
    """The figures of a corpus. Raises DocumentError."""
    by_area: dict[str, list[FixtureReach]] = {}
    for each in fixture_reaches(seats):
        by_area.setdefault(each.path.parent.relative_to(seats.corpus).as_posix(), []).append(each)
    everything = [each for area in by_area.values() for each in area]
    owners: Counter[Item] = Counter(item for area in by_area.values() for item in _items(area))
    codes = Counter(item[2] for each in everything for item in each.items if len(item) == 3)
    fails_on = Counter(str(each.fixture.fails_on) for each in everything if each.fixture.fails_on)
    canaries = {canary.name: fails_on[canary.name] for canary in seats.target.canaries if fails_on[canary.name]}
    return Stats(
        areas=[_area(name, area, owners) for name, area in by_area.items()],
        fixtures=len(everything),
        steps=sum(len(each.fixture.steps) for each in everything),
        cells=len({item for item in owners if item[0] != FAILS_ON}),
        codes=dict(sorted(codes.items())),
        codes_missing=[code for code in seats.target.generation.codes if not codes[code]],
        canaries=canaries,
        canaries_missing=[canary.name for canary in seats.target.canaries if canary.name not in canaries],
    )


def _items(area: list[FixtureReach]) -> frozenset[Item]:
    return frozenset(item for each in area for item in each.items)


def _area(name: str, area: list[FixtureReach], owners: Counter[Item]) -> Area:
    cells = {item for item in _items(area) if item[0] != FAILS_ON}
    return Area(
        name=name,
        fixtures=len(area),
        by_hand=sum(each.is_by_hand for each in area),
        steps=sum(len(each.fixture.steps) for each in area),
        cells=len(cells),
        only_here=sum(owners[item] == 1 for item in cells),
        canaries=len(_items(area)) - len(cells),
    )
