"""Relayed, swapped, rerun and watched for aliasing: a sound core answers as if alone, a faulty one is shown."""

from __future__ import annotations

import pytest

from cracktrader_fuzz.case.model import Step
from cracktrader_fuzz.errors import AliasError, RerunError
from cracktrader_fuzz.subjects.aliasing import AliasDetector, SharedObjects
from cracktrader_fuzz.subjects.hot_swap import STRIDE, RelaySubject, SwapSubject
from cracktrader_fuzz.subjects.rerun import RerunSubject
from cracktrader_strategies.subjects.cores import PythonCore


def timer(seq_id: int) -> Step:
    """A timer."""
    return {
        "seq_id": seq_id, "event_time": seq_id, "ingest_time": seq_id, "source": "timer", "venue": "-",
        "instrument": "-", "event_type": "timer", "payload": {"name": "t"}, "idempotency_key": f"k{seq_id}",
    }  # fmt: skip


class Counting(PythonCore):
    """Counts how often it is restored."""

    restored = 0

    def restore(self, state: dict[str, object]) -> None:
        """Count."""
        self.restored += 1
        super().restore(state)


class Leaking(PythonCore):
    """Keeps the last sequence number when it begins afresh, in what it answers to timers."""

    last = 0

    def step(self, step: Step) -> dict[str, object]:
        """Say what came before."""
        before, self.last = self.last, step["seq_id"]
        return {**super().step(step), "before": before}


@pytest.mark.parametrize(
    "wrapped",
    [
        RelaySubject(PythonCore(), PythonCore()),
        SwapSubject(PythonCore(), PythonCore()),
        RerunSubject(PythonCore()),
        AliasDetector(PythonCore()),
    ],
    ids=lambda wrapped: type(wrapped).__name__,
)
def test_sound_core_answers_as_if_alone(wrapped: RelaySubject | SwapSubject | RerunSubject | AliasDetector) -> None:
    """Outcomes, state, digest and build are those of the plain core, also when it starts again."""
    plain = PythonCore()
    for _ in range(2):
        plain.start({"initial_cash": "5"})
        wrapped.start({"initial_cash": "5"})
        for seq_id in (1, 2, 2, 3):
            assert wrapped.step(timer(seq_id)) == plain.step(timer(seq_id))
            assert wrapped.observe() == plain.observe()
        assert wrapped.digest() == plain.digest()
    assert wrapped.identity() == plain.identity()


def test_relay_is_dense_at_first_and_sparse_later() -> None:
    """Each of the first steps goes through the other core, later ones only now and then."""
    subject = Counting()
    relayed = RelaySubject(subject, PythonCore())
    relayed.start({})
    for seq_id in range(3 * STRIDE):
        relayed.step(timer(seq_id))
    assert subject.restored == STRIDE + 2


def test_swap_takes_turns_and_both_take_over() -> None:
    """Every other step is answered by the other core, and after each step both have restored a state."""
    first, second = Counting(), Counting()
    swapped = SwapSubject(first, second)
    swapped.start({})
    for seq_id in (1, 2, 3):
        swapped.step(timer(seq_id))
    assert (first.restored, second.restored) == (3, 3)
    assert first.observe() == second.observe() == swapped.observe()


def test_other_outcomes_in_a_rerun_are_an_error() -> None:
    """A core that keeps something when it begins afresh answers a replay otherwise, which is a RerunError."""
    replayed = RerunSubject(Leaking())
    replayed.start({})
    replayed.step(timer(1))
    with pytest.raises(RerunError):
        replayed.step(timer(2))


def test_shared_objects_are_cleared_at_every_level() -> None:
    """What was added is empty afterwards, at every level, and is not kept."""
    inner = [1, {"a": 2}]
    outer = {"b": inner, "c": "text"}
    shared_objects = SharedObjects()
    shared_objects.add(outer)
    shared_objects.clear()
    assert (outer, inner) == ({}, [])
    outer["d"] = 1
    shared_objects.clear()
    assert outer == {"d": 1}


def test_object_that_changed_meanwhile_is_an_error() -> None:
    """Something that was handed out and then changed is an AliasError."""
    shared = {"a": [1]}
    shared_objects = SharedObjects()
    shared_objects.add(shared)
    shared["a"].append(2)
    with pytest.raises(AliasError):
        shared_objects.clear()
