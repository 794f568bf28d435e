"""The exceptions of the engine.

    Exception
    |-- ValueError
    |   |-- MalformedInputError       the input has not the shape that the page of its component asks for
    |   `-- SequenceError             a well-formed event cannot be put in order
    `-- RuntimeError
        |-- BackendUnavailableError   the backend that was asked for is not built
        |-- InvariantViolationError   the engine broke a promise of its own
        |-- StepError                 a step of a run failed, and nothing of it was kept
        |-- ReplayError               a log is damaged, or its replay differs from it
        `-- CheckpointError           a checkpoint is damaged, or of another version

What the state machine refuses is no exception: it is a result whose outcome is `rejected`. Messages quote the bad
value, clipped, so that a hostile input costs no more than a short one; they are for people, and nothing may be
decided by their text.
"""

from __future__ import annotations

from typing import Any

QUOTED_LENGTH_MAX = 80  # enough to find the value in an input, little enough for one line
_QUOTED_BITS_MAX = 256  # a larger integer takes long to write as decimal digits


class MalformedInputError(ValueError):
    """Input without the right shape. `code` is one of the `malformed_*` codes; nothing was applied.

    The normaliser's codes are `NORMALIZER_CODES` in `normalizer`.

    `index` is the place of the faulty step in the list given to `apply_batch`, and None elsewhere.
    """

    def __init__(self, message: str, code: str, index: int | None = None) -> None:
        super().__init__(message, code, index)
        self.message = message
        self.code = code
        self.index = index

    def __str__(self) -> str:
        return self.message


class _CodedError(Exception):
    """A message for people and a code for programs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class SequenceError(_CodedError, ValueError):
    """An event that the sequencer cannot take or give. `code` is `late_event` or `sequence_exhausted`."""


class BackendUnavailableError(RuntimeError):
    """The Rust backend was asked for, and its extension module cannot be imported."""


class InvariantViolationError(RuntimeError):
    """Invariants that do not hold. `violations` are the wire dicts of docs/runtime.md, section 4."""

    def __init__(self, violations: list[dict[str, Any]]) -> None:
        super().__init__(violations)
        self.violations = violations

    def __str__(self) -> str:
        first = self.violations[0] if self.violations else {}
        told = ", ".join(f"{name} {quoted(value)}" for name, value in first.items())
        return f"{len(self.violations)} invariants broken; the first: {told}"


class StepError(RuntimeError):
    """A step of a run that failed at a stage; the cause is `__cause__`.

    `step` counts from 0, and `seq_id` is the event's, None where there was none yet. Unless `is_committed` (only an
    observer failed), the state and the log are as before the step.
    """

    def __init__(self, step: int, stage: str, seq_id: int | None, cause: str, is_committed: bool = False) -> None:
        super().__init__(step, stage, seq_id, cause, is_committed)
        self.step = step
        self.stage = stage
        self.seq_id = seq_id
        self.cause = cause
        self.is_committed = is_committed

    def __str__(self) -> str:
        event = "" if self.seq_id is None else f" (seq_id {self.seq_id})"
        kept = "the step is committed" if self.is_committed else "the state is as before the step"
        return f"step {self.step}{event} failed at {self.stage}: {self.cause}; {kept}"


class ReplayError(RuntimeError):
    """A log that cannot be read to its end, or a replay that differs from it.

    `code` is one of `REPLAY_CODES` in `replay`. `line` counts from 1 and `step` from 0, None where it does not apply.
    A divergence also has the first differing `field`, and what was `expected` and `actual` there.
    """

    def __init__(
        self,
        message: str,
        code: str,
        line: int | None = None,
        step: int | None = None,
        field: str | None = None,
        expected: object = None,
        actual: object = None,
    ) -> None:
        super().__init__(message, code, line, step, field, expected, actual)
        self.message = message
        self.code = code
        self.line = line
        self.step = step
        self.field = field
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return self.message


class CheckpointError(_CodedError, RuntimeError):
    """A checkpoint that cannot be used. `code` is one of `CHECKPOINT_CODES` in `checkpoint`."""


def refusal(code: str, field: str, wanted: str, value: object) -> MalformedInputError:
    """The exception for a value that is not what its field asks for, to be raised by the caller."""
    return MalformedInputError(f"{field} must be {wanted}, not {quoted(value)}", code)


def quoted(value: object) -> str:
    """The value as a message shows it: short, in ASCII, and never by the code of a foreign class."""
    if type(value) is str:
        clipped = value[:QUOTED_LENGTH_MAX]
        return f"{clipped!a}" if clipped == value else f"{clipped!a}... ({len(value)} characters)"
    if type(value) is int and value.bit_length() > _QUOTED_BITS_MAX:
        return f"an int of {value.bit_length()} bits"
    if value is None or type(value) in (bool, int, float):
        return repr(value)
    return f"a {type(value).__name__}"
