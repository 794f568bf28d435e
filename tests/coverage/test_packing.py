"""Cases as bytes."""

from __future__ import annotations

import pytest

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.coverage.packing import pack, unpack

STEPS = ({"a": 1, "b": [None, True, -0.5, "x"]}, {"text": "\ud800"}, {"wide": 10**30}, {"wide": -(2**70)})


@pytest.mark.parametrize("step", STEPS)
def test_case_comes_back(step: dict[str, object]) -> None:
    """What is packed is unpacked the same, with surrogates and integers of any size."""
    case = Case("tally", {"cash": "1"}, [step, {"other": "step"}])
    found = unpack(pack(case), "tally")
    assert found == case
    assert found is not None
    assert repr(found.steps) == repr(case.steps)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xc1",
        b"{}",
        b"{",
        b"[1]",
        b"\x92\x80\x90",
        b"\x92\x80\x91\x01",
        b'{"config":{},"steps":[]}',
        b"\xff" * 9,
    ],
)
def test_bytes_that_are_no_case(data: bytes) -> None:
    """Bytes that are no case, or a case without steps, are None and no error."""
    assert unpack(data, "tally") is None
