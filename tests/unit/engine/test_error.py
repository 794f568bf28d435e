"""Errors: what they carry, and that their messages stay short."""

from __future__ import annotations

import pickle

import pytest

from cracktrader.engine.error import (
    BackendUnavailableError,
    CheckpointError,
    InvariantViolationError,
    MalformedInputError,
    ReplayError,
    SequenceError,
    StepError,
    quoted,
    refusal,
)


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


RAISED = [
    (SequenceError("late", "late_event"), ValueError, "late", {"code": "late_event"}),
    (CheckpointError("torn", "torn_checkpoint"), RuntimeError, "torn", {"code": "torn_checkpoint"}),
    (
        ReplayError("differs", "divergence", 4, 2, "digest", "a", "b"),
        RuntimeError,
        "differs",
        {"code": "divergence", "line": 4, "step": 2, "field": "digest", "expected": "a", "actual": "b"},
    ),
    (
        StepError(3, "BROKER", 7, "OSError: gone"),
        RuntimeError,
        "step 3 (seq_id 7) failed at BROKER: OSError: gone; the state is as before the step",
        {"step": 3, "stage": "BROKER", "seq_id": 7, "is_committed": False},
    ),
    (
        StepError(3, "COMMIT", None, "no", True),
        RuntimeError,
        "step 3 failed at COMMIT: no; the step is committed",
        {"seq_id": None, "is_committed": True},
    ),
    (
        InvariantViolationError([{"number": 4, "code": "cash_mismatch", "subject": None, "left": "1", "right": "2"}]),
        RuntimeError,
        "1 invariants broken; the first: number 4, code 'cash_mismatch', subject None, left '1', right '2'",
        {"violations": [{"number": 4, "code": "cash_mismatch", "subject": None, "left": "1", "right": "2"}]},
    ),
]


@pytest.mark.parametrize(("error", "base", "text", "attributes"), RAISED, ids=lambda value: type(value).__name__)
def test_errors_of_a_run_carry_their_facts(
    error: Exception, base: type[Exception], text: str, attributes: dict[str, object]
) -> None:
    """Each has its base, its text and its facts, and keeps them when it crosses processes."""
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert isinstance(each, base)
        assert str(each) == text
        assert {name: getattr(each, name) for name in attributes} == attributes
