"""Targets that a user might bring, each with one thing wrong or unusual; the tests name them `odd_targets:NAME`."""

from __future__ import annotations

from dataclasses import replace

from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_fuzz.target.target import Canary, Target
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.target import CRACKTRADER

WRONG = "canary-rebate-not-paid"


class NamelessCore(PythonCore):
    """Cannot say which build it is."""

    def identity(self) -> BuildIdentity:
        """No identity."""
        raise LookupError("no name")


class ForgetfulCore(PythonCore):
    """Answers wrongly in its first case, and never again."""

    cases = 0

    def start(self, config: Config) -> None:
        """A new core."""
        super().start(config)
        self.cases += 1

    def step(self, step: Step) -> Outcome:
        """What the core answers, with another sequence number in the first case."""
        outcome = super().step(step)
        return {**outcome, "seq_id": -1} if self.cases == 1 else outcome


class DeafCore(PythonCore):
    """Refuses every step."""

    def step(self, step: Step) -> Outcome:
        """The same refusal each time."""
        return {"outcome": "refused", "code": "malformed_type"}


class RefusingCore(PythonCore):
    """Takes no configuration."""

    def start(self, config: Config) -> None:
        """Refuse it."""
        raise OverflowError("no such configuration")


class UnbuiltCore(PythonCore):
    """Cannot be made."""

    def __init__(self) -> None:
        raise OSError("no such core")


def _with(name: str, **others: type[PythonCore]) -> Target:
    """The target under another name: the Python core, then these."""
    return replace(CRACKTRADER, name=name, seats=("python", *others), subjects={**CRACKTRADER.subjects, **others})


OWN = replace(CRACKTRADER, name="own", seats=("python", WRONG))
WITHOUT_CANARY = replace(_with("without", other=PythonCore), canaries=())
CANARY_OF_OTHER_SIZE = replace(CRACKTRADER, canaries=(Canary(WRONG, "cash_delta", 3),))
NAMELESS = _with("nameless", other=NamelessCore)
FORGETFUL = _with("forgetful", other=ForgetfulCore)
REFUSING = _with("refusing", other=RefusingCore)
UNBUILT = _with("unbuilt", other=UnbuiltCore)
DEAF = replace(_with("deaf", one=DeafCore, other=DeafCore), seats=("one", "other"), canaries=())
UNBUILT_CANARY = replace(
    CRACKTRADER,
    subjects={**CRACKTRADER.subjects, "canary-unbuilt": UnbuiltCore},
    canaries=(Canary("canary-unbuilt", "nothing", 1),),
)
NO_TARGET = object()
