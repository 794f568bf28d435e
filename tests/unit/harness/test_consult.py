"""Who is alone: what oracles say of two subjects that differ, told in the kernel's own words."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from tally import TALLY, Tally, case

from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.cli.support.options import with_oracle
from cracktrader_fuzz.corpus.record import consult
from cracktrader_fuzz.errors import SettingsError, SubjectMissingError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_fuzz.subjects.oracle import is_opinion, opinions
from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Oracle, Target

FORGOTTEN = case(("add", "n1", "1"), ("add", "n1", "7"), ("take", "n1", "8"))


class Opinion:
    """Goes along with a subject, mute."""

    def __init__(self, base: Subject) -> None:
        self.base = base
        self.observe, self.digest, self.identity = base.observe, base.digest, base.identity

    def start(self, config: Config) -> None:
        """Begin afresh."""
        self.base.start(config)

    def step(self, step: Step) -> Outcome:
        """What the subject says."""
        return self.base.step(step)


class Knowing(Opinion):
    """Counts for itself."""

    def __init__(self, base: Subject) -> None:
        super().__init__(base)
        self.own = Tally()
        self.observe = self.own.observe

    def start(self, config: Config) -> None:
        """Begin afresh."""
        super().start(config)
        self.own.start(config)

    def step(self, step: Step) -> Outcome:
        """Its own answer."""
        super().step(step)
        return self.own.step(step)


class Contrary(Opinion):
    """Agrees with nobody."""

    def step(self, step: Step) -> Outcome:
        """Something else."""
        return {**super().step(step), "code": "never"}


def missing(_: Subject) -> Subject:
    """An oracle that is not installed."""
    raise SubjectMissingError("install it")


def asked(**oracles: type[Opinion]) -> tuple[Target, Divergence]:
    """The target with these oracles, and a divergence: the second subject has forgotten something."""
    known = {name: Oracle(make, ()) for name, make in oracles.items()}
    target = replace(TALLY, oracles=known, subjects={**TALLY.subjects, **opinions(known, TALLY.subjects)})
    divergence = Lockstep(target, seat_subjects(target, TALLY.seats)).run_case(FORGOTTEN, exact=True).divergence
    assert divergence is not None
    return target, divergence


@pytest.mark.parametrize(
    ("opinion", "line"),
    [
        (Knowing, "oracle sides with right"),
        (Opinion, "oracle does not judge what differs"),
        (Contrary, "oracle agrees with neither"),
        (missing, "oracle was not consulted: install it"),
    ],
)
def test_what_an_oracle_says(opinion: type[Opinion], line: str) -> None:
    """A line for each oracle: with whom it sides, that it cannot tell, or that it is not there."""
    target, divergence = asked(oracle=opinion)
    assert consult(target, FORGOTTEN, divergence) == [line]


def test_side_does_not_depend_on_the_seat() -> None:
    """The one who is right may sit in the second seat."""
    target, divergence = asked(one=Knowing, other=Opinion)
    swapped = msgspec.structs.replace(divergence, subjects=divergence.subjects[::-1])
    lines = ["one sides with right", "other does not judge what differs"]
    assert consult(target, FORGOTTEN, divergence) == consult(target, FORGOTTEN, swapped) == lines


def test_nobody_is_asked_about_an_oracle_or_a_death() -> None:
    """An oracle's own disagreement has no other side, and a case that kills is not run for a line of text."""
    target, divergence = asked(oracle=Knowing)
    about_itself = msgspec.structs.replace(divergence, subjects=("forgetful", "oracle-on-forgetful"))
    assert consult(target, FORGOTTEN, about_itself) == []
    signature = msgspec.structs.replace(divergence.signature, difference="ok~died:SIGABRT")
    assert consult(target, FORGOTTEN, msgspec.structs.replace(divergence, signature=signature)) == []


def test_opinions_are_seated_like_others() -> None:
    """By name; an unknown subject's error lists the subjects only, an unknown oracle's the oracles."""
    target, _ = asked(oracle=Knowing)
    names = with_oracle(target, ("forgetful", "right"), "oracle")
    assert names == ("forgetful", "right", "oracle-on-forgetful")
    assert [name for name, _ in seat_subjects(target, names)] == list(names)
    assert with_oracle(target, names, None) == names
    assert is_opinion(target.oracles, names[2])
    assert not is_opinion(TALLY.oracles, names[2])
    with pytest.raises(SettingsError, match=r"tally has right, forgetful and 4 more: see `list subjects`$"):
        seat_subjects(target, ("right", "oracle-on-nobody"))
    with pytest.raises(SettingsError, match="unknown oracle 'delphi': tally has oracle"):
        with_oracle(target, names, "delphi")
