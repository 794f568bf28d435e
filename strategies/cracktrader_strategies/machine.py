"""A Hypothesis state machine that drives two subjects by the same concrete steps and compares after each.

`LockstepMachine` has what every machine needs: `take` a step, swap the states, clear the shared objects; the
rules are in `machine_orders`. A machine only sees that something differs: the case that it has collected is then run
again exactly, from a fresh start, and the kernel names the divergence. Cost: about 1 ms a step, nearly all of it
Hypothesis; use the gate for volume.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import ClassVar, NoReturn

from hypothesis import seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from cracktrader_fuzz.case.model import Case, Outcome, Step
from cracktrader_fuzz.errors import AliasError, UnsteadyError
from cracktrader_fuzz.lockstep.compare import canonical_bytes, same
from cracktrader_fuzz.lockstep.run import Lockstep, answer
from cracktrader_fuzz.subjects.aliasing import AliasDetector, SharedObjects
from cracktrader_fuzz.subjects.hot_swap import RelaySubject, RestorableSubject
from cracktrader_fuzz.testing.divergence import raise_divergence

INITIAL_CASH = "10000"


class LockstepMachine(RuleBasedStateMachine):
    """Collects a case while it runs it; `run_machine` gives it its lockstep."""

    lockstep: ClassVar[Lockstep]

    def __init__(self) -> None:
        super().__init__()
        self.case = Case(self.lockstep.target.name, {"initial_cash": INITIAL_CASH}, [])
        self.subjects: list[RestorableSubject] = list(self.lockstep.subjects)  # type: ignore[arg-type]
        for subject in self.subjects:
            subject.start(self.case.config)
        self.state = self.subjects[0].observe()
        self._shared = SharedObjects()

    def take(self, step: Step) -> Outcome:
        """Give the step to both subjects and compare their outcomes and states; returns the reference's outcome."""
        self.case.steps.append(step)
        given = [deepcopy(step) for _ in self.subjects]
        outcomes = [answer(subject, copy) for subject, copy in zip(self.subjects, given, strict=True)]
        untouched = all(canonical_bytes(copy) == canonical_bytes(step) for copy in given)
        if not untouched or outcomes[0]["outcome"] == "crashed" or not _all_same(outcomes):
            self._name_divergence()
        outcome = deepcopy(outcomes[0])
        self._shared.add(*given, *outcomes)
        self._compare_states()
        return outcome

    def swap_states(self) -> None:
        """Each subject begins anew and goes on from the other's snapshot; nothing may change."""
        states = [subject.observe() for subject in self.subjects]
        for subject, state in zip(self.subjects, states[::-1], strict=True):
            subject.start(self.case.config)
            try:
                subject.restore(state)
            except ValueError:
                self._name_divergence()
        self._compare_states(before=self.state)

    def clear_shared_objects(self) -> None:
        """Clear every object passed in or returned since the last time; no subject's state may change."""
        try:
            self._shared.clear()
        except AliasError:
            self._name_divergence()
        self._compare_states(before=self.state)

    def _compare_states(self, before: object = None) -> None:
        states = [subject.observe() for subject in self.subjects]
        digests = [subject.digest() for subject in self.subjects]
        if not _all_same(states) or not _all_same(digests) or (before and not same(before, states[0])):
            self._name_divergence()
        self.state = deepcopy(states[0])
        self._shared.add(*states)

    def _name_divergence(self) -> NoReturn:
        """Run the case again and raise the divergence that the kernel finds. UnsteadyError when it finds none."""
        for lockstep in self._seatings():
            verdict = lockstep.run_case(self.case, exact=True)
            if verdict.divergence is not None:
                case = self.case.with_steps(self.case.steps[: verdict.divergence.index + 1])
                raise_divergence(lockstep, case, verdict.divergence)
        raise UnsteadyError(
            f"{' and '.join(self.lockstep.names)} differed on {len(self.case.steps)} steps and agreed when they were "
            "run again, relayed and meddled with too: one of them is not deterministic"
        )

    def _seatings(self) -> Iterator[Lockstep]:
        """Where the difference can show again: the same seats, then each core beside itself, relayed or watched."""
        yield self.lockstep
        target, names = self.lockstep.target, self.lockstep.names

        def fresh(name: str) -> RestorableSubject:
            return target.subjects[name]()  # type: ignore[return-value]

        for name, relay in (names, names[::-1]):
            relayed = f"{name}-via-{relay}", RelaySubject(fresh(name), fresh(relay))
            yield Lockstep(target, [(name, fresh(name)), relayed])
            yield Lockstep(target, [(name, fresh(name)), (f"meddled-{name}", AliasDetector(fresh(name)))])


def run_machine(
    machine: type[LockstepMachine], lockstep: Lockstep, profile: settings, shard: int | None = None
) -> None:
    """Run a machine on these subjects. Raises DivergenceError.

    A shard has examples of its own, the same each time; None leaves it to the settings.
    """
    bound = type(machine.__name__, (machine,), {"lockstep": lockstep})
    run_state_machine_as_test(bound if shard is None else seed(shard)(bound), settings=profile)


def _all_same(values: Sequence[object]) -> bool:
    return all(same(values[0], value) for value in values[1:])
