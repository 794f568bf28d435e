"""Subjects in processes of their own: every death is an outcome, and all else is as it is without."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from demonstration import COUNTER, FAILURES, STEPS_MIN
from misfits import ANSWERS, MISFITS, STATES, TYPES

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.errors import SubjectCrashedError
from cracktrader_fuzz.lockstep.compare import same
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import seat_isolated
from cracktrader_fuzz.settings import Settings, read_settings
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker
from cracktrader_fuzz.subjects.crash import needs_isolation
from cracktrader_fuzz.subjects.isolated import IsolatedSubject
from cracktrader_fuzz.subjects.limits import Limits

LIMITS = Limits(step_seconds=0.3, step_memory_mib=128)
Seated = Callable[..., list[IsolatedSubject]]


def settings() -> Settings:
    """The settings, with this folder to import from."""
    found = read_settings()
    return msgspec.structs.replace(found, pythonpath=[*found.pythonpath, Path(__file__).parent])


@pytest.fixture
def seated() -> Iterator[Seated]:
    """Isolated subjects of a target of this folder, by name; their processes end with the test."""
    made: list[IsolatedSubject] = []

    def seat(target: str, *names: str) -> list[IsolatedSubject]:
        subjects: list[Any] = [subject for _, subject in seat_isolated(settings(), target, names, LIMITS)]
        made.extend(subjects)
        return subjects

    yield seat
    for subject in made:
        subject.close()


def steps(*kinds: str) -> list[Step]:
    """Steps of these kinds."""
    return [{"place": place, "kind": kind, "amount": "17.5"} for place, kind in enumerate(kinds, 1)]


def counter(seated: Seated, name: str) -> Lockstep:
    """The plain counter and another one, isolated."""
    plain, other = seated("demonstration:COUNTER", "plain", name)
    return Lockstep(COUNTER, [("plain", plain), (name, other)])


def misfits(seated: Seated, name: str) -> Lockstep:
    """The plain counter and a misfit, isolated."""
    plain, other = seated("misfits:MISFITS", "plain", name)
    return Lockstep(MISFITS, [("plain", plain), (name, other)])


@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_shrunk_and_certified(seated: Seated, name: str) -> None:
    """Each failure is a divergence with its code, shrinks to its known size, and its certificate holds."""
    lockstep = counter(seated, name)
    case = Case("counter", {}, steps("add", "hang" if name == "panic" else "panic", *["add"] * 4, name, "add"))
    shrunk = Shrinker(lockstep).shrink(case)
    assert shrunk.divergence.signature.difference == f"not_added~{FAILURES[name][1]}"
    assert [step["kind"] for step in shrunk.case.steps] == ["add", "add", "add", name]
    assert len(shrunk.case.steps) == STEPS_MIN
    assert shrunk.certificate is not None
    assert verify(lockstep, shrunk.case, shrunk.certificate) == []


@pytest.mark.parametrize("name", [*ANSWERS, *STATES, "blind", "undigested", "decimal"])
def test_garbage_is_charged(seated: Seated, name: str) -> None:
    """What is garbage in the harness's own process has the same code in a child; so has a type that cannot travel."""
    divergence = misfits(seated, name).run_case(Case("misfits", {}, steps("add"))).divergence
    wanted = {"blind": "crashed:LookupError", "undigested": "crashed:LookupError", "decimal": "garbage:Decimal"}
    assert divergence is not None
    assert divergence.signature.difference == f"ok~{wanted.get(name) or (ANSWERS | STATES)[name][1]}"


@pytest.mark.parametrize(
    ("name", "code"),
    [("refusing", "crashed:ValueError"), ("stillborn", "died:SIGABRT"), ("leaving", "died:exit-3")],
)
def test_other_ends(seated: Seated, name: str, code: str) -> None:
    """A subject that does not start has the code of its exception; one that ends its process that of its end."""
    divergence = misfits(seated, name).run_case(Case("misfits", {}, steps("add")), exact=True).divergence
    assert divergence is not None
    assert divergence.signature.difference == f"ok~{code}"


def test_only_a_start_begins_anew(seated: Seated) -> None:
    """After a death every call says the same, until the next case starts; then nothing of the old one is left."""
    (_, subject) = seated("demonstration:COUNTER", "plain", "abort")
    subject.start({})
    for step in steps("add", "add", "add"):
        subject.step(step)
    for _ in range(2):
        for call in (lambda: subject.step(steps("abort")[0]), subject.observe, subject.digest):
            with pytest.raises(SubjectCrashedError, match="died:SIGABRT"):
                call()
    subject.start({})
    assert subject.observe() == {"count": 0}


def test_child_killed_from_outside(seated: Seated) -> None:
    """A child that somebody kills is charged with the signal, and another one is there for the next case."""
    (_, subject) = seated("demonstration:COUNTER", "plain", "abort")
    subject.start({})
    assert subject._child is not None
    os.kill(subject._child.pid or 0, signal.SIGKILL)
    with pytest.raises(SubjectCrashedError, match="died:SIGKILL"):
        subject.observe()
    subject.start({})
    assert subject.step(steps("add")[0])["count"] == 1


def test_types_survive_the_pipe(seated: Seated) -> None:
    """What a subject shows has the same types and values on this side."""
    (_, subject) = seated("misfits:MISFITS", "plain", "typed")
    subject.start({})
    assert same(subject.observe(), TYPES)


def test_changed_input_is_seen(seated: Seated) -> None:
    """What a subject writes into its input in the child is written into it here, and is a divergence."""
    divergence = misfits(seated, "marking").run_case(Case("misfits", {}, steps("add")), exact=True).divergence
    assert divergence is not None
    assert str(divergence.signature) == "misfits/add/-/input/changed/plain~marking"


def test_identity_is_the_subjects_own(seated: Seated) -> None:
    """The build that is told is that of the subject in the child."""
    (plain, _) = seated("demonstration:COUNTER", "plain", "abort")
    assert plain.identity().subject == "counter"


@pytest.mark.parametrize(
    ("difference", "needed"),
    [
        ("ok~died:SIGABRT", True),
        ("timeout~ok", True),
        ("ok~garbage:list", True),
        ("ok~crashed:MemoryError", True),
        ("ok~crashed:KeyError", False),
        ("overfill~ok", False),
        ("session_timeout~ok", False),
    ],
)
def test_signature_says_whether_it_needs_isolation(difference: str, needed: bool) -> None:
    """A stored case runs isolated if its difference names an end of the process, or its memory; nothing else counts."""
    assert needs_isolation(f"counter/add/-/outcome.code/{difference}/plain~timeout") is needed


def test_no_signature_needs_no_isolation() -> None:
    """A fixture that was written by hand has no signature."""
    assert not needs_isolation(None)
