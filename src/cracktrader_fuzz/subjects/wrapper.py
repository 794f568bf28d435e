"""What the subjects share that ask another one in their own way, and tell what that one keeps as it is."""

from typing import Generic, TypeVar

from cracktrader_fuzz.case.model import State
from cracktrader_fuzz.target.protocol import BuildIdentity, Subject

Inner = TypeVar("Inner", bound=Subject)


class SubjectWrapper(Generic[Inner]):
    """State, digest and build are those of the subject within; `start` and `step` are for whoever wraps it."""

    def __init__(self, subject: Inner) -> None:
        self._subject = subject

    def observe(self) -> State:
        return self._subject.observe()

    def digest(self) -> str:
        return self._subject.digest()

    def identity(self) -> BuildIdentity:
        return self._subject.identity()
