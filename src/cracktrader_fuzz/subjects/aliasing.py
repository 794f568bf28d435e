"""A subject whose caller spoils what they share: nothing that went in is kept, nothing that is kept is handed out."""

from copy import deepcopy
from typing import Any

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.errors import AliasError
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import Subject


class AliasDetector(SubjectWrapper[Subject]):
    """A subject whose caller empties, a step later, every object that went in or came out."""

    def start(self, config: Config) -> None:
        """The subject begins afresh."""
        self._held = SharedObjects()
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """What the subject answers, in a copy. Raises AliasError when the subject changed what it had handed out."""
        given = deepcopy(step)
        outcome = self._subject.step(given)
        told = deepcopy(outcome)
        self._held.empty()
        self._held.add(given, outcome)
        return told

    def observe(self) -> State:
        """What the subject keeps, in a copy."""
        state = self._subject.observe()
        told = deepcopy(state)
        self._held.add(state)
        return told


class SharedObjects:
    """Objects that went in or came out, and what they said at the time."""

    def __init__(self) -> None:
        self._values: list[tuple[Any, str]] = []

    def add(self, *values: Any) -> None:
        """Hold on to values."""
        self._values.extend((value, canonical_json(value)) for value in values)

    def empty(self) -> None:
        """Let go of the values and empty each, at every level. Raises AliasError when one has changed meanwhile."""
        values, self._values = self._values, []
        for value, said in values:
            if canonical_json(value) != said:
                raise AliasError("an object that had been handed over was changed afterwards")
            _empty(value)


def _empty(value: Any) -> None:
    inner = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    for each in inner:
        _empty(each)
    if isinstance(value, dict | list):
        value.clear()
