"""Backends: what every core, sequencer, checker and normaliser can do, whatever it is written in.

Promises: `CoreProtocol` holds exactly the methods of docs/engine.md, section 8, the other protocols those of
docs/runtime.md, sections 2 to 4, and callers need nothing else. Does not choose or build one: `rust_bridge` does.
Costs nothing.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, get_args, runtime_checkable

from cracktrader.engine.events import EngineEvent, EventWire, UnsequencedWire
from cracktrader.engine.intents import EngineIntent, IntentWire
from cracktrader.engine.results import ResultWire
from cracktrader.engine.snapshot import SnapshotWire
from cracktrader.engine.violations import ViolationWire

Backend = Literal["python", "rust"]
BACKENDS: tuple[Backend, ...] = get_args(Backend)

AnyEvent = EngineEvent | EventWire | dict[str, Any]
AnyIntent = EngineIntent | IntentWire | dict[str, Any]


@runtime_checkable
class CoreProtocol(Protocol):
    """A deterministic core. What has the wrong shape raises MalformedInputError in every method."""

    def apply_event(self, event: AnyEvent) -> ResultWire:
        """Apply one event."""

    def process_intent(self, intent: AnyIntent) -> ResultWire:
        """Process one intent."""

    def apply_batch(self, steps: list[AnyEvent | AnyIntent]) -> list[ResultWire]:
        """Apply events and intents in any mix, all or none being well-formed."""

    def get_cash(self) -> float:
        """Cash in whole units."""

    def get_positions(self) -> dict[str, float]:
        """Quantity in whole units by `"venue:instrument"`."""

    def snapshot(self) -> SnapshotWire:
        """The whole state."""

    def restore(self, snapshot: SnapshotWire | dict[str, Any]) -> None:
        """Replace the whole state."""

    def state_digest(self) -> str:
        """SHA-256 over the canonical JSON of the snapshot."""

    def reset(self) -> None:
        """Go back to the state as constructed."""


@runtime_checkable
class EventNormalizerProtocol(Protocol):
    """Raw venue data to unsequenced events. A bad argument or field raises MalformedInputError in every method."""

    def order(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire | None:
        """A broker report that is no fill, or None where fills tell it all."""

    def fill(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire:
        """An execution of one's own."""

    def timer(self, venue: str, raw: dict[str, Any], ingest_time: int | None = None) -> UnsequencedWire:
        """A timer that went off."""

    def market_data(
        self, venue: str, symbol: str, raw: list[Any] | dict[str, Any], ingest_time: int | None = None, bar_ms: int = 0
    ) -> UnsequencedWire:
        """A candle (a list), a ticker or a trade."""


@runtime_checkable
class SequencerProtocol(Protocol):
    """Unsequenced events into one order. `until` is a time in nanoseconds; None is no limit."""

    def push(self, event: UnsequencedWire | dict[str, Any], producer: int = 0) -> int:
        """Take an event in; its arrival number."""

    def peek(self, until: int | None = None) -> EventWire | None:
        """The next event, which stays."""

    def drain(self, until: int | None = None, limit: int | None = None) -> list[EventWire]:
        """The next events, which leave."""

    def waiting(self) -> int:
        """How many events wait."""

    def snapshot(self) -> dict[str, Any]:
        """The whole state."""

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Replace the whole state."""

    def reset(self) -> None:
        """Go back to the state as constructed."""


@runtime_checkable
class InvariantCheckerProtocol(Protocol):
    """Books of its own, against which each answer of a core is held."""

    def observe(
        self, step: AnyEvent | AnyIntent, result: ResultWire | dict[str, Any], digest: str | None = None
    ) -> list[ViolationWire]:
        """The violations of one input and its answer."""

    def verify(self, snapshot: SnapshotWire | dict[str, Any]) -> list[ViolationWire]:
        """The differences between a core's state and the books."""

    def violations(self) -> list[ViolationWire]:
        """The first that were collected, at most 256."""

    def violation_count(self) -> int:
        """How many there were."""

    def snapshot(self) -> dict[str, Any]:
        """The whole state."""

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Replace the whole state."""

    def reset(self) -> None:
        """Go back to the state as constructed."""
