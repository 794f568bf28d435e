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
        """The subject's state."""
        return self._subject.observe()

    def digest(self) -> str:
        """The subject's digest."""
        return self._subject.digest()

    def identity(self) -> BuildIdentity:
        """The subject's build."""
        return self._subject.identity()
