"""What subjects share that drive another subject in their own way, and show its state unchanged."""

from typing import Generic, TypeVar

from cracktrader_fuzz.case.model import State
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

Inner = TypeVar("Inner", bound=Subject)


class SubjectWrapper(Generic[Inner]):
    """State, digest and build are those of the wrapped subject; subclasses define `start` and `step`."""

    def __init__(self, subject: Inner) -> None:
        self._subject = subject

    def observe(self) -> State:
        return self._subject.observe()

    def digest(self) -> str:
        return self._subject.digest()

    def identity(self) -> BuildIdentity:
        return self._subject.identity()
