"""What a compared step costs: the soak against the two cores alone, the Hypothesis gate and the state machine."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, settings

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.testing.gate import run_gate
from cracktrader_strategies.machine import run_machine
from cracktrader_strategies.machine_orders import OrderLifecycle
from cracktrader_strategies.target import CRACKTRADER

SEED = 1  # the first one, and always the same: the table compares versions, not cases
CASES = range(60)  # six times the soak's ten lengths, so that each counts as it does in a run
GATE_STEPS = 200  # a middle length of the soak, so that the two do comparable work
PROFILE = settings(
    max_examples=40,
    stateful_step_count=50,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=[],
    derandomize=True,
)


def lockstep() -> Lockstep:
    """The plain seats."""
    return Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, CRACKTRADER.seats))


def contestants() -> dict[str, Callable[[], int]]:
    """Everything that is compared, on the same recorded steps where that is possible."""
    pair = lockstep()
    cases = [explore(pair, SEED, index).case for index in CASES]
    return {
        "soak": lambda: _soak(pair),
        "both cores alone": lambda: _cores_alone(pair, cases, ("python", "rust")),
        "python core alone": lambda: _cores_alone(pair, cases, ("python",)),
        "rust core alone": lambda: _cores_alone(pair, cases, ("rust",)),
        "hypothesis gate": lambda: _gate(pair),
        "state machine": lambda: _machine(pair),
    }


def _soak(pair: Lockstep) -> int:
    return sum(explore(pair, SEED, index).verdict.steps for index in CASES)


def _cores_alone(pair: Lockstep, cases: list[Case], names: tuple[str, ...]) -> int:
    """The recorded steps through the subjects, nothing looked at."""
    for name, subject in zip(pair.names, pair.subjects, strict=True):
        if name in names:
            for case in cases:
                subject.start(case.config)
                for step in case.steps:
                    subject.step(step)
    return sum(len(case.steps) for case in cases)


def _gate(pair: Lockstep) -> int:
    counter = StepCounter(pair)
    run_gate(counter.lockstep, GATE_STEPS, PROFILE, shard=0)
    return counter.steps


def _machine(pair: Lockstep) -> int:
    counter = StepCounter(pair)
    run_machine(OrderLifecycle, counter.lockstep, PROFILE, shard=0)
    return counter.steps


class StepCounter:
    """A lockstep that counts the steps which its reference takes."""

    def __init__(self, pair: Lockstep) -> None:
        self.steps = 0
        reference = _CountingSubject(pair.subjects[0], self)
        self.lockstep = Lockstep(pair.target, [(pair.names[0], reference), (pair.names[1], pair.subjects[1])])


class _CountingSubject:
    def __init__(self, subject: Any, counter: StepCounter) -> None:
        self._subject = subject
        self._counted = counter

    def step(self, step: dict[str, Any]) -> Any:
        self._counted.steps += 1
        return self._subject.step(step)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subject, name)
