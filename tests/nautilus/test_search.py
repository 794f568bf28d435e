"""The target's own search: repeatable, well formed, and proved by its canary."""

import contextlib

import pytest
from nautilus_steps import Step, event, order, position_fill

from cracktrader_fuzz.campaign.canary import catch
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.errors import SubjectCrashedError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import draw_stream
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.settings import read_settings
from cracktrader_fuzz.subjects.isolated import IsolatedSubject
from cracktrader_fuzz.target.protocol import Subject
from nautilus_strategies.canary import CANARY
from nautilus_strategies.grammar import step_kind
from nautilus_strategies.target import NAUTILUS
from nautilus_strategies.wire import is_well_formed


def generated(side: Subject, index: int, count: int) -> list[Step]:
    """The first steps of a case, as far as the side goes on."""
    supply, decoder = draw_stream(5, index), NAUTILUS.decoder()
    side.start(decoder.begin(supply()))
    steps: list[Step] = []
    with contextlib.suppress(SubjectCrashedError):
        while len(steps) < count:
            steps.append(decoder.decode(supply()))
            assert decoder.label[0] == step_kind(steps[-1])
            outcome = side.step(steps[-1])
            if outcome["outcome"] == "applied":
                decoder.observe(steps[-1], outcome)
    return steps


def test_generated_steps_are_well_formed_and_repeatable() -> None:
    """Each case is the same when it is made again, and each kind of step occurs."""
    (_, side), _ = seat_subjects(NAUTILUS, NAUTILUS.seats)
    kinds = set()
    for index in range(100):
        steps = generated(side, index, 40)
        assert all(map(is_well_formed, steps))
        assert steps == generated(side, index, 40)
        kinds |= {step_kind(step) for step in steps}
    assert kinds == set(NAUTILUS.generation.kinds)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_canary_is_caught_at_its_known_size(seed: int) -> None:
    """A cancel that stays pending is found among all that differs; a crash of Cython itself is not taken for it."""
    assert catch(NAUTILUS, CANARY, seed).problem == ""


def test_an_abort_of_a_side_is_an_outcome_and_the_next_case_goes_on() -> None:
    """The target's subjects always stand in processes of their own."""
    lockstep = Lockstep(NAUTILUS, seat_subjects(NAUTILUS, NAUTILUS.seats))
    assert all(isinstance(subject, IsolatedSubject) for subject in lockstep.subjects)
    aborts = Case("nautilus", {"fields": "all"}, [position_fill(), position_fill()])
    found = lockstep.run_case(aborts, exact=True).divergence
    assert found is not None
    assert str(found.signature) == "nautilus/position_filled/LONG/outcome.code/refused~died:SIGABRT/cython~rust"
    agrees = Case("nautilus", {"fields": "all"}, [order(), event("order_submitted")])
    assert lockstep.run_case(agrees, exact=True).divergence is None


def test_the_target_keeps_a_corpus_of_its_own() -> None:
    """Its fixtures, ledger and findings stand apart, unless another corpus is named for all."""
    settings = read_settings()
    own = settings.of_target("nautilus").corpus
    assert own == settings.root / "corpus" / "nautilus"
    assert settings.of_target("cracktrader").corpus == settings.of_target(None).corpus == settings.root / "corpus"
    assert settings.with_corpus(own.parent).of_target("nautilus").corpus == own.parent
