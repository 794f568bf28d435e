"""What test front ends share: a block of bytes is a case, and a divergence is an exception that carries its case.

The exception carries the case and the lockstep, which is all that shrinking and keeping need; `carried` finds it in
what a test raised. Two signatures are two exception classes, so that Hypothesis reports two bugs of one run as two.
Does not import Hypothesis.
"""

from collections.abc import Iterator
from functools import cache
from types import new_class
from typing import NoReturn, cast

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Exploration, Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.target.protocol import DRAW_BYTES
from cracktrader_fuzz.text import brief, printable


class DivergenceError(AssertionError):
    """Subjects differ on a case, which ends with the step that shows it."""

    def __init__(self, lockstep: Lockstep, case: Case, divergence: Divergence) -> None:
        difference, (reference, other) = divergence.difference, divergence.subjects
        super().__init__(
            f"{printable(str(divergence.signature))}: after {divergence.place} "
            f"{reference} has {brief(difference.left)}, {other} has {brief(difference.right)}"
        )
        self.lockstep = lockstep
        self.case = case
        self.divergence = divergence
        self.subjects = divergence.subjects


@cache
def divergence_class(signature: str) -> type[DivergenceError]:
    """The exception class of a signature."""
    # Hypothesis tells failures apart by class and line. One object a signature, or it would take one bug for many.
    body = {"__doc__": signature, "__module__": __name__}
    made = new_class("DivergenceError", (DivergenceError,), exec_body=lambda space: space.update(body))
    return cast("type[DivergenceError]", made)


def raise_divergence(lockstep: Lockstep, case: Case, divergence: Divergence) -> NoReturn:
    """The one line from which every divergence is raised."""
    __tracebackhide__ = True  # pytest then shows the line of the user's test
    raise divergence_class(str(divergence.signature))(lockstep, case, divergence)


def block_bytes(steps: int) -> int:
    """The length of a block that stands for a case of so many steps: draw bytes for its shape, and for each step."""
    return DRAW_BYTES * (1 + steps)


def explore_block(lockstep: Lockstep, block: bytes) -> Exploration:
    """The case that a block stands for, generated and compared."""
    draws = (block[place : place + DRAW_BYTES] for place in range(0, len(block), DRAW_BYTES))
    return lockstep.explore(lockstep.target.decoder(), draws.__next__, len(block) // DRAW_BYTES - 1)


def check_block(lockstep: Lockstep, block: bytes) -> Exploration:
    """`explore_block`, with a divergence raised as its signature's class."""
    __tracebackhide__ = True
    explored = explore_block(lockstep, block)
    if explored.verdict.divergence is not None:
        raise_divergence(lockstep, explored.case, explored.verdict.divergence)
    return explored


def carried(error: BaseException) -> list[DivergenceError]:
    """The divergences in an exception, its group's members, its cause and its context; one for a signature."""
    found: dict[str, DivergenceError] = {}
    for each in _reachable(error, set()):
        if isinstance(each, DivergenceError):
            found.setdefault(str(each.divergence.signature), each)
    return list(found.values())


def _reachable(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    members = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for inner in (*members, error.__cause__, error.__context__):
        if inner is not None:
            yield from _reachable(inner, seen)
