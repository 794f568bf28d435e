"""Which subjects a test without the harness can hold: the two cores, and the plants of the Rust test build."""

from cracktrader_fuzz.subjects.protocol import EmitError

PYTHON = "python"
RUST = "rust"
_PLANT_PREFIX = "rust-"
_NOT_PLANTS = ("rust-via-python",)


def plant_of(name: str) -> str | None:
    """The plant of a Rust canary, None for any other subject."""
    if name.startswith(_PLANT_PREFIX) and name not in _NOT_PLANTS:
        return name.removeprefix(_PLANT_PREFIX)
    return None


def require_core(name: str) -> None:
    """Raise EmitError for a subject that lives in the harness only."""
    if name not in (PYTHON, RUST) and plant_of(name) is None:
        raise EmitError(
            f"{name} lives in the harness, so a test without the harness cannot hold it: "
            "keep the case with `promote`, or name other --subjects (python, rust, or a rust-... canary)"
        )
