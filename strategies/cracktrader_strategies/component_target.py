"""What the targets of sequencer, checker and normaliser share: both backends in the seats, relations, and a canary."""

from collections.abc import Callable
from functools import partial

from cracktrader_fuzz.subjects.relations import related_subjects, restorable_subjects
from cracktrader_fuzz.target.calls import SpoilOutcome
from cracktrader_fuzz.target.grammar import Grammar
from cracktrader_fuzz.target.protocol import Decoder, Tracker
from cracktrader_fuzz.target.target import Canary, Generation, Relations, Target
from cracktrader_strategies.subjects.components import Build, ComponentSubject, SpoiledComponent


def component_target(
    name: str,
    build: Build,
    *,
    decoder: Callable[[], Decoder],
    tracker: Callable[[], Tracker],
    grammar: Grammar,
    generation: Generation,
    canary: Canary,
    spoil: SpoilOutcome,
    restorable: bool = True,
) -> Target:
    """The component of the Python backend, which is the reference, and that of the Rust backend.

    The canary is the Python component with outcomes that `spoil` changes. Without `restorable` there is no hot swap: a
    component that keeps nothing has nothing to hand over.
    """
    backends = {"python": partial(ComponentSubject, build, "python"), "rust": partial(ComponentSubject, build, "rust")}
    related = restorable_subjects(backends) if restorable else related_subjects(backends)
    return Target(
        name=name,
        seats=tuple(backends),
        subjects={**related.subjects, canary.name: partial(SpoiledComponent, build, spoil)},
        grammar=grammar,
        decoder=decoder,
        tracker=tracker,
        canaries=(canary,),
        generation=generation,
        relations=Relations(pairs=related.pairs),
    )
