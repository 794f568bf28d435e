"""Which subjects a test without the harness can hold: the two cores, and the plants of the Rust test build."""

from cracktrader_fuzz.errors import EmitError
from cracktrader_strategies.subjects.canaries import RUST_CANARIES

PYTHON = "python"
RUST = "rust"
_PLANTED = frozenset(("rust-needle", *(canary.name for canary in RUST_CANARIES)))


def plant_of(name: str) -> str | None:
    """The plant of a Rust canary, None for any other subject."""
    return name.removeprefix("rust-") if name in _PLANTED else None


def require_core(name: str) -> None:
    """Raise EmitError for a subject that lives in the harness only."""
    if name not in (PYTHON, RUST) and plant_of(name) is None:
        raise EmitError(
            f"{name} lives in the harness, so a test without the harness cannot hold it: "
            "keep the case with `promote`, or name other --subjects (python, rust, or a rust-... canary)"
        )
