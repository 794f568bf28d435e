"""Idempotency keys and their fingerprints, sequence numbers and clocks (docs/engine.md 2).

How to read `FINGERPRINTS`: what happens before, an event, and the text whose SHA-256 its fingerprint begins.
`_` stands for a space at the end, which an absent reason leaves. The refusals' codes in other situations are
in test_refusals.py.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from scenario import Session, Wire, send_to, table, wire

FINGERPRINTS = """
-           | cash                                      | 1000 control V I cash_adjustment 10000000000000000 deposit
-           | cash amount=-0.50 reason=funding          | 1000 control V I cash_adjustment -5000000000000000 funding
-           | cash venue=- instrument=- time=0          | 0 control - - cash_adjustment 10000000000000000 deposit
-           | risk_flag on=false                        | 1000 control V I risk_flag halt false
-           | risk_flag flag=reduce_only                | 1000 control V I risk_flag reduce_only true
-           | timer                                     | 1000 timer V I timer close
-           | trade price=-1.5 quantity=2               | 1000 market_data V I trade -150000000 200000000
-           | bar                                       | 1000 market_data V I bar 100000000 200000000 50000000 150000000 700000000
-           | quote instrument=a:b bid=-0               | 1000 market_data V a:b quote 0 10100000000
place       | submitted                                 | 1000 broker_report V I order_submitted o1_
place       | rejected reason=null                      | 1000 broker_report V I order_rejected o1_
place       | rejected reason=                          | 1000 broker_report V I order_rejected o1 =
place       | rejected reason==                         | 1000 broker_report V I order_rejected o1 ==
place       | rejected reason=Größe😀                   | 1000 broker_report V I order_rejected o1 =Größe😀
@accepted   | cancelled reason=done                     | 1000 broker_report V I order_cancelled o1 =done
@accepted   | fill 1@2 fee=0.5                          | 1000 broker_report V I order_fill o1 100000000 200000000 5000000000000000 quote
@accepted   | fill 1@2 fee=0.5 fee_asset=base           | 1000 broker_report V I order_fill o1 100000000 200000000 50000000 base
@accepted   | fill 1@-2 fee=-0.5 fee_asset=BNB          | 1000 broker_report V I order_fill o1 100000000 -200000000 -5000000000000000 BNB
@accepted+r | replaced                                  | 1000 broker_report V I order_replaced o1 ~ ~ ~
@accepted+r | replaced quantity=12 limit=5              | 1000 broker_report V I order_replaced o1 1200000000 500000000 ~
@accepted+r | replaced stop=0                           | 1000 broker_report V I order_replaced o1 ~ ~ 0
@accepted   | restated quantity=12.0                    | 1000 broker_report V I order_restated o1 1200000000
"""  # noqa: E501

CONFLICTS = """
# applied with key=k             | the same key, one field changed
@accepted; fill 2@5              | fill 2@5 time=1001
@accepted; fill 2@5              | fill 2@5 venue=W
@accepted; fill 2@5              | fill 2@5 instrument=J
@accepted; fill 2@5              | fill 2@5 id=o2
@accepted; fill 2@5              | fill 2.00000001@5
@accepted; fill 2@5              | fill 2@5.00000001
@accepted; fill 2@5              | fill 2@5 fee=0.0000000000000001
@accepted; fill 2@5              | fill 2@5 fee_asset=base
@accepted; fill 2@5              | fill 2@5 fee_asset=BNB
@accepted; fill 2@5              | cancelled
@accepted; cancelled             | expired
@accepted; cancelled             | cancelled reason=
@accepted; cancelled reason=     | cancelled
@accepted; cancelled reason=a    | cancelled reason=b
@accepted+r; replaced limit=5    | replaced stop=5
@accepted+r; replaced            | replaced quantity=12
timer                            | timer name=open
trade                            | quote
bar                              | bar volume=8
cash amount=1                    | cash amount=1.0000000000000001
cash                             | cash reason=funding
risk_flag                        | risk_flag on=false
risk_flag                        | risk_flag flag=reduce_only
"""

SPELLINGS = [
    ("cash", "amount", ["0.5", 0.5, "0.50", "00.5", "0.5000000000000000000"]),
    ("cash", "amount", ["0", 0, 0.0, -0.0, "-0", "0.0"]),
    ("cash", "amount", ["-3", -3, -3.0, "-3.0"]),
    ("trade", "price", ["100", 100, 100.0, "0100"]),
    ("trade", "quantity", ["0.00000001", 0.00000001, "0.000000010"]),
    ("bar", "volume", ["7", 7, 7.0]),
]


def fingerprint(text: str) -> str:
    """The first 32 hexadecimal digits of SHA-256 over the text; `_` at its end is a space."""
    spaced = text[:-1] + " " if text.endswith("_") else text
    return hashlib.sha256(spaced.encode("utf-8")).hexdigest()[:32]


def keys(session: Session) -> dict[str, str]:
    """The remembered keys and fingerprints."""
    found: dict[str, str] = session.core.snapshot()["idempotency_keys"]
    return found


@pytest.mark.parametrize(("before", "step", "text"), table(FINGERPRINTS))
def test_fingerprint(core_of: Any, before: str, step: str, text: str) -> None:
    """The remembered fingerprint is the hash of the text that the page defines."""
    session = Session(core_of()).run(before).run(f"{step} key=k")
    assert keys(session) == {"k": fingerprint(text)}


def test_fingerprint_of_a_reason_with_spaces(core_of: Any) -> None:
    """A reason stands in the text as it is, spaces, tildes and line ends included."""
    session = Session(core_of()).run("place")
    step = session.wire("rejected key=k")
    step["payload"]["reason"] = " a ~ b\n"
    assert session.core.apply_event(step)["code"] == "ok"
    assert keys(session) == {"k": fingerprint("1000 broker_report V I order_rejected o1 = a ~ b\n")}


@pytest.mark.parametrize(("name", "field", "values"), SPELLINGS)
def test_same_content_in_another_spelling(core_of: Any, name: str, field: str, values: list[Any]) -> None:
    """Another spelling of a number, another seq_id or ingest_time are the same content: a duplicate."""
    for first in values:
        session = Session(core_of()).run("cash key=other")
        steps = [session.wire(f"{name} key=k ingest_time={7 + place}") for place in range(len(values) + 1)]
        for step, value in zip(steps, [first, *values], strict=True):
            step["payload"][field] = value
        results = [session.core.apply_event(step) for step in steps]
        assert [result["code"] for result in results] == ["ok", *["duplicate_event"] * len(values)], first


@pytest.mark.parametrize("spelling", [{"reason": None}, {}])
@pytest.mark.parametrize("again", [{"reason": None}, {}])
def test_null_and_absent_are_the_same(core_of: Any, spelling: Wire, again: Wire) -> None:
    """A reason that is null and one that is left out are the same content."""
    session = Session(core_of()).run("place")
    first, second = (session.wire("submitted key=k") for _ in range(2))
    first["payload"] |= spelling
    second["payload"] |= again
    assert [session.core.apply_event(step)["outcome"] for step in (first, second)] == ["applied", "duplicate"]


@pytest.mark.parametrize(("before", "step"), table(CONFLICTS))
def test_conflict(core_of: Any, before: str, step: str) -> None:
    """The same key with any field of the content changed is a conflict, and what was remembered stays."""
    session = Session(core_of()).run(f"{before} key=k")
    digest = session.core.state_digest()
    result = session.send(f"{step} key=k")
    assert (result["outcome"], result["code"]) == ("rejected", "idempotency_conflict")
    assert session.core.state_digest() == digest


def test_duplicate_answer(core_of: Any) -> None:
    """A duplicate answers with its own seq_id and order, and moves no sequence, no clock, no money."""
    session = Session(core_of()).run("@accepted; fill 1 key=k")
    digest = session.core.state_digest()
    assert session.send("fill 1 key=k seq=500") == {
        "outcome": "duplicate", "code": "duplicate_event", "seq_id": 500, "order_id": "o1", "transitions": [],
        "cash_delta": "0", "position_delta": "0", "realised_delta": "0",
    }  # fmt: skip
    assert session.core.state_digest() == digest
    assert session.send("cash seq=499")["outcome"] == "applied"


def test_a_refused_event_leaves_its_key_unused(core_of: Any) -> None:
    """A key whose event was refused may be used by another event."""
    session = Session(core_of()).run("cash seq=5; trade time=9")
    refused = ["fill 1 key=k", "cash key=k seq=1", "trade key=k time=1"]
    assert [session.send(step)["outcome"] for step in refused] == ["rejected"] * 3
    assert keys(session) == {}
    assert [session.send(step)["outcome"] for step in ("timer key=k", "timer key=k")] == [
        "applied",
        "duplicate",
    ]


def test_events_without_a_key_are_never_duplicates(core_of: Any) -> None:
    """With a null key the same content is applied again and again."""
    session = Session(core_of()).run("cash; cash; cash")
    assert (session.core.snapshot()["cash"], keys(session)) == ("3", {})


def test_keys_survive_snapshot_and_restore(core_of: Any, other_core_of: Any) -> None:
    """A key is remembered through snapshot and restore on either backend, until a reset."""
    session = Session(core_of()).run("cash key=k")
    repeated, changed = session.wire("cash key=k"), session.wire("cash key=k amount=2")
    for core in (core_of(), other_core_of()):
        core.restore(session.core.snapshot())
        assert [send_to(core, step)["code"] for step in (repeated, changed)] == [
            "duplicate_event",
            "idempotency_conflict",
        ]
        core.reset()
        assert send_to(core, changed)["code"] == "ok"


SEQUENCE = """
# seq_id of one event after the other, and what it is, by `KINDS`
7 ok | 8 ok | 8 no | 7 no | 20 ok | 9 no | 21 ok
0 ok | 0 no | 1 ok
9223372036854775807 ok | 9223372036854775807 no | 0 no
5 key | 9 again | 6 ok
5 tick | 9 back | 6 ok
5 ok | 0 intent | 5 no | 6 ok
"""
KINDS = {
    "ok": ("cash", "applied"), "no": ("cash", "rejected"), "intent": ("no_op", "applied"),
    "key": ("cash key=k", "applied"), "again": ("cash key=k", "duplicate"),
    "tick": ("timer time=9", "applied"), "back": ("timer time=8", "rejected"),
}  # fmt: skip


@pytest.mark.parametrize("row", table(SEQUENCE), ids="|".join)
def test_sequence(core_of: Any, row: list[str]) -> None:
    """seq_id must exceed that of the last applied event; what is not applied does not count."""
    core, last = core_of(), None
    assert core.snapshot()["last_seq_id"] is None
    for cell in row:
        number, kind = cell.split()
        step, outcome = KINDS[kind]
        assert send_to(core, wire(step, int(number)))["outcome"] == outcome, cell
        last = int(number) if outcome == "applied" and kind != "intent" else last
        assert core.snapshot()["last_seq_id"] == last


CLOCKS = """
# before                 | event                         | outcome
trade time=9             | trade time=9                  | applied
trade time=9             | trade time=8 venue=W          | applied
trade time=9             | trade time=8 instrument=J     | applied
trade time=9             | timer time=8                  | applied
timer time=9             | trade time=8                  | applied
timer time=9             | timer time=8 instrument=J     | applied
trade time=9             | cash time=8                   | applied
trade time=9             | risk_flag time=8              | applied
@accepted; trade time=9  | fill 1 time=0                 | applied
@accepted; fill 1 time=9 | fill 1 time=8                 | applied
cash time=9              | trade time=8                  | applied
trade time=9             | trade time=8                  | rejected
trade time=9             | bar time=8                    | rejected
timer time=9             | timer time=8                  | rejected
"""


@pytest.mark.parametrize(("before", "step", "outcome"), table(CLOCKS))
def test_time(core_of: Any, before: str, step: str, outcome: str) -> None:
    """Each (source, venue, instrument) of market data and timers has a clock that must not go back."""
    session = Session(core_of()).run(before)
    clock = session.core.snapshot()["clock"]
    result = session.send(step)
    assert result["outcome"] == outcome
    assert result["code"] == ("ok" if outcome == "applied" else "time_regression")
    event = wire(step)
    key = ":".join(event[name] for name in ("source", "venue", "instrument"))
    ticks = outcome == "applied" and event["source"] in ("market_data", "timer")
    assert session.core.snapshot()["clock"] == clock | ({key: event["event_time"]} if ticks else {})
