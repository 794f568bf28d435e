"""Ready-made subjects for any two implementations: each driven in another way, and the pairs to compare.

`replayed` (run again from the beginning) and `meddled` (what it shares is cleared) need only what every subject has;
with a `restore` there is also the hot swap, each way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from cracktrader_fuzz.subjects.aliasing import AliasDetector
from cracktrader_fuzz.subjects.hot_swap import RelaySubject, RestorableSubject, SwapSubject
from cracktrader_fuzz.subjects.rerun import RerunSubject
from cracktrader_fuzz.target.protocol import Subject

RELATIONS = "relations"
HOT_SWAP = "hot-swap"

Make = Callable[[], Subject]
MakeRestorable = Callable[[], RestorableSubject]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RelatedSubjects:
    """Subjects by name, and by front end the pairs of a plain subject and one of these."""

    subjects: Mapping[str, Make] = field(default_factory=dict)
    pairs: Mapping[str, Pairs] = field(default_factory=dict)

    def __or__(self, other: "RelatedSubjects") -> "RelatedSubjects":
        """Both."""
        names = {**self.pairs, **other.pairs}
        pairs = {name: (*self.pairs.get(name, ()), *other.pairs.get(name, ())) for name in names}
        return RelatedSubjects({**self.subjects, **other.subjects}, pairs)


def related_subjects(makers: Mapping[str, Make]) -> RelatedSubjects:
    """The plain subjects, and two for each: `NAME-replayed` runs every case again, `meddled-NAME` detects aliasing."""
    related = {
        **{f"{name}-replayed": (name, partial(_rerun, make)) for name, make in makers.items()},
        **{f"meddled-{name}": (name, partial(_alias_detector, make)) for name, make in makers.items()},
    }
    return RelatedSubjects(makers) | related_to_plain(RELATIONS, related)


def restorable_subjects(makers: Mapping[str, MakeRestorable]) -> RelatedSubjects:
    """`related_subjects` for two subjects with a `restore`, and their hot swap: `ONE-swapped` and `ONE-via-OTHER`."""
    (one, make_one), (other, make_other) = makers.items()
    swaps = {
        f"{one}-swapped": (one, partial(_swapped, make_one, make_other)),
        f"{other}-swapped": (other, partial(_swapped, make_other, make_one)),
        f"{one}-via-{other}": (one, partial(_relayed, make_one, make_other)),
        f"{other}-via-{one}": (other, partial(_relayed, make_other, make_one)),
    }
    return related_subjects(makers) | related_to_plain(HOT_SWAP, swaps)


def related_to_plain(front_end: str, related: Mapping[str, tuple[str, Make]]) -> RelatedSubjects:
    """Subjects by name, each with the name of the plain one that it is held against."""
    subjects = {name: make for name, (_, make) in related.items()}
    return RelatedSubjects(subjects, {front_end: tuple((plain, name) for name, (plain, _) in related.items())})


def _rerun(make: Make) -> Subject:
    return RerunSubject(make())


def _alias_detector(make: Make) -> Subject:
    return AliasDetector(make())


def _swapped(make: MakeRestorable, make_other: MakeRestorable) -> Subject:
    return SwapSubject(make(), make_other())


def _relayed(make: MakeRestorable, make_relay: MakeRestorable) -> Subject:
    return RelaySubject(make(), make_relay())
