"""A whole target out of a table of calls: what most pairs of cores need, in a few lines (`docs/your-own-core.md`).

Each row of the table makes up the arguments of one call from a `Draw`. Which call comes next does not depend on earlier
outcomes: where it must, as for an order that can only be cancelled once it is there, write a `Decoder` and a `Tracker`
(`target.protocol`) and put them in with `dataclasses.replace` of the target.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.calls import CallConvention, CallSubject, SpoiledSubject, SpoilOutcome
from cracktrader_fuzz.target.draw import Draw
from cracktrader_fuzz.target.grammar import Grammar, Rule
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Canary, Generation, Reading, Target

NO_CONTEXT = "-"

Arguments = Callable[[Draw], dict[str, Any]]


class NoContext:
    """A `Tracker` for subjects in which every step meets the same: its context is always `NO_CONTEXT`."""

    def context(self, _: Step) -> str:
        return NO_CONTEXT

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Nothing to follow."""


class CallDecoder:
    """A `Decoder` that draws one of the calls, then its arguments."""

    def __init__(self, calls: Mapping[str, Arguments], chances: Sequence[str], configs: Sequence[Config]) -> None:
        self._calls = calls
        self._chances = chances
        self._configs = configs

    def begin(self, data: bytes) -> Config:
        """One of the configurations."""
        return dict(Draw(data).pick(self._configs))

    def decode(self, data: bytes) -> Step:
        draw = Draw(data)
        call = draw.pick(self._chances)
        self.label = call, NO_CONTEXT
        return {"call": call, "arguments": self._calls[call](draw)}

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Nothing to follow."""


def call_target(
    name: str,
    *,
    cores: Mapping[str, Callable[..., Any]],
    state: Callable[[Any], State],
    calls: Mapping[str, Arguments],
    weights: Mapping[str, int] | None = None,
    configs: Sequence[Config] = ({},),
    refusals: tuple[type[Exception], ...] = (),
    rules: Mapping[str, Rule] | None = None,
    keyed: Sequence[str] = (),
    scales: Mapping[str, int] | None = None,
    canaries: Mapping[Canary, SpoilOutcome] | None = None,
) -> Target:
    """The target whose `cores` must have the same answers and the same state; the first of them is the reference.

    `cores` are classes or functions that take a config as keywords; `state` shows an object's whole state. `calls` has
    a row for each method: what makes up its arguments; `weights` sets how often one is drawn, relative to 1.
    A case has one of the `configs`. `rules` says, by argument, which values are plainer, and of which type they are;
    `keyed` names the maps of the state whose keys are identifiers, so that a bug is one signature whichever of them it
    meets; `scales` how many decimals a number has, by the key under which it is answered or kept. A canary is the
    reference with its outcomes spoiled. Raises ValueError for a table that is empty and for a weight of no call.
    """
    if not calls or not cores:
        raise ValueError(f"target {name!r} needs at least one of the cores and one of the calls")
    chances = _chances(calls, weights or {})
    driven = CallConvention(state, refusals)
    subjects: dict[str, Callable[[], Subject]] = {
        core: partial(CallSubject, core, make, driven) for core, make in cores.items()
    }
    reference = next(iter(subjects.values()))
    spoiled = {canary.name: partial(_spoiled, canary, reference, spoil) for canary, spoil in (canaries or {}).items()}
    return Target(
        name=name,
        seats=tuple(cores),
        subjects={**subjects, **spoiled},
        grammar=Grammar(
            lambda step: str(step["call"]), rules or {}, frozenset(keyed), ill_formed=False, scales=scales or {}
        ),
        decoder=partial(CallDecoder, calls, chances, configs),
        tracker=NoContext,
        canaries=tuple(canaries or ()),
        generation=Generation(
            kinds=tuple(calls),
            contexts={NO_CONTEXT: "steps"},
            codes=("ok", *(each.__name__ for each in refusals)),
        ),
        reading=Reading(
            describe_step=_describe_step,
            describe_outcome=_describe_outcome,
        ),
    )


def _chances(calls: Mapping[str, Arguments], weights: Mapping[str, int]) -> tuple[str, ...]:
    for name in weights:
        if name not in calls:
            raise ValueError(f"weight of {name!r}, which is no call: there are {', '.join(calls)}")
    chances = tuple(name for name in calls for _ in range(weights.get(name, 1)))
    if not chances:
        raise ValueError("every call has the weight 0: leave one at 1")
    return chances


def _spoiled(canary: Canary, reference: Callable[[], Subject], spoil: SpoilOutcome) -> Subject:
    return SpoiledSubject(canary.name, reference(), spoil)


def _describe_step(step: Step) -> str:
    """`put(key='k1', value=3)`."""
    return f"{step['call']}({', '.join(f'{key}={value!r}' for key, value in step['arguments'].items())})"


def _describe_outcome(outcome: Outcome) -> str:
    """The answer, as Python writes it."""
    return repr(outcome["answer"])
