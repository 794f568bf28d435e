"""Blocks and exceptions: what test front ends build on."""

from __future__ import annotations

import pytest
from tally import FORGOTTEN, case, lockstep

from cracktrader_fuzz.search.soak import draw_stream
from cracktrader_fuzz.testing.divergence import (
    DivergenceError,
    block_bytes,
    carried,
    check_block,
    divergence_class,
    explore_block,
    raise_divergence,
)

PAIR = lockstep("forgetful")


def block(index: int, steps: int) -> bytes:
    """A block of the soak's draw bytes."""
    draw = draw_stream(9, index)
    return b"".join(draw() for _ in range(steps + 1))


def error_on(*steps: tuple[str, str, str]) -> DivergenceError:
    """The exception for a case on which `forgetful` is wrong."""
    divergence = PAIR.run_case(case(*steps), exact=True).divergence
    assert divergence is not None
    with pytest.raises(DivergenceError) as error:
        raise_divergence(PAIR, case(*steps), divergence)
    return error.value


def test_block_is_a_case_of_its_length() -> None:
    """A block gives as many steps as it was made for, the same each time."""
    made = block(0, 20)
    assert len(made) == block_bytes(20)
    explored = explore_block(lockstep("right"), made)
    assert len(explored.case.steps) == 20
    assert explore_block(lockstep("right"), made).case == explored.case


def test_diverging_block_raises_its_case() -> None:
    """A block on which subjects differ raises what carries the case, cut at the divergence, and how to run it."""
    diverging = next(made for index in range(50) if not agrees(made := block(index, 60)))
    with pytest.raises(DivergenceError, match=r"right has .*, forgetful has ") as error:
        check_block(PAIR, diverging)
    assert error.value.subjects == ("right", "forgetful")
    assert error.value.lockstep.run_case(error.value.case).divergence == error.value.divergence


def agrees(made: bytes) -> bool:
    """Whether the pair agrees on a block."""
    return explore_block(PAIR, made).verdict.agrees


def test_signature_has_one_class() -> None:
    """The class of a signature is always the same object, another signature has another."""
    assert divergence_class("a") is divergence_class("a")
    assert divergence_class("a") is not divergence_class("b")
    assert issubclass(divergence_class("a"), DivergenceError)
    assert divergence_class("a").__doc__ == "a"


def test_carried_finds_divergences_wherever_they_hide() -> None:
    """In groups, causes and contexts, each signature once, and none in an exception that has none."""
    state, code = error_on(*FORGOTTEN[:5]), crash()
    try:
        try:
            raise state
        except DivergenceError:
            raise ValueError("in between")  # noqa: B904 - the context is what is tested
    except ValueError as error:
        hidden = error
    caused = RuntimeError("outer")
    caused.__cause__ = code
    group = ExceptionGroup("both", [hidden, ExceptionGroup("inner", [caused, state])])
    assert carried(group) == [state, code]
    assert carried(ValueError("nothing")) == []


def crash() -> DivergenceError:
    """Another signature."""
    pair, crashing = lockstep("crashing"), case(("take", "n1", "13"))
    divergence = pair.run_case(crashing, exact=True).divergence
    assert divergence is not None
    return divergence_class(str(divergence.signature))(pair, crashing, divergence)


def test_carried_ends_on_a_circle() -> None:
    """Exceptions that are each other's cause are looked at once."""
    one, other = ValueError("one"), error_on(*FORGOTTEN[:5])
    one.__cause__, other.__cause__ = other, one
    assert carried(one) == [other]
