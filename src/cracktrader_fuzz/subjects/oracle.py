"""Opinions of oracles: subjects that follow another one, and are seated like any other.

An opinion gives each step to the subject that it follows, judges the outcome and the state where it can, and returns
the subject's own where it cannot; so in lockstep with that same subject it differs only where it disagrees.
The opinion of `ORACLE` on the subject `NAME` is the subject `ORACLE-on-NAME`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, runtime_checkable

from cracktrader_fuzz.target.protocol import Subject
from cracktrader_fuzz.target.target import Oracle

JUDGED = "judged"

Make = Callable[[], Subject]


@runtime_checkable
class CountingOpinion(Protocol):
    """An opinion that counts."""

    def tally(self) -> Mapping[str, int]:
        """Since `start`: how many steps were `judged`, and how many were not, by reason."""


def opinion_name(oracle: str, name: str) -> str:
    """The subject that is an oracle's opinion on another one."""
    return f"{oracle}-on-{name}"


def is_opinion(oracles: Mapping[str, Oracle], name: str) -> bool:
    """Whether a subject is an opinion of one of the oracles."""
    return name.startswith(tuple(opinion_name(oracle, "") for oracle in oracles))


def opinions(oracles: Mapping[str, Oracle], subjects: Mapping[str, Make]) -> dict[str, Make]:
    """The opinion of each oracle on each subject, by name."""
    return {
        opinion_name(known, name): partial(_opinion, oracle, make)
        for known, oracle in oracles.items()
        for name, make in subjects.items()
    }


def _opinion(oracle: Oracle, make: Make) -> Subject:
    return oracle.opinion(make())
