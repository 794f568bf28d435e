"""The exceptions of the engine.

    Exception
    |-- ValueError
    |   `-- MalformedInputError       the input has not the shape that docs/engine.md asks for
    `-- RuntimeError
        `-- BackendUnavailableError   the backend that was asked for is not built

What the state machine refuses is no exception: it is a result whose outcome is `rejected`. A plain
`RuntimeError` is kept for a broken promise of the core itself. Messages quote the bad value, clipped, so that
a hostile input costs no more than a short one; they are for people, and nothing may be decided by their text.
"""

from __future__ import annotations

QUOTED_LENGTH_MAX = 80
_QUOTED_BITS_MAX = 256


class MalformedInputError(ValueError):
    """Input without the right shape. `code` is one of the `malformed_*` codes; nothing was applied.

    `index` is the place of the faulty step in the list given to `apply_batch`, and None elsewhere.
    """

    def __init__(self, message: str, code: str, index: int | None = None) -> None:
        super().__init__(message, code, index)
        self.message = message
        self.code = code
        self.index = index

    def __str__(self) -> str:
        return self.message


class BackendUnavailableError(RuntimeError):
    """The Rust backend was asked for, and its extension module cannot be imported."""


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
