"""Adapters for what surrounds the cores: the sequencer, the invariant checker and the event normaliser.

A step is one call, `{"call": method, "arguments": {name: value}}`; the outcome's `answer` is what the method returned.
What it raises becomes a code: `refused` for malformed input, `rejected` for a sequence fault and for violations that
are raised. The component is built anew at each start, by the bridge, as a user would.
"""

from collections.abc import Callable
from typing import Any

from cracktrader.engine.backends import Backend
from cracktrader.engine.error import InvariantViolationError, MalformedInputError, SequenceError
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.calls import SpoilOutcome
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_strategies.subjects.cores import PythonCore, RustCore

Build = Callable[..., Any]


class ComponentSubject:
    """One component of one backend. `build(backend, **config)` makes it."""

    def __init__(self, build: Build, backend: Backend) -> None:
        self._build = build
        self._backend = backend
        self._core = RustCore() if backend == "rust" else PythonCore()

    def start(self, config: Config) -> None:
        self._component = self._build(self._backend, **config)

    def step(self, step: Step) -> Outcome:
        try:
            answer = getattr(self._component, step["call"])(**step["arguments"])
        except MalformedInputError as error:
            return {"outcome": "refused", "code": error.code, "answer": None}
        except SequenceError as error:
            return {"outcome": "rejected", "code": error.code, "answer": None}
        except InvariantViolationError as error:
            return {"outcome": "rejected", "code": first_code(error.violations), "answer": error.violations}
        return {"outcome": "applied", "code": first_code(answer), "answer": answer}

    def observe(self) -> State:
        """The component's snapshot; empty for one that keeps no state."""
        if not hasattr(self._component, "snapshot"):
            return {}
        state: State = self._component.snapshot()
        return state

    def restore(self, state: State) -> None:
        """Go on from a snapshot, of this component or of the other backend's."""
        self._component.restore(state)

    def digest(self) -> str:
        """Empty: no component has a digest."""
        return ""

    def identity(self) -> BuildIdentity:
        """The build of the backend, which is its core's."""
        return self._core.identity()


class SpoiledComponent(ComponentSubject):
    """The Python component with outcomes that are wrong on purpose."""

    def __init__(self, build: Build, spoil: SpoilOutcome) -> None:
        super().__init__(build, "python")
        self._spoil = spoil

    def step(self, step: Step) -> Outcome:
        """The component's outcome, spoiled."""
        return self._spoil(step, super().step(step))


def first_code(answer: object) -> str:
    """The code of the first violation in an answer; `ok` for any other answer."""
    if type(answer) is list and answer and "number" in answer[0]:
        return str(answer[0]["code"])
    return "ok"
