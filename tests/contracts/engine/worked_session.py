"""A worked session and its exact snapshot, for the tests of snapshot and restore.

The session touches every part of the state: two instruments, orders in six states, a key of each kind, fees
in quote, base and another asset, marks, clocks and a risk flag. Each of its steps is applied and changes the
state.
"""

from __future__ import annotations

import hashlib
from typing import Any

from scenario import Session, Wire, send_to

INITIAL_CASH = "0.5"

SESSION = """
cash amount=10000 key=c1 seq=5
trade price=99.5 time=10
quote bid=1 ask=2 instrument=J time=11
timer name=open time=12
place buy 10@100
submitted key=e1
accepted
fill 4@100 fee=0.1 key=f1
replace quantity=12
place sell 3 id=o2 type=stop limit=null stop=90 reduce_only=true time_in_force=day strategy_id=s2
submitted id=o2
accepted id=o2
triggered id=o2
place sell 2@120 id=o3 time_in_force=ioc
rejected id=o3 reason=no key=e3
place buy 1 id=o0 type=market limit=null
submitted id=o0
accepted id=o0
fill 1@101 id=o0 fee=0.001 fee_asset=base
place sell 2@-3 id=O4 instrument=J type=stop_limit stop=-2.5 time_in_force=fok
submitted id=O4 instrument=J
accepted id=O4 instrument=J
fill 1.5@-3 id=O4 instrument=J fee=0.25 fee_asset=BNB
cancel id=O4
cancelled id=O4 instrument=J
place buy 1@1 id=o5 instrument=J
cancel id=o5
fill 2@100.00000001
set_risk_flag flag=reduce_only
"""

#: Cash: 0.5 + 10000 - 400 - 0.1 - 101 - 4.5 - 200.00000002.
#: V:I: 4 + 1 - 0.001 + 2, for 400 + 101 + 200.00000002.
SNAPSHOT: Wire = {
    "schema_version": 1,
    "cash": "9294.89999998",
    "last_seq_id": 23,
    "positions": {
        "V:I": {"quantity": "6.999", "open_cost": "701.00000002", "realised": "0"},
        "V:J": {"quantity": "-1.5", "open_cost": "4.5", "realised": "0"},
    },
    "orders": {
        "O4": {
            "venue": "V", "instrument": "J", "side": "sell", "order_type": "stop_limit",
            "time_in_force": "fok", "limit_price": "-3", "stop_price": "-2.5", "reduce_only": False,
            "strategy_id": "s1", "phase": "cancelled", "status": "CANCELLED", "quantity": "2",
            "cumulative": "1.5", "leaves": "0",
            "triggered": False, "cancel_pending": False, "replace_pending": False,
        },
        "o0": {
            "venue": "V", "instrument": "I", "side": "buy", "order_type": "market", "time_in_force": "gtc",
            "limit_price": None, "stop_price": None, "reduce_only": False, "strategy_id": "s1",
            "phase": "working", "status": "FILLED", "quantity": "1", "cumulative": "1", "leaves": "0",
            "triggered": False, "cancel_pending": False, "replace_pending": False,
        },
        "o1": {
            "venue": "V", "instrument": "I", "side": "buy", "order_type": "limit", "time_in_force": "gtc",
            "limit_price": "100", "stop_price": None, "reduce_only": False, "strategy_id": "s1",
            "phase": "working", "status": "REPLACE_PENDING", "quantity": "10", "cumulative": "6",
            "leaves": "4", "triggered": False, "cancel_pending": False, "replace_pending": True,
        },
        "o2": {
            "venue": "V", "instrument": "I", "side": "sell", "order_type": "stop", "time_in_force": "day",
            "limit_price": None, "stop_price": "90", "reduce_only": True, "strategy_id": "s2",
            "phase": "working", "status": "ACCEPTED", "quantity": "3", "cumulative": "0", "leaves": "3",
            "triggered": True, "cancel_pending": False, "replace_pending": False,
        },
        "o3": {
            "venue": "V", "instrument": "I", "side": "sell", "order_type": "limit", "time_in_force": "ioc",
            "limit_price": "120", "stop_price": None, "reduce_only": False, "strategy_id": "s1",
            "phase": "rejected", "status": "REJECTED", "quantity": "2", "cumulative": "0", "leaves": "0",
            "triggered": False, "cancel_pending": False, "replace_pending": False,
        },
        "o5": {
            "venue": "V", "instrument": "J", "side": "buy", "order_type": "limit", "time_in_force": "gtc",
            "limit_price": "1", "stop_price": None, "reduce_only": False, "strategy_id": "s1",
            "phase": "created", "status": "CANCEL_PENDING", "quantity": "1", "cumulative": "0", "leaves": "1",
            "triggered": False, "cancel_pending": True, "replace_pending": False,
        },
    },
    "fees": {"BNB": "0.25"},
    "marks": {"V:I": "99.5", "V:J": "1.5"},
    "clock": {"market_data:V:I": 10, "market_data:V:J": 11, "timer:V:I": 12},
    "risk_flags": {"halt": False, "reduce_only": True},
    "idempotency_keys": {
        name: hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
        for name, text in {
            "c1": "1000 control V I cash_adjustment 100000000000000000000 deposit",
            "e1": "1000 broker_report V I order_submitted o1 ",
            "e3": "1000 broker_report V I order_rejected o3 =no",
            "f1": "1000 broker_report V I order_fill o1 400000000 10000000000 1000000000000000 quote",
        }.items()
    },
}  # fmt: skip


def wires() -> list[Wire]:
    """The steps of the session as new wire dicts."""
    session = Session(None)
    return [session.wire(line) for line in SESSION.strip().splitlines()]


def played(core: Any, count: int | None = None) -> Any:
    """The core after the first `count` steps of the session, all of them by default."""
    for step in wires()[:count]:
        assert send_to(core, step)["outcome"] == "applied", step
    return core
