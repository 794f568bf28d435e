"""The subjects that any two implementations get for nothing: each asked in another way, and the pairs to compare.

`replayed` and `meddled` need only what every subject has; with a `restore` there is also the hot swap, each way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from cracktrader_fuzz.subjects.handover import Relayed, Restorable, Swapped
from cracktrader_fuzz.subjects.meddled import Meddled
from cracktrader_fuzz.subjects.protocol import Subject
from cracktrader_fuzz.subjects.replayed import Replayed

RELATIONS = "relations"
HOT_SWAP = "hot-swap"

Make = Callable[[], Subject]
MakeRestorable = Callable[[], Restorable]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Variants:
    """Subjects by name, and by front end the pairs of a plain subject and one of these."""

    subjects: Mapping[str, Make] = field(default_factory=dict)
    pairs: Mapping[str, Pairs] = field(default_factory=dict)

    def __or__(self, other: "Variants") -> "Variants":
        """Both."""
        names = {**self.pairs, **other.pairs}
        pairs = {name: (*self.pairs.get(name, ()), *other.pairs.get(name, ())) for name in names}
        return Variants({**self.subjects, **other.subjects}, pairs)


def variants(makers: Mapping[str, Make]) -> Variants:
    """The plain subjects, and each of them replayed and meddled with."""
    related = {
        **{f"{name}-replayed": (name, partial(_replayed, make)) for name, make in makers.items()},
        **{f"meddled-{name}": (name, partial(_meddled, make)) for name, make in makers.items()},
    }
    return Variants(makers) | of_plain(RELATIONS, related)


def restorable_variants(makers: Mapping[str, MakeRestorable]) -> Variants:
    """`variants`, and each of the two going through the other: relayed, and swapped with it."""
    (one, make_one), (other, make_other) = makers.items()
    swaps = {
        f"{one}-swapped": (one, partial(_swapped, make_one, make_other)),
        f"{other}-swapped": (other, partial(_swapped, make_other, make_one)),
        f"{one}-via-{other}": (one, partial(_relayed, make_one, make_other)),
        f"{other}-via-{one}": (other, partial(_relayed, make_other, make_one)),
    }
    return variants(makers) | of_plain(HOT_SWAP, swaps)


def of_plain(front_end: str, related: Mapping[str, tuple[str, Make]]) -> Variants:
    """Subjects by name, each with the name of the plain one that it is held against."""
    subjects = {name: make for name, (_, make) in related.items()}
    return Variants(subjects, {front_end: tuple((plain, name) for name, (plain, _) in related.items())})


def _replayed(make: Make) -> Subject:
    return Replayed(make())


def _meddled(make: Make) -> Subject:
    return Meddled(make())


def _swapped(make: MakeRestorable, make_other: MakeRestorable) -> Subject:
    return Swapped(make(), make_other())


def _relayed(make: MakeRestorable, make_via: MakeRestorable) -> Subject:
    return Relayed(make(), make_via())
