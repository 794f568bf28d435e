"""Cores that are wrong on purpose in what only a relation or a hot swap can show.

A relation's canary is wrong in the same way whichever core it is planted in, so that no comparison of the two cores can
see it: the wrong core is compared with the same wrong core, driven in another way. A core that loses a field of a
snapshot is wrong only when it takes over, so the right core is compared with one that is swapped with the wrong one.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_fuzz.subjects.aliasing import AliasDetector
from cracktrader_fuzz.subjects.hot_swap import SwapSubject
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Canary
from cracktrader_strategies.grammar import step_kind
from cracktrader_strategies.relations.per_instrument import added
from cracktrader_strategies.relations.relation import Make
from cracktrader_strategies.relations.table import KINDS
from cracktrader_strategies.subjects.canaries import Memory, Mistake, MistakenCore
from cracktrader_strategies.subjects.cores import PythonCore, RustCore
from cracktrader_strategies.subjects.rust_canary import RustCanary

ONE_UNIT = "-0.0000000000000001"
# Between the small times of a case and the same times a day later (`shifted.LATER`): only the plain core forgets them.
LONG_AGO = 1_000_000_000_000
LOST: dict[str, tuple[int, Any]] = {
    "cash": (1, "0"),
    "last_seq_id": (1, None),
    "positions": (4, {}),
    "orders": (1, {}),
    "fees": (4, {}),
    "marks": (1, {}),
    "clock": (1, {}),
    "risk_flags": (1, {"halt": False, "reduce_only": False}),
    "idempotency_keys": (1, {}),
}
"""The fields of a snapshot: how many steps show that one is lost, and what is left of it."""


def _one_mark_for_all(_: Memory, state: State) -> State:
    marks = state["marks"]
    return {**state, "marks": dict.fromkeys(marks, max(marks.values()))} if marks else state


def _each_fill_costs(_: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["outcome"] == "applied" and step_kind(step) == "order_fill":
        return {**outcome, "cash_delta": added((outcome["cash_delta"], ONE_UNIT))}
    return outcome


def _count_duplicates(memory: Memory, _: Step, outcome: Outcome) -> Outcome:
    memory["duplicates"] = memory.get("duplicates", 0) + (outcome["outcome"] == "duplicate")
    return outcome


def _duplicates_are_paid(memory: Memory, state: State) -> State:
    return {**state, "cash": added((state["cash"], str(memory.get("duplicates", 0))))}


def _first_instrument_unmarked(_: Memory, state: State) -> State:
    return {**state, "marks": {key: mark for key, mark in state["marks"].items() if not key.endswith(":i1")}}


def _long_ago_forgotten(_: Memory, state: State) -> State:
    return {**state, "clock": {key: time for key, time in state["clock"].items() if time > LONG_AGO}}


def _keep_flag_step(memory: Memory, step: Step, outcome: Outcome) -> Outcome:
    if outcome["outcome"] == "applied" and step_kind(step) == "set_risk_flag":
        memory["step"] = step
    return outcome


def _flag_of_kept_step(memory: Memory, state: State) -> State:
    if "step" not in memory or memory["step"].get("payload"):
        return state
    return {**state, "risk_flags": {"halt": False, "reduce_only": False}}


def _without_keys_of_orders(state: State) -> State:
    return {**state, "idempotency_keys": {}} if state["orders"] else state


def _without(field: str, state: State) -> State:
    return {**state, field: LOST[field][1]}


def _reversed(outcomes: list[Outcome]) -> list[Outcome]:
    return outcomes[::-1]


def _mistake(kind: str, name: str, breaks: str, steps_min: int, **how: Any) -> tuple[str, Mistake]:
    return kind, Mistake(Canary(f"canary-{name}-{kind}", breaks, steps_min, f"canary-{name}"), **how)


RELATION_MISTAKES = (
    _mistake("apart", "one-mark-for-all", "two instruments", 2, state=_one_mark_for_all),
    _mistake("split", "each-fill-costs", "a fill in two", 4, outcome=_each_fill_costs),
    _mistake(
        *("redelivered", "duplicates-are-paid", "a duplicate anywhere", 1),
        outcome=_count_duplicates,
        state=_duplicates_are_paid,
    ),
    _mistake("restarted", "keys-lost-at-restart", "the last reports again", 3, restored=_without_keys_of_orders),
    _mistake("renamed", "first-instrument-unmarked", "other names", 1, state=_first_instrument_unmarked),
    _mistake("shifted", "long-ago-forgotten", "another time", 1, state=_long_ago_forgotten),
    _mistake("batched", "batch-answers-reversed", "one batch", 3, batch=_reversed),
    _mistake("meddled", "flag-step-kept", "what is shared", 2, outcome=_keep_flag_step, state=_flag_of_kept_step),
)
RELATION_CANARIES = tuple(mistake.canary for _, mistake in RELATION_MISTAKES)

_MISTAKES_OF_RESTORE = tuple(
    Mistake(Canary(f"canary-restore-drops-{field}-swapped", field, steps), restored=partial(_without, field))
    for field, (steps, _) in LOST.items()
)
_PLANTS_OF_RESTORE = (
    Canary("rust-restore-drops-clock-swapped", "clock", 1),
    Canary("rust-restore-drops-keys-swapped", "idempotency_keys", 1),
    Canary("rust-restore-drops-trigger-swapped", "orders.*.triggered", 4),
)
HOT_SWAP_CANARIES = (*(mistake.canary for mistake in _MISTAKES_OF_RESTORE), *_PLANTS_OF_RESTORE)


def _related(kind: str, make: Make) -> Subject:
    return AliasDetector(make()) if kind == "meddled" else KINDS[kind](make)


def _swapped_with_python(plant: str) -> Subject:
    return SwapSubject(PythonCore(), RustCanary(plant))


def _swapped_with_rust(mistake: Mistake) -> Subject:
    return SwapSubject(RustCore(), MistakenCore(mistake))


def pair_subjects() -> dict[str, Callable[[], Subject]]:
    """Every canary of this file by name, and the wrong cores that the relations are compared with."""
    subjects: dict[str, Callable[[], Subject]] = {}
    for kind, mistake in RELATION_MISTAKES:
        wrong = partial(MistakenCore, mistake)
        subjects[mistake.canary.reference] = wrong
        subjects[mistake.canary.name] = partial(_related, kind, wrong)
    for mistake in _MISTAKES_OF_RESTORE:
        subjects[mistake.canary.name] = partial(_swapped_with_rust, mistake)
    for canary in _PLANTS_OF_RESTORE:
        plant = canary.name.removeprefix("rust-").removesuffix("-swapped")
        subjects[canary.name] = partial(_swapped_with_python, plant)
    return subjects
