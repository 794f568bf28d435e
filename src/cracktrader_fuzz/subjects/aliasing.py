"""Detects aliasing: one step later, clears every object passed in or returned; later state must not change."""

from copy import deepcopy
from typing import Any

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.errors import AliasError
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper
from cracktrader_fuzz.target.protocol import Subject


class AliasDetector(SubjectWrapper[Subject]):
    """A subject whose caller clears every shared object a step later.

    A subject that keeps no reference to its input, and returns none to its state, answers as if it ran alone.
    """

    def start(self, config: Config) -> None:
        """Start the subject, with nothing shared yet."""
        self._shared = SharedObjects()
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """A copy of the subject's outcome. Raises AliasError when the subject changed an object shared before."""
        own_step = deepcopy(step)
        outcome = self._subject.step(own_step)
        answer = deepcopy(outcome)
        # What was shared before this step goes only now: a subject may use an object until its next step has returned.
        self._shared.clear()
        self._shared.add(own_step, outcome)
        return answer

    def observe(self) -> State:
        """A copy of the subject's state."""
        state = self._subject.observe()
        answer = deepcopy(state)
        self._shared.add(state)
        return answer


class SharedObjects:
    """Objects that were passed in or returned, each with its content at that time."""

    def __init__(self) -> None:
        self._values: list[tuple[Any, str]] = []

    def add(self, *values: Any) -> None:
        """Keep values, to clear them later."""
        self._values.extend((value, canonical_json(value)) for value in values)

    def clear(self) -> None:
        """Clear each value at every level, and keep none. Raises AliasError when one has changed since it was added."""
        values, self._values = self._values, []
        for value, content in values:
            if canonical_json(value) != content:
                raise AliasError("an object that had been handed over was changed afterwards")
            _clear(value)


def _clear(value: Any) -> None:
    inner = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    for each in inner:
        _clear(each)
    if isinstance(value, dict | list):
        value.clear()
