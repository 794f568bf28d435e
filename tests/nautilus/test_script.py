"""The emitter writes scripts for the two sides only, and no text of a case becomes code."""

import ast
from typing import Any

import pytest
from nautilus_steps import Step, event, order

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.target.target import Emission
from nautilus_strategies.script import script

OK = {"outcome": "applied", "code": "ok", "status": "INITIALIZED"}


def emission(steps: list[Step], names: tuple[str, str] = ("cython", "rust"), signature: str = "") -> Emission:
    """A case whose steps were all taken."""
    answers: dict[str, Any] = {name: ([dict(OK) for _ in steps], {}) for name in names}
    return Emission(Case("nautilus", {"fields": "all"}, steps), signature, answers)


def test_names_stay_text() -> None:
    """A name that holds quotes and calls stands in the script as a string."""
    odd = "o1')or(exit()"
    tree = ast.parse(script(emission([order(order_id=odd)])))
    assert odd in {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert "exit" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    "bad",
    [
        emission([order()], ("cython", "canary-cancel-still-pending")),
        emission([order(side="buy)")]),
        emission([order(order_type="x")]),
        emission([event("order_accepted")]),
        emission([order()], signature='"""'),
    ],
)
def test_what_cannot_be_written_is_refused(bad: Emission) -> None:
    """Other subjects, values that are no members, orders that are not there."""
    with pytest.raises(EmitError):
        script(bad)
