"""Money to the last unit: cash, position, open cost, realised profit and fees after fills worked out by hand.

How to read `LEDGER`: a block is one core from empty; each line is a fill (of an order of its own), the three
deltas of its result, and the position after it. `TIES` counts in units (quantity 1e-8, money 1e-16).
Expectations come from docs/engine.md 6. What would leave a bound is in test_accounting_bounds.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from scenario import Session, order_in, table

LEDGER = """
## a long position: add, reduce, close   | cash    | position | realised | quantity | open_cost | realised in all
buy 1@100                                | -100    | 1        | 0        | 1        | 100       | 0
buy 1@110                                | -110    | 1        | 0        | 2        | 210       | 0
sell 1@120                               | 120     | -1       | 15       | 1        | 105       | 15
sell 1@90                                | 90      | -1       | -15      | 0        | 0         | 0
## a short position: add, reduce, close
sell 1@100                               | 100     | -1       | 0        | -1       | -100      | 0
sell 3@80                                | 240     | -3       | 0        | -4       | -340      | 0
buy 1@70                                 | -70     | 1        | 15       | -3       | -255      | 15
buy 3@90                                 | -270    | 3        | -15      | 0        | 0         | 0
## through zero both ways, with a quote fee and a quote rebate: realised is gross of both
buy 2@100                                | -200    | 2        | 0        | 2        | 200       | 0
sell 5@110 fee=1                         | 549     | -5       | 20       | -3       | -330      | 20
buy 4@100 fee=-0.5                       | -399.5  | 4        | 30       | 1        | 100       | 50
## a base fee on a buy and on a sell: at no price, off the position
buy 1@100 fee=0.001 fee_asset=base       | -100    | 0.999    | 0        | 0.999    | 100       | 0
sell 0.333@90 fee=0.001 fee_asset=base   | 29.97   | -0.334   | -3.3633333333333333 | 0.665 | 66.6666666666666667 | -3.3633333333333333
## a base fee makes a short position larger
sell 1@100 fee=0.1 fee_asset=base        | 100     | -1.1     | 0        | -1.1     | -100      | 0
buy 0.1@100 fee=0.1 fee_asset=base       | -10     | 0        | -0.9090909090909091 | -1.1 | -90.9090909090909091 | -0.9090909090909091
## a base fee reaches zero: what was open is lost
buy 1@100                                | -100    | 1        | 0        | 1        | 100       | 0
sell 0.9@100 fee=0.1 fee_asset=base      | 90      | -1       | -10      | 0        | 0         | -10
## a base fee crosses zero: the new side has cost nothing
buy 1@100                                | -100    | 1        | 0        | 1        | 100       | 0
sell 0.9@100 fee=0.3 fee_asset=base      | 90      | -1.2     | -10      | -0.2     | 0         | -10
buy 0.2@50                               | -10     | 0.2      | -10      | 0        | 0         | -20
## a base fee eats all that was bought, and more
buy 1@100 fee=1 fee_asset=base           | -100    | 0        | -100     | 0        | 0         | -100
buy 1@100 fee=1.5 fee_asset=base         | -100    | -0.5     | -100     | -0.5     | 0         | -200
## a base fee on a position that the trade made flat
buy 1@100                                | -100    | 1        | 0        | 1        | 100       | 0
sell 1@110 fee=0.1 fee_asset=base        | 110     | -1.1     | 10       | -0.1     | 0         | 10
## a base rebate adds to a long position
buy 1@100 fee=-0.1 fee_asset=base        | -100    | 1.1      | 0        | 1.1      | 100       | 0
## a base rebate reaches zero from below
sell 1@100                               | 100     | -1       | 0        | -1       | -100      | 0
buy 0.5@100 fee=-0.5 fee_asset=base      | -50     | 1        | 50       | 0        | 0         | 50
## a base rebate crosses zero from below
sell 1@100                               | 100     | -1       | 0        | -1       | -100      | 0
buy 0.9@100 fee=-0.3 fee_asset=base      | -90     | 1.2      | 10       | 0.2      | 0         | 10
## the trade goes through zero, and its base rebate back
buy 1@100                                | -100    | 1        | 0        | 1        | 100       | 0
sell 1.5@120 fee=-0.7 fee_asset=base     | 180     | -0.8     | 80       | 0.2      | 0         | 80
## zero and negative prices
buy 2@0                                  | 0       | 2        | 0        | 2        | 0         | 0
buy 2@-5                                 | 10      | 2        | 0        | 4        | -10       | 0
sell 1@-1                                | -1      | -1       | 1.5      | 3        | -7.5      | 1.5
sell 3@0                                 | 0       | -3       | 7.5      | 0        | 0         | 9
## thirds leave no residue; the second release is a tie, to even
buy 2@100                                | -200    | 2        | 0        | 2        | 200       | 0
buy 1@100.00000001                       | -100.00000001 | 1  | 0        | 3        | 300.00000001 | 0
sell 1@100                               | 100     | -1       | -0.0000000033333333 | 2 | 200.0000000066666667 | -0.0000000033333333
sell 1@100                               | 100     | -1       | -0.0000000033333334 | 1 | 100.0000000033333333 | -0.0000000066666667
sell 1@100                               | 100     | -1       | -0.0000000033333333 | 0 | 0         | -0.00000001
## a product of 178 bits, exact
buy 7000000000@9999999999.99999999       | -69999999999999999930 | 7000000000 | 0 | 7000000000 | 69999999999999999930 | 0
sell 3333333333.33333333@0               | 0       | -3333333333.33333333 | -33333333333333333266.6666666666666667 | 3666666666.66666667 | 36666666666666666663.3333333333333333 | -33333333333333333266.6666666666666667
## a tie in 181 bits, up to even
buy 9999999999.99999999@9999999999.99999999 | -99999999999999999800.0000000000000001 | 9999999999.99999999 | 0 | 9999999999.99999999 | 99999999999999999800.0000000000000001 | 0
buy 9999999999.99999999@9999999999.99999998 | -99999999999999999700.0000000000000002 | 9999999999.99999999 | 0 | 19999999999.99999998 | 199999999999999999500.0000000000000003 | 0
sell 9999999999.99999999@0               | 0       | -9999999999.99999999 | -99999999999999999750.0000000000000002 | 9999999999.99999999 | 99999999999999999750.0000000000000001 | -99999999999999999750.0000000000000002
"""  # noqa: E501

TIES = """
# one unit each at these prices | released on closing one | left open
buy 0 1                         | 0                       | 1
buy 1 2                         | 2                       | 1
buy 1 4                         | 2                       | 3
buy 3 4                         | 4                       | 3
buy 0 -1                        | 0                       | -1
buy -1 -2                       | -2                      | -1
buy -1 -4                       | -2                      | -3
buy -3 -4                       | -4                      | -3
sell 0 1                        | 0                       | -1
sell 1 2                        | -2                      | -1
sell 1 4                        | -2                      | -3
sell 3 4                        | -4                      | -3
sell 0 -1                       | 0                       | 1
sell -1 -2                      | 2                       | 1
buy 3 3 4                       | 3                       | 7
buy 3 4 4                       | 4                       | 7
sell 3 3 4                      | -3                      | -7
sell 3 4 4                      | -4                      | -7
buy 0 0 1 1                     | 0                       | 2
buy 1 1 2 2                     | 2                       | 4
"""

FEES = """
# fill, one after the other                              | fees after it
buy 1@1 fee=0.1 fee_asset=BNB                            | BNB=0.1
buy 1@1 fee=0.0000000000000001 fee_asset=BNB             | BNB=0.1000000000000001
sell 1@1 fee=2 fee_asset=Quote                           | BNB=0.1000000000000001 Quote=2
sell 1@1 fee=-0.1000000000000001 fee_asset=BNB           | Quote=2
sell 1@1 fee=0 fee_asset=USDT                            | Quote=2
sell 1@1 fee=3                                           | Quote=2
sell 1@1 fee=0.01 fee_asset=base                         | Quote=2
buy 1@1 fee=-2.5 fee_asset=Quote                         | Quote=-0.5
buy 1@1 fee=1 fee_asset=BASE                             | BASE=1 Quote=-0.5
"""

CASH = """
# adjustment                                 | cash_delta          | cash after
cash amount=5 reason=deposit                 | 5                   | 5
cash amount=-2 reason=deposit                | -2                  | 3
cash amount=5 reason=withdrawal              | 5                   | 8
cash amount=-8 reason=withdrawal             | -8                  | 0
cash amount=-0.0000000000000001 reason=funding | -0.0000000000000001 | -0.0000000000000001
cash amount=0 reason=funding                 | 0                   | -0.0000000000000001
"""

UNIT = "0.00000001"


def blocks(text: str) -> dict[str, list[list[str]]]:
    """The rows of each `## title` block."""
    parts = (part.partition("\n") for part in text.split("## ")[1:])
    return {title.partition("|")[0].strip(): table(lines) for title, _, lines in parts}


def units(text: str, scale: int) -> int:
    """The whole number of units that a decimal string stands for, at `scale` decimals."""
    whole, _, fraction = text.lstrip("-").partition(".")
    count = int(whole + fraction.ljust(scale, "0"))
    return -count if text.startswith("-") else count


def price(count: str) -> str:
    """A price of so many units of 1e-8, as a decimal string."""
    return f"{'-' if count.startswith('-') else ''}0.0000000{count.lstrip('-')}"


@pytest.mark.parametrize("rows", blocks(LEDGER).values(), ids=blocks(LEDGER))
def test_ledger(core_of: Any, rows: list[list[str]]) -> None:
    """Each fill moves cash, position, open cost and realised profit by exactly what the page says."""
    session = Session(core_of())
    for trade, *expected in rows:
        result, position = session.execute(trade), session.position()
        deltas = [result[name] for name in ("cash_delta", "position_delta", "realised_delta")]
        assert [*deltas, position["quantity"], position["open_cost"], position["realised"]] == expected, trade


@pytest.mark.parametrize("rows", blocks(LEDGER).values(), ids=blocks(LEDGER))
def test_ledger_rows_add_up(rows: list[list[str]]) -> None:
    """The table is sound: its deltas add up, and realised - open_cost + sum(q x p) is zero."""
    quantity = realised = spent = 0
    for trade, _, moved, gained, after, cost, total in rows:
        side, deal, *_ = trade.split()
        deal_quantity, _, at = deal.partition("@")
        sign = 1 if side == "buy" else -1
        quantity, realised = quantity + units(moved, 8), realised + units(gained, 16)
        spent += sign * units(deal_quantity, 8) * units(at, 8)
        assert (units(after, 8), units(total, 16)) == (quantity, realised)
        assert realised - units(cost, 16) + spent == 0


@pytest.mark.parametrize(("legs", "released", "left"), table(TIES))
def test_release_is_rounded_half_to_even(core_of: Any, legs: str, released: str, left: str) -> None:
    """The released share of the cost is rounded half to even, both signs; closing the rest leaves nothing."""
    session = Session(core_of())
    side, *prices = legs.split()
    back = "sell" if side == "buy" else "buy"
    for count in prices:
        session.execute(f"{side} {UNIT}@{price(count)}")
    result = session.execute(f"{back} {UNIT}@0")
    assert units(result["realised_delta"], 16) == -int(released)
    assert units(session.position()["open_cost"], 16) == int(left)
    for _ in prices[1:]:
        session.execute(f"{back} {UNIT}@0")
    cost = sum(map(int, prices)) * (1 if side == "buy" else -1)
    position = session.position()
    assert (position["quantity"], position["open_cost"], units(position["realised"], 16)) == ("0", "0", -cost)


def test_fees_in_other_assets(core_of: Any) -> None:
    """A fee in another asset only adds to that asset's total; a total of zero is not listed."""
    session = Session(core_of())
    for trade, expected in table(FEES):
        result = session.execute(trade)
        fees = dict(pair.split("=") for pair in expected.split())
        assert session.core.snapshot()["fees"] == fees and list(fees) == sorted(fees), trade
        if "fee_asset=" in trade and "base" not in trade:
            assert result["cash_delta"] == ("-1" if trade.startswith("buy") else "1"), trade


def test_cash_adjustments(core_of: Any) -> None:
    """An adjustment adds its signed amount to cash, whatever its reason, and names no order."""
    session = Session(core_of())
    for step, delta, cash in table(CASH):
        result = session.send(step)
        assert result == {
            "outcome": "applied", "code": "ok", "seq_id": session.seq_id, "order_id": None, "transitions": [],
            "cash_delta": delta, "position_delta": "0", "realised_delta": "0",
        }  # fmt: skip
        assert session.core.snapshot()["cash"] == cash


@pytest.mark.parametrize(("state", "status"), [("cancelled-part", "CANCELLED"), ("expired", "EXPIRED")])
def test_late_fill_is_booked(core_of: Any, state: str, status: str) -> None:
    """A fill that comes after the order closed moves money and cumulative; status and leaves 0 stay."""
    session = order_in(core_of(), state)
    before = session.core.snapshot()
    result = session.send("fill 5@90 fee=1")
    order, done = session.order(), int(before["orders"]["o1"]["cumulative"]) + 5
    assert (result["code"], result["cash_delta"], result["position_delta"]) == ("ok", "-451", "5")
    assert (order["status"], order["cumulative"], order["leaves"]) == (status, str(done), "0")
    assert units(session.core.snapshot()["cash"], 16) - units(before["cash"], 16) == units("-451", 16)


def test_placing_and_pending_requests_move_no_money(core_of: Any) -> None:
    """Cash and positions are untouched until a fill: no position is listed before the first booked one."""
    session = Session(core_of(1000)).run("@limit; replace quantity=12; cancel; cancel_rejected; replaced quantity=12")
    refused = session.send("fill 13")
    assert refused["code"] == "overfill"
    assert (session.core.get_cash(), session.core.get_positions()) == (1000.0, {})


def test_float_views(core_of: Any) -> None:
    """`get_cash` and `get_positions` are float(units) / float(scale), not the float nearest to the value."""
    session = Session(core_of("2743.7166598339548353"))
    assert session.core.get_cash().hex() == "0x1.56f6eee09aa62p+11"
    session.execute("buy 1257356417.3751062@0")
    assert {key: view.hex() for key, view in session.core.get_positions().items()} == {"V:I": "0x1.2bc6f205801bep+30"}
    assert type(session.core.get_cash()) is float


def test_positions_are_apart_and_in_bytewise_order(core_of: Any) -> None:
    """Each venue and instrument has its own position; all are in bytewise order of `venue:instrument`."""
    session = Session(core_of())
    for venue, instrument in (("b", "I"), ("V", "I:2"), ("V", "I"), ("V!", "I"), ("B", "I")):
        session.execute("buy 1@1", f"venue={venue} instrument={instrument}")
    session.execute("sell 1@2", "venue=V instrument=I")
    positions = session.core.get_positions()
    assert list(positions.items()) == [
        ("B:I", 1.0),
        ("V!:I", 1.0),
        ("V:I", 0.0),
        ("V:I:2", 1.0),
        ("b:I", 1.0),
    ]
    assert positions["V:I"].hex() == "0x0.0p+0" and list(session.core.snapshot()["positions"]) == list(positions)


def test_marks(core_of: Any) -> None:
    """A trade, a bar's close and the half-even middle of a quote set the mark of their own instrument."""
    session = Session(core_of())
    vectors = {
        "trade price=100.5": "100.5", "bar close=-3 high=1 low=2": "-3", "quote bid=99 ask=101": "100",
        "quote bid=101 ask=99": "100", "quote bid=0 ask=0.00000001": "0",
        "quote bid=0.00000001 ask=0.00000002": "0.00000002", "quote bid=0 ask=-0.00000001": "0",
        "quote bid=-0.00000001 ask=-0.00000002": "-0.00000002",
        "quote bid=0.00000002 ask=0.00000003": "0.00000002",
    }  # fmt: skip
    assert [session.run(step).core.snapshot()["marks"] for step in vectors] == [{"V:I": m} for m in vectors.values()]
    session.run("trade venue=W price=7")
    assert session.core.snapshot()["marks"] == {"V:I": "0.00000002", "W:I": "7"}
