# The deterministic core in Rust, as docs/engine.md says it. A build with the feature `canary` also has
# `CANARIES: tuple[str, ...]` and `plant(name: str | None) -> None`; see rust/README.md.

from typing import Any, Self, TypeAlias, TypedDict, final

from cracktrader.engine.events import EngineEvent
from cracktrader.engine.intents import EngineIntent

__all__ = ["RustDeterministicCore", "build_info"]

_Step: TypeAlias = EngineEvent | EngineIntent | dict[str, Any]

class _BuildInfo(TypedDict):
    version: str
    profile: str
    rustc: str
    features: list[str]
    overflow_checks: bool
    codes: list[str]
    statuses: list[str]
    event_types: list[str]
    intent_types: list[str]

def build_info() -> _BuildInfo: ...

@final
class RustDeterministicCore:
    def __new__(cls, initial_cash: float | str = 0) -> Self: ...
    def apply_event(self, event: EngineEvent | dict[str, Any]) -> dict[str, Any]: ...
    def process_intent(self, intent: EngineIntent | dict[str, Any]) -> dict[str, Any]: ...
    def apply_batch(self, steps: list[_Step]) -> list[dict[str, Any]]: ...
    def get_cash(self) -> float: ...
    def get_positions(self) -> dict[str, float]: ...
    def snapshot(self) -> dict[str, Any]: ...
    def restore(self, snapshot: dict[str, Any]) -> None: ...
    def state_digest(self) -> str: ...
    def reset(self) -> None: ...
