"""Subjects that are driven by calls: any object with methods, in Python or in an extension module, without an adapter.

A step is one call, `{"call": method, "arguments": {name: value}}`; the outcome's `answer` is what the method returned.
An exception is an answer where its class is one of the `refusals`: its class name is then the code. Any other exception
is a crash, which is a difference even where all subjects crash alike. Values are compared exactly, so they have
to be JSON-like: None, booleans, integers, floats, text, lists, and dicts with text keys.
"""

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.target.identity import identity_of
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

SpoilOutcome = Callable[[Step, Outcome], Outcome]


@dataclass(frozen=True)
class CallConvention:
    """How objects are driven: `state` shows an object's whole state, `refusals` are the exceptions that are answers."""

    state: Callable[[Any], State]
    refusals: tuple[type[Exception], ...] = ()


class CallSubject:
    """The object that `make(**config)` returns, made anew for each case. `name` is the subject's."""

    def __init__(self, name: str, make: Callable[..., Any], convention: CallConvention) -> None:
        self._name = name
        self._make = make
        self._convention = convention

    def start(self, config: Config) -> None:
        self._object = self._make(**config)

    def step(self, step: Step) -> Outcome:
        try:
            answer = getattr(self._object, step["call"])(**step["arguments"])
        except self._convention.refusals as error:
            return {"outcome": "refused", "code": type(error).__name__, "answer": None}
        return {"outcome": "applied", "code": "ok", "answer": answer}

    def observe(self) -> State:
        """What `state` shows."""
        return self._convention.state(self._object)

    def digest(self) -> str:
        """Empty: states are compared whole."""
        return ""

    def identity(self) -> BuildIdentity:
        """The file of the module that the class or function comes from: a source, or a shared library."""
        module = self._make.__module__
        file = getattr(sys.modules.get(module), "__file__", None)
        profile = f"{platform.python_implementation()} {platform.python_version()}"
        return identity_of(self._name, module, "-", profile, [Path(file)] if file else [])


class SpoiledSubject:
    """A canary: a subject with outcomes that are wrong on purpose. State and digest stay right."""

    def __init__(self, name: str, subject: Subject, spoil: SpoilOutcome) -> None:
        self._name = name
        self._subject = subject
        self._spoil = spoil
        self.start = subject.start
        self.observe = subject.observe
        self.digest = subject.digest

    def step(self, step: Step) -> Outcome:
        """The subject's outcome, spoiled."""
        return self._spoil(step, self._subject.step(step))

    def identity(self) -> BuildIdentity:
        """The subject's build, under the canary's name."""
        return self._subject.identity().named(self._name)
