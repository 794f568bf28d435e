"""Refusals, each by its code, and the order of the checks when an input has two faults.

How to read the tables: the situation is a list of steps, all applied, before the input (`@label`: the order
state of that name); then the input, and its outcome and code. In `PRECEDENCE` each input has the fault of its
own code and one that is checked later. `malformed` means that MalformedInputError is raised. Nothing here
changes the state. Expectations come from docs/engine.md 2 to 5. What is not here: every order state against
every input, which is test_legality_matrix.py, and the malformed values, which are test_number_traps.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from scenario import Session, split_steps, table

REFUSALS = """
# situation                    | input                                 | outcome   | code
# -- idempotency, sequence and time
cash key=k                     | cash key=k                            | duplicate | duplicate_event
cash key=k                     | cash key=k amount=2                   | rejected  | idempotency_conflict
cash key=k                     | risk_flag key=k                       | rejected  | idempotency_conflict
trade seq=7                    | trade seq=7                           | rejected  | sequence_regression
trade seq=7                    | cash seq=6                            | rejected  | sequence_regression
cash seq=7                     | @created; submitted seq=0             | rejected  | sequence_regression
trade time=9                   | trade time=8                          | rejected  | time_regression
trade time=9                   | quote time=8                          | rejected  | time_regression
bar time=9                     | trade time=8                          | rejected  | time_regression
timer time=9                   | timer time=8 name=other               | rejected  | time_regression
# -- an order event that finds no order, or another instrument's
-                              | accepted                              | rejected  | unknown_order
@accepted                      | fill 1 id=o2                          | rejected  | unknown_order
@accepted                      | fill 1 id=O1                          | rejected  | unknown_order
@accepted                      | fill 1 venue=W                        | rejected  | instrument_mismatch
@accepted                      | cancelled instrument=J                | rejected  | instrument_mismatch
@accepted                      | cancelled venue=- instrument=-        | rejected  | instrument_mismatch
@created                       | submitted venue=v                     | rejected  | instrument_mismatch
# -- placing
@filled                        | place                                 | rejected  | duplicate_order_id
@cancelled                     | place venue=W instrument=J            | rejected  | duplicate_order_id
-                              | place type=market                     | rejected  | price_mismatch
-                              | place type=market limit=null stop=1   | rejected  | price_mismatch
-                              | place type=limit limit=null           | rejected  | price_mismatch
-                              | place type=limit stop=1               | rejected  | price_mismatch
-                              | place type=stop limit=null            | rejected  | price_mismatch
-                              | place type=stop stop=1                | rejected  | price_mismatch
-                              | place type=stop_limit                 | rejected  | price_mismatch
-                              | place type=stop_limit limit=null stop=1 | rejected | price_mismatch
-                              | place type=stop_limit limit=null      | rejected  | price_mismatch
set_risk_flag                  | place                                 | rejected  | trading_halted
risk_flag                      | place                                 | rejected  | trading_halted
-                              | place reduce_only=true                | rejected  | reduce_only_violation
set_risk_flag flag=reduce_only | place                                 | rejected  | reduce_only_violation
risk_flag flag=reduce_only     | place                                 | rejected  | reduce_only_violation
# -- replacing: what is named must be a change, and a price must be one that the type has
@limit                         | replace                               | rejected  | nothing_to_change
@limit                         | replace quantity=10.0                 | rejected  | nothing_to_change
@limit                         | replace limit=100.00                  | rejected  | nothing_to_change
@limit                         | replace quantity=10 limit=100         | rejected  | nothing_to_change
@part                          | replace quantity=10 limit=100 stop=101 | rejected | nothing_to_change
@limit                         | replace stop=100                      | rejected  | price_mismatch
@market                        | replace limit=100                     | rejected  | price_mismatch
@market                        | replace quantity=12 limit=100         | rejected  | price_mismatch
place type=stop limit=null stop=9 | replace limit=9                    | rejected  | price_mismatch
place type=stop limit=null stop=9 | replace stop=9                     | rejected  | nothing_to_change
# -- fills
@accepted                      | fill 10.00000001                      | rejected  | overfill
@part                          | fill 6.00000001                       | rejected  | overfill
@part+r                        | fill 7                                | rejected  | overfill
@cancelled-part                | fill 6.00000001                       | rejected  | overfill
@created                       | fill 11                               | rejected  | fill_before_acceptance
@submitted+r                   | fill 11                               | rejected  | fill_before_acceptance
@rejected                      | fill 11                               | rejected  | fill_on_rejected
"""

PRECEDENCE = """
# situation                      | input                                 | outcome   | code
# -- shape, before idempotency
cash key=k                       | cash key=k amount=x                   | malformed | malformed_number
# -- idempotency, before sequence, time, the order and its lifecycle
cash key=k seq=5                 | cash key=k seq=4                      | duplicate | duplicate_event
cash key=k seq=5                 | cash key=k seq=4 amount=2             | rejected  | idempotency_conflict
trade key=k time=5; trade time=9 | trade key=k time=5                    | duplicate | duplicate_event
trade key=k time=5; trade time=9 | trade key=k time=6                    | rejected  | idempotency_conflict
cash key=k                       | accepted key=k                        | rejected  | idempotency_conflict
@part; fill 1 key=k; cancelled   | fill 1 key=k                          | duplicate | duplicate_event
@part; fill 6 key=k              | fill 6 key=k                          | duplicate | duplicate_event
@part; fill 6 key=k              | fill 7 key=k                          | rejected  | idempotency_conflict
@part; fill 6 key=k              | fill 6 key=k venue=W                  | rejected  | idempotency_conflict
# -- sequence, before time, the order and its lifecycle
trade seq=5 time=5               | trade seq=5 time=4                    | rejected  | sequence_regression
cash seq=5                       | accepted seq=5                        | rejected  | sequence_regression
@filled; cash seq=90             | fill 1 venue=W seq=90                 | rejected  | sequence_regression
# -- the order known, before its instrument
@part                            | fill 1 id=o2 venue=W                  | rejected  | unknown_order
# -- its instrument, before its lifecycle
@filled                          | fill 1 venue=W                        | rejected  | instrument_mismatch
@created                         | accepted instrument=J                 | rejected  | instrument_mismatch
# -- its lifecycle, before numbers: 1e10 x 1e10 is 1e20, and the fee takes cash below -1e21
@part                            | fill 7 fee=1000000000000000000000     | rejected  | overfill
@created                         | fill 1 fee=1000000000000000000000     | rejected  | fill_before_acceptance
@part                            | fill 6@100 fee=1000000000000000000000 | rejected  | out_of_range
# -- placing, in the order of the page's table
@created                         | place type=market                     | rejected  | duplicate_order_id
@created; set_risk_flag          | place                                 | rejected  | duplicate_order_id
@created                         | place reduce_only=true                | rejected  | duplicate_order_id
set_risk_flag                    | place type=market                     | rejected  | price_mismatch
-                                | place type=market reduce_only=true    | rejected  | price_mismatch
set_risk_flag                    | place reduce_only=true                | rejected  | trading_halted
# -- cancelling and replacing, in the order of the page's table
@cancelled                       | replace limit=100                     | rejected  | order_closed
@filled                          | replace                               | rejected  | order_closed
@part+cr                         | replace quantity=13                   | rejected  | cancel_already_pending
@part+cr                         | cancel                                | rejected  | cancel_already_pending
@part+c                          | replace                               | rejected  | cancel_already_pending
@limit+r                         | replace stop=1                        | rejected  | replace_already_pending
@limit+r                         | replace                               | rejected  | replace_already_pending
@limit                           | replace quantity=10 stop=1            | rejected  | price_mismatch
# -- order_replaced: nothing_pending, then price_mismatch
@limit                           | replaced stop=1                       | rejected  | nothing_pending
@market+r                        | replaced quantity=12 limit=1          | rejected  | price_mismatch
"""

NOTHING_MOVED = {"transitions": [], "cash_delta": "0", "position_delta": "0", "realised_delta": "0"}


def check(core: Any, situation: str, last: str, outcome: str, code: str) -> None:
    """The last step of `last` has the outcome and code and moves nothing; the others set up."""
    from cracktrader.engine.error import MalformedInputError

    *more, step = split_steps(last)
    session = Session(core).run(situation).run("; ".join(more))
    wire, digest = session.wire(step), core.state_digest()
    send = core.apply_event if "event_type" in wire else core.process_intent
    if outcome == "malformed":
        with pytest.raises(MalformedInputError) as caught:
            send(wire)
        assert caught.value.code == code
    else:
        named = {"seq_id": wire.get("seq_id"), "order_id": wire["payload"].get("order_id")}
        assert send(wire) == {"outcome": outcome, "code": code, **named, **NOTHING_MOVED}
    assert core.state_digest() == digest


@pytest.mark.parametrize(("situation", "step", "outcome", "code"), table(REFUSALS))
def test_refusal(core_of: Any, situation: str, step: str, outcome: str, code: str) -> None:
    """An input that the state does not allow is refused with its code and changes nothing."""
    check(core_of(), situation, step, outcome, code)


@pytest.mark.parametrize(("situation", "step", "outcome", "code"), table(PRECEDENCE))
def test_first_fault_gives_the_code(core_of: Any, situation: str, step: str, outcome: str, code: str) -> None:
    """Of two faults the one that the page checks first gives the code."""
    check(core_of(), situation, step, outcome, code)


def test_a_halt_refuses_new_orders_only(core_of: Any) -> None:
    """In a halt an order can be replaced, cancelled and filled; lifting it lets orders in again."""
    session = Session(core_of()).run("@part; set_risk_flag; replace quantity=12; replaced quantity=12; fill 1; cancel")
    session.run("cancelled; set_risk_flag on=true; risk_flag on=false; place id=o2")
    assert session.order("o2")["status"] == "CREATED"
    assert session.core.snapshot()["risk_flags"] == {"halt": False, "reduce_only": False}


def test_applied_intents_that_name_no_order_show_no_transition(core_of: Any) -> None:
    """`no_op` and `set_risk_flag` are applied with a null order and seq_id; `no_op` changes nothing."""
    core = core_of()
    digest = core.state_digest()
    nothing = {"outcome": "applied", "code": "ok", "seq_id": None, "order_id": None, **NOTHING_MOVED}
    assert Session(core).send("no_op") == nothing and core.state_digest() == digest
    assert Session(core).send("set_risk_flag") == nothing and core.snapshot()["risk_flags"]["halt"] is True
