"""Recorded order flow as engine steps, and the venue's own statements about it.

Promises: `Recording.steps` are wire events and intents of the engine page (sections 2, 3 and 5), in order of
arrival; `check_statements` compares a core's results with the venue's own statements and explains a disagreement
only by the dirt that its reader marked at that very step. Does not: run a core, or read files. Costs: one
pass over the results.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from cracktrader_strategies.traffic.decimals import plain_value
from cracktrader_strategies.traffic.dirt import DIRT

Wire = dict[str, Any]

VENUE_UNIT = Decimal("0.00000001")
"""The last decimal to which venues print money."""


@dataclass(frozen=True, slots=True)
class VenueStatement:
    """After step number `step` the venue calls the order so; a field that it does not name is None."""

    step: int
    order_id: str
    cumulative: str | None
    status: str | None
    source_line: int


@dataclass(frozen=True, slots=True)
class PositionStatement:
    """After step number `step` the venue holds `quantity` of `position`, which is "venue:instrument"."""

    step: int
    position: str
    quantity: str
    source_line: int


@dataclass(frozen=True, slots=True)
class RealisedStatement:
    """The fill of step number `step` realised a profit (before fees) of `realised` on `position`."""

    step: int
    position: str
    realised: str
    source_line: int


_AnyStatement = TypeVar("_AnyStatement", VenueStatement, PositionStatement, RealisedStatement)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded session: `dirt` counts unusual input by kind, `dirt_at` has the kinds at a step's index."""

    name: str
    source: str
    initial_cash: str
    steps: list[Wire]
    statements: list[VenueStatement]
    positions: list[PositionStatement] = field(default_factory=list)
    realised: list[RealisedStatement] = field(default_factory=list)
    dirt: dict[str, int] = field(default_factory=dict)
    dirt_at: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A disagreement on `field`: cumulative, status, existence, position, realised, or code (a refusal).

    `explained_by` is a kind of dirt at that step, or None.
    """

    step: int
    field: str
    subject: str
    venue: str
    core: str
    source_line: int | None
    explained_by: str | None

    def __str__(self) -> str:
        """One readable line."""
        line = "" if self.source_line is None else f" (line {self.source_line})"
        why = "UNEXPLAINED" if self.explained_by is None else f"explained by {self.explained_by}"
        both = f"venue says {self.venue}, core says {self.core}"
        return f"step {self.step}{line}: {self.subject}: {self.field}: {both}: {why}"


@dataclass(slots=True)
class _Core:
    """A core's results so far: each order's last transition, and the sum of each position's changes."""

    orders: dict[str, Wire] = field(default_factory=dict)
    positions: dict[str, Decimal] = field(default_factory=dict)

    def follow(self, step: Wire, result: Mapping[str, Any]) -> None:
        for transition in result["transitions"]:
            self.orders[transition["order_id"]] = transition
        if step.get("event_type") == "order_fill":
            key = f"{step['venue']}:{step['instrument']}"
            self.positions[key] = self.positions.get(key, Decimal(0)) + Decimal(result["position_delta"])


def check_statements(recording: Recording, results: Sequence[Mapping[str, Any]]) -> list[Mismatch]:
    """Every refusal, and every disagreement with the venue, in order of steps.

    `results` are a core's wire results, one a step of `recording`: else a ValueError. A mismatch that no dirt
    explains has `explained_by` None.
    """
    if len(results) != len(recording.steps):
        found, wanted = len(results), len(recording.steps)
        raise ValueError(f"{found} results for {wanted} steps of {recording.name}: hand in one result a step")
    return list(_mismatches(recording, results))


def _mismatches(recording: Recording, results: Sequence[Mapping[str, Any]]) -> Iterator[Mismatch]:
    core = _Core()
    offsets: dict[str, Decimal] = {}
    statements = _by_step(recording.statements)
    positions = _by_step(recording.positions)
    profits = _by_step(recording.realised)
    for index, (step, result) in enumerate(zip(recording.steps, results, strict=True)):
        core.follow(step, result)
        kinds = recording.dirt_at.get(index, ())
        if result["outcome"] == "rejected":
            yield _refusal(index, step, str(result["code"]), kinds)
        for statement in statements.get(index, ()):
            yield from _check_order(statement, core.orders.get(statement.order_id), kinds)
        for held in positions.get(index, ()):
            yield from _check_position(held, core.positions, offsets)
        for profit in profits.get(index, ()):
            yield from _check_realised(profit, result, offsets)


def _by_step(statements: Sequence[_AnyStatement]) -> dict[int, list[_AnyStatement]]:
    grouped: dict[int, list[_AnyStatement]] = {}
    for statement in statements:
        grouped.setdefault(statement.step, []).append(statement)
    return grouped


def _refusal(index: int, step: Wire, code: str, kinds: tuple[str, ...]) -> Mismatch:
    kind = next((kind for kind in kinds if code in DIRT[kind].codes), None)
    what = str(step.get("event_type", step.get("intent_type")))
    subject = str(step["payload"].get("order_id", "-"))
    return Mismatch(index, "code", subject, what, code, None, kind)


def _check_order(statement: VenueStatement, order: Wire | None, kinds: tuple[str, ...]) -> Iterator[Mismatch]:
    if order is None:
        yield _disagreement(statement, "existence", statement.status or "live", "no such order", kinds)
        return
    if statement.cumulative is not None and Decimal(statement.cumulative) != Decimal(order["cumulative"]):
        yield _disagreement(statement, "cumulative", statement.cumulative, order["cumulative"], kinds)
    if statement.status is not None and statement.status != order["to"]:
        yield _disagreement(statement, "status", statement.status, order["to"], kinds)


def _disagreement(statement: VenueStatement, name: str, venue: str, core: str, kinds: tuple[str, ...]) -> Mismatch:
    kind = next((kind for kind in kinds if name in DIRT[kind].fields), None)
    return Mismatch(statement.step, name, statement.order_id, venue, core, statement.source_line, kind)


def _check_position(
    statement: PositionStatement, positions: Mapping[str, Decimal], offsets: dict[str, Decimal]
) -> Iterator[Mismatch]:
    """Compare changes: the first statement shows what the venue held before the recording began."""
    held = positions.get(statement.position, Decimal(0))
    offset = Decimal(statement.quantity) - held
    expected = offsets.setdefault(statement.position, offset)
    if offset != expected:
        offsets[statement.position] = offset
        core = plain_value(held + expected)
        yield Mismatch(
            statement.step, "position", statement.position, statement.quantity, core, statement.source_line, None
        )


def _check_realised(
    statement: RealisedStatement, result: Mapping[str, Any], offsets: Mapping[str, Decimal]
) -> Iterator[Mismatch]:
    core = Decimal(result["realised_delta"])
    if core == Decimal(statement.realised) or result["outcome"] != "applied":
        return
    kind = None
    if offsets.get(statement.position):
        kind = "opening_position"
    elif abs(core - Decimal(statement.realised)) <= VENUE_UNIT:
        kind = "venue_rounding"
    text = plain_value(core)
    yield Mismatch(
        statement.step, "realised", statement.position, statement.realised, text, statement.source_line, kind
    )
