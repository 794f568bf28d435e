"""The state machine: it notices what is wrong with a core's state and its sharing, and names it replayably."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import settings

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.errors import UnsteadyError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.testing.divergence import DivergenceError, carried
from cracktrader_strategies.machine import run_machine
from cracktrader_strategies.machine_orders import OrderLifecycle
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.target import CRACKTRADER

FEW = settings(settings.get_profile("pr"), max_examples=20)


class ForgetsFlag(PythonCore):
    """Restores everything but the reduce-only flag."""

    def restore(self, state: State) -> None:
        """Take the state with the flag off."""
        super().restore({**state, "risk_flags": {**state["risk_flags"], "reduce_only": False}})


class KeepsPayload(PythonCore):
    """Shows the last risk flag from the payload that it was handed."""

    def start(self, config: Config) -> None:
        """No flag was seen."""
        super().start(config)
        self.payload: Step | None = None

    def step(self, step: Step) -> Outcome:
        """Hold on to the payload."""
        outcome = super().step(step)
        if step.get("intent_type") == "set_risk_flag":
            self.payload = step["payload"]
        return outcome

    def observe(self) -> State:
        """The state, with an empty payload taken for no flag."""
        state = super().observe()
        return state if self.payload != {} else {**state, "risk_flags": {}}


class HandsOutItsState(PythonCore):
    """Hands out one and the same outcome object, and fills it anew at each step."""

    def start(self, config: Config) -> None:
        """One object for the whole run."""
        super().start(config)
        self.outcome: Outcome = {}

    def step(self, step: Step) -> Outcome:
        """Change what was handed out before."""
        fresh = super().step(step)
        self.outcome.clear()
        self.outcome.update(fresh)
        return self.outcome


class Moody(PythonCore):
    """Answers another code at its hundredth step, whoever asks."""

    steps = 0

    def step(self, step: Step) -> Outcome:
        """Count over restarts."""
        self.steps += 1
        outcome = super().step(step)
        return {**outcome, "code": "moody"} if self.steps == 100 else outcome


WRONG = {
    "forgets-flag": ForgetsFlag,
    "keeps-payload": KeepsPayload,
    "hands-out": HandsOutItsState,
    "moody": Moody,
}
TARGET = replace(CRACKTRADER, subjects={**CRACKTRADER.subjects, **WRONG})


def twice() -> Lockstep:
    """The Python core beside itself."""
    return Lockstep(CRACKTRADER, [(name, PythonCore()) for name in ("one", "other")])


def run(name: str) -> None:
    """The order machine on the Python core and a wrong one."""
    run_machine(OrderLifecycle, Lockstep(TARGET, seat_subjects(TARGET, ("python", name))), FEW, shard=0)


@pytest.mark.parametrize(
    ("name", "pair", "steps_min"),
    [
        ("forgets-flag", ("python", "python-via-forgets-flag"), 2),
        ("keeps-payload", ("keeps-payload", "meddled-keeps-payload"), 2),
        ("hands-out", ("hands-out", "meddled-hands-out"), 2),
    ],
)
def test_machine_names_what_a_plain_replay_does_not_show(name: str, pair: tuple[str, str], steps_min: int) -> None:
    """A fault of restoring or of sharing is raised as a case that shows it again, and that shrinks."""
    with pytest.raises(DivergenceError) as error:
        run(name)
    assert error.value.subjects == pair
    shrunk = Shrinker(error.value.lockstep).shrink(error.value.case)
    assert len(shrunk.case.steps) <= steps_min


def test_machine_does_not_believe_what_it_cannot_see_again() -> None:
    """A difference that no replay shows is an error about the subject, not a finding."""
    with pytest.raises(ExceptionGroup) as error:
        run("moody")
    unsteady = error.value.subgroup(UnsteadyError)
    assert unsteady is not None
    assert "python and moody differed on" in str(unsteady.exceptions[0])
    assert carried(error.value) == []


def test_machine_collects_concrete_steps() -> None:
    """A machine's case is what it sent: run again, the reference answers the same and ends in the same state."""
    cases = []

    class Kept(OrderLifecycle):
        def teardown(self) -> None:
            cases.append((self.case, deepcopy(self.state)))

    lockstep = twice()
    run_machine(Kept, lockstep, FEW, shard=1)
    longest, state = max(cases, key=lambda each: len(each[0].steps))
    assert len(longest.steps) > 20
    assert lockstep.run_case(longest, exact=True).agrees
    assert lockstep.subjects[0].observe() == state


def test_shards_have_examples_of_their_own() -> None:
    """A shard sends the same steps on every run, and another shard other ones."""

    def sent(shard: int) -> list[int]:
        lengths: list[int] = []

        class CountingLifecycle(OrderLifecycle):
            def teardown(self) -> None:
                lengths.append(len(self.case.steps))

        run_machine(CountingLifecycle, twice(), FEW, shard)
        return lengths

    assert sent(0) == sent(0) != sent(1)
