"""Every relation of a core, as subjects by name and as pairs."""

from collections.abc import Callable
from functools import partial

from cracktrader_fuzz.subjects.relations import RELATIONS, RelatedSubjects, related_to_plain
from cracktrader_fuzz.subjects.rerun import RerunSubject
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_strategies.relations.batch import answer_in_one_batch
from cracktrader_strategies.relations.fill_split import FillSplitSubject
from cracktrader_strategies.relations.per_instrument import PerInstrumentSubject
from cracktrader_strategies.relations.redelivery import RedeliverySubject
from cracktrader_strategies.relations.relation import Make
from cracktrader_strategies.relations.renaming import RenamingSubject
from cracktrader_strategies.relations.restart import RestartSubject
from cracktrader_strategies.relations.time_shift import TimeShiftSubject


def _redelivered(make: Make) -> Subject:
    return RedeliverySubject(make())


def _restarted(make: Make) -> Subject:
    return RestartSubject(make())


def _batched(make: Make) -> Subject:
    return RerunSubject(make(), answer_in_one_batch)


KINDS: dict[str, Callable[[Make], Subject]] = {
    "apart": PerInstrumentSubject,
    "split": FillSplitSubject,
    "redelivered": _redelivered,
    "restarted": _restarted,
    "renamed": RenamingSubject,
    "shifted": TimeShiftSubject,
    "batched": _batched,
}


def related(name: str, make: Make) -> RelatedSubjects:
    """The relations of the core `name`, which `make` makes."""
    return related_to_plain(
        RELATIONS, {f"{name}-{kind}": (name, partial(build, make)) for kind, build in KINDS.items()}
    )
