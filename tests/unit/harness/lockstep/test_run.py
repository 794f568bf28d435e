"""Runs: what differs is named at its first step, and whatever a subject does, the run goes on to say so."""

from __future__ import annotations

from collections import Counter
from itertools import repeat

import pytest
from tally import FORGOTTEN, case, lockstep

from cracktrader_fuzz.errors import UnsteadyError
from cracktrader_fuzz.lockstep.run import Cells, answer
from cracktrader_fuzz.search.soak import draw_stream, explore
from cracktrader_fuzz.text import brief

LONG = case(*repeat(("add", "n1", "1"), 600), ("add", "n1", "7"), *repeat(("add", "n1", "1"), 600))


def signature(name: str, *steps: tuple[str, str, str], exact: bool = True) -> tuple[int, str]:
    """Where a subject diverges from the right one, and how."""
    divergence = lockstep(name).run_case(case(*steps), exact=exact).divergence
    assert divergence is not None
    return divergence.index, str(divergence.signature)


def test_agreement_counts_steps_and_applied() -> None:
    """Subjects that agree give a verdict with how many steps were run and how many were applied."""
    verdict = lockstep("right").run_case(case(*FORGOTTEN))
    assert (verdict.agrees, verdict.steps, verdict.applied) == (True, 7, 6)


@pytest.mark.parametrize("exact", [False, True])
def test_state_difference_is_named_at_its_step(exact: bool) -> None:
    """A wrong state is named after the step that made it, fast or exact."""
    found = signature("forgetful", *FORGOTTEN, exact=exact)
    assert found == (4, "tally/add/known/state.totals.*/value:amount/right~forgetful")


def test_difference_in_a_late_block_is_named_at_its_step() -> None:
    """A difference that a block of a long case shows is named by the step, not by the block."""
    divergence = lockstep("forgetful").run_case(LONG).divergence
    assert divergence is not None
    assert divergence.index == 600


@pytest.mark.parametrize(
    ("name", "steps", "found"),
    [
        ("crashing", (("take", "n1", "13"),), "tally/take/new/outcome.code/short~crashed:SystemExit/right~crashing"),
        ("marking", (("add", "n1", "1"),), "tally/add/new/input/changed/right~marking"),
        (
            "wrong-digest",
            (("add", "n1", "1"), ("add", "n2", "1")),
            "tally/add/new/digest/value/right~wrong-digest",
        ),
    ],
)
def test_other_differences(name: str, steps: tuple[tuple[str, str, str], ...], found: str) -> None:
    """A crash, a changed input and a wrong digest are divergences like any other."""
    assert signature(name, *steps) == (len(steps) - 1, found)


def test_third_subject_is_compared_with_the_reference() -> None:
    """With three seats the pair in the signature names the one that differs."""
    divergence = lockstep("right", "forgetful").run_case(case(*FORGOTTEN), exact=True).divergence
    assert divergence is not None
    assert divergence.subjects == ("right", "forgetful")


def test_subject_that_differs_only_once_is_unsteady() -> None:
    """A difference that does not come again is an error of its own, not a finding."""
    with pytest.raises(UnsteadyError, match="right and unsteady differed on 2 steps and agreed"):
        lockstep("unsteady").run_case(case(("add", "n1", "1"), ("add", "n1", "1")))


def test_one_subject_cannot_be_compared() -> None:
    """A lockstep of one is refused."""
    with pytest.raises(ValueError, match="1 subject is too few"):
        lockstep()


def test_interrupt_is_not_an_outcome() -> None:
    """Ctrl-C in a subject ends the run."""

    class Interrupted:
        def step(self, step: object) -> object:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(Interrupted(), {})  # type: ignore[arg-type]


def test_explored_case_replays_to_the_same_divergence() -> None:
    """What exploring finds is a case that ends at its divergence and shows it again."""
    pair = lockstep("forgetful")
    explored = next(found for index in range(50) if not (found := explore(pair, 3, index)).verdict.agrees)
    again = pair.run_case(explored.case, exact=True)
    assert explored.verdict.divergence is not None
    assert again.divergence == explored.verdict.divergence
    assert explored.verdict.divergence.index == len(explored.case.steps) - 1


def test_soak_cases_depend_on_seed_and_index_alone() -> None:
    """The same two integers give the same case in any order and on another lockstep; others give another."""
    one, other = lockstep("right"), lockstep("right", "right")
    first = [explore(one, 5, index).case for index in (0, 1, 2)]
    again = [explore(other, 5, index).case for index in (2, 1, 0)][::-1]
    assert first == again
    assert explore(one, 6, 0).case != first[0]
    assert draw_stream(5, 0)() != draw_stream(5, 1)()


def test_cells_count_every_step() -> None:
    """A replay counts each step once, under its kind, its context and its code."""
    cells: Cells = Counter()
    lockstep("right").run_case(case(*FORGOTTEN), cells=cells)
    assert cells == {
        (("add", "new"), "ok"): 2,
        (("add", "known"), "ok"): 3,
        (("take", "known"), "short"): 1,
        (("take", "known"), "ok"): 1,
    }


def test_brief_is_short_and_plain() -> None:
    """A value for a person is one short line of ASCII, whatever is in it."""
    assert brief("\x1b[31m\n") == "'\\x1b[31m\\n'"
    assert len(brief("x" * 500)) == 60
