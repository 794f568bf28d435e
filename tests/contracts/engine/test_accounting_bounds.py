"""The bounds of money and positions: what reaches one is applied, what would leave it is `out_of_range`.

How to read the tables: initial cash, what happens before (`N x A, B` repeats), and the last step. A trade
`buy|sell ...` is the fill of an order of its own. E10 is 1e10, E21 is 1e21, the largest price and cash; `e`
and `u` are 1e-16 and 1e-8. Bounds count at the end of a step only (docs/engine.md 6, D23): in `AT_BOUND` the
marked rows leave one in between.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from scenario import Session, table

NUMBERS = {
    "E10": "10000000000", "E21": "1000000000000000000000", "E20": "100000000000000000000",
    "e": "0.0000000000000001", "u": "0.00000001", "1u": "1.00000001", "E10-u": "9999999999.99999999",
}  # fmt: skip

BEYOND = """
# cash | before                                      | step                            | what leaves
E21    | -                                           | cash amount=e                   | cash above
-E21   | -                                           | cash amount=-e                  | cash below
E21    | -                                           | sell u@u                        | cash above
-E21   | -                                           | buy u@u                         | cash below
-E21   | -                                           | sell u@-u                       | cash below
-E21   | -                                           | buy 1@0 fee=e                   | cash below
E21    | -                                           | buy 1@0 fee=-e                  | cash above
0      | 9 x buy E10@0                               | buy u@0                         | position above
0      | 9 x sell E10@0                              | sell u@0                        | position below
0      | 9 x buy E10@0                               | sell 1@0 fee=-1u fee_asset=base | position above
0      | 9 x sell E10@0                              | buy 1@0 fee=1u fee_asset=base   | position below
E21    | 10 x buy E10@E10 fee=E10-u fee_asset=base   | buy u@u                         | open_cost above
-E21   | 10 x sell E10@E10 fee=-E10-u fee_asset=base | sell u@u                        | open_cost below
-E21   | 5 x buy E10@-E10, sell E10@E10; buy u@0     | sell u@u                        | realised above
E21    | 5 x buy E10@E10, sell E10@-E10; buy u@u     | sell u@0                        | realised below
0      | buy 1@1 fee=E21 fee_asset=BNB               | buy 1@1 fee=e fee_asset=BNB     | fees above
0      | buy 1@1 fee=-E21 fee_asset=BNB              | buy 1@1 fee=-e fee_asset=BNB    | fees below
"""

AT_BOUND = """
# cash | before                                      | step                           | cash  | position
0      | -                                           | cash amount=E21                | E21   | -
E21    | sell u@0                                    | buy 1@0                        | E21   | 0.99999999
E20    | cash amount=-E21; cash amount=-E20          | buy 1@0                        | -E21  | 1
0      | 8 x buy E10@0                               | buy E10@0                      | 0     | 90000000000
0      | 8 x sell E10@0                              | sell E10@0                     | 0     | -90000000000
0      | buy 1@1 fee=E21 fee_asset=BNB               | buy 1@0 fee=-E21 fee_asset=BNB | -1    | 2
# -- beyond a bound in between
0      | 9 x buy E10@0                               | buy 1@0 fee=1 fee_asset=base   | 0     | 90000000000
0      | 9 x sell E10@0                              | sell 1@0 fee=-1 fee_asset=base | 0     | -90000000000
E21    | -                                           | sell E10@E10 fee=E20           | E21   | -10000000000
-E21   | -                                           | buy E10@E10 fee=-E20           | -E21  | 10000000000
"""


def expand(text: str) -> str:
    """The text with the numbers of `NUMBERS` written out."""
    return re.sub(r"(?<=[ @=-])(E10-u|E10|E20|E21|1u|u|e)(?=[@ ,;]|$)", lambda m: NUMBERS[m[0]], f" {text}").strip()


def prepared(core_of: Any, cash: str, before: str, step: str) -> tuple[Session, str]:
    """A session after `before`, and the wire step that is left to send."""
    session = Session(core_of(expand(cash))).play(expand(before))
    step = expand(step)
    return session, session.open_for(step) if step.startswith(("buy", "sell")) else step


@pytest.mark.parametrize(("cash", "before", "step", "what"), table(BEYOND))
def test_beyond_a_bound(core_of: Any, cash: str, before: str, step: str, what: str) -> None:
    """A step that would leave a bound at its end is `out_of_range`, and nothing of it is booked."""
    session, last = prepared(core_of, cash, before, step)
    digest = session.core.state_digest()
    result = session.send(last)
    assert (result["outcome"], result["code"]) == ("rejected", "out_of_range"), what
    moved = [result[name] for name in ("transitions", "cash_delta", "position_delta", "realised_delta")]
    assert moved == [[], "0", "0", "0"] and session.core.state_digest() == digest


@pytest.mark.parametrize(("cash", "before", "step", "cash_after", "position"), table(AT_BOUND))
def test_at_a_bound(core_of: Any, cash: str, before: str, step: str, cash_after: str, position: str) -> None:
    """A step that ends within the bounds is applied, also one that reaches or in between leaves one."""
    session, last = prepared(core_of, cash, before, step)
    assert session.send(last)["code"] == "ok"
    state = session.core.snapshot()
    assert state["cash"] == expand(cash_after)
    assert [held["quantity"] for held in state["positions"].values()] == ([] if position == "-" else [position])


def test_open_cost_beyond_its_bound_in_between(core_of: Any) -> None:
    """A trade takes open_cost past 1e21, and its base fee, crossing zero, realises it within the bound."""
    session = Session(core_of(0)).play(expand("buy E10@-E10; sell E10@E10; 10 x buy E10@E10 fee=E10-u fee_asset=base"))
    assert session.position() == {
        "quantity": "0.0000001", "open_cost": "1000000000000000000000", "realised": "200000000000000000000",
    }  # fmt: skip
    session.execute(expand("buy 9999999999@E10 fee=E10 fee_asset=base"))
    assert session.position() == {
        "quantity": "-0.9999999",
        "open_cost": "0",
        "realised": "-899999999990000000000",
    }


def test_a_refused_fill_can_be_repeated_when_there_is_room(core_of: Any) -> None:
    """`out_of_range` leaves the key unused: the same execution is booked once cash has room for it."""
    session, last = prepared(core_of, "E21", "-", "sell 1@1")
    assert session.send(f"{last} key=k")["code"] == "out_of_range"
    assert session.send("cash amount=-1")["code"] == "ok"
    assert session.send(f"{last} key=k")["code"] == "ok"
    assert session.send(f"{last} key=k")["code"] == "duplicate_event"
