"""Every relation of a core, as subjects by name and as pairs."""

from collections.abc import Callable
from functools import partial

from cracktrader_fuzz.subjects.relations import RELATIONS, RelatedSubjects, related_to_plain
from cracktrader_fuzz.subjects.rerun import RerunSubject
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_strategies.relations.batch import in_one_batch
from cracktrader_strategies.relations.fill_split import Split
from cracktrader_strategies.relations.per_instrument import Apart
from cracktrader_strategies.relations.redelivery import Redelivered
from cracktrader_strategies.relations.relation import Make
from cracktrader_strategies.relations.renaming import Renamed
from cracktrader_strategies.relations.restart import Restarted
from cracktrader_strategies.relations.time_shift import Shifted


def _redelivered(make: Make) -> Subject:
    return Redelivered(make())


def _restarted(make: Make) -> Subject:
    return Restarted(make())


def _batched(make: Make) -> Subject:
    return RerunSubject(make(), in_one_batch)


KINDS: dict[str, Callable[[Make], Subject]] = {
    "apart": Apart,
    "split": Split,
    "redelivered": _redelivered,
    "restarted": _restarted,
    "renamed": Renamed,
    "shifted": Shifted,
    "batched": _batched,
}


def related(name: str, make: Make) -> RelatedSubjects:
    """The relations of the core `name`, which `make` makes."""
    return related_to_plain(
        RELATIONS, {f"{name}-{kind}": (name, partial(build, make)) for kind, build in KINDS.items()}
    )
