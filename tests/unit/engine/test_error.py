"""Errors: what they carry, and that their messages stay short."""

from __future__ import annotations

import pickle

import pytest

from cracktrader.engine.error import BackendUnavailableError, MalformedInputError, quoted, refusal


def test_malformed_input_is_a_value_error_with_code_and_index() -> None:
    """The code and the index are attributes, the index None unless it is given."""
    error = MalformedInputError("bad", "malformed_type", 3)
    assert isinstance(error, ValueError)
    assert (str(error), error.code, error.index) == ("bad", "malformed_type", 3)
    assert MalformedInputError("bad", "malformed_type").index is None


def test_malformed_input_crosses_processes() -> None:
    """A pickled error keeps its message, code and index, as campaign workers need."""
    error = pickle.loads(pickle.dumps(MalformedInputError("bad", "malformed_field", 7)))
    assert (str(error), error.code, error.index) == ("bad", "malformed_field", 7)


def test_backend_unavailable_is_a_runtime_error() -> None:
    """A missing backend is no fault of the input."""
    assert issubclass(BackendUnavailableError, RuntimeError)
    assert not issubclass(BackendUnavailableError, ValueError)


def test_refusal_names_field_wish_and_value() -> None:
    """The message says which field, what it asks for, and what came."""
    assert str(refusal("malformed_type", "price", "a number", "x")) == "price must be a number, not 'x'"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (True, "True"),
        (None, "None"),
        (0.5, "0.5"),
        ("\u00e9\ud800", "'\\xe9\\ud800'"),
        ([1], "a list"),
        pytest.param(10**5000, "an int of 16610 bits", id="huge int"),
    ],
)
def test_quoted(value: object, text: str) -> None:
    """Plain values are shown, others by their type, and all of it in ASCII."""
    assert quoted(value) == text


def test_quoted_clips_long_text() -> None:
    """A huge string costs a short message that tells its length."""
    assert quoted("x" * 10_000_000) == f"'{'x' * 80}'... (10000000 characters)"


def test_quoted_never_runs_foreign_code() -> None:
    """The repr of a foreign class is not called."""

    class Hostile(str):
        __slots__ = ()

        def __repr__(self) -> str:
            raise AssertionError("called")

    assert quoted(Hostile("x")) == "a Hostile"
