"""Backends: what every core can do, whatever it is written in.

Promises: `CoreProtocol` holds exactly the methods of docs/engine.md, section 8, and callers need nothing
else. Does not choose or build a core: `rust_bridge` does. Costs nothing.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, runtime_checkable

from cracktrader.engine.events import EngineEvent, EventWire
from cracktrader.engine.intents import EngineIntent, IntentWire
from cracktrader.engine.results import ResultWire
from cracktrader.engine.snapshot import SnapshotWire

Backend = Literal["python", "rust"]
BACKENDS: tuple[Backend, ...] = ("python", "rust")

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
