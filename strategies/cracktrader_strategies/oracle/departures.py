"""Where NautilusTrader's rules are not ours, as data: there the oracle does not judge, and counts the reason.

`rule` is the place in `docs/engine.md`; `python -m cracktrader_fuzz oracles` prints the list, `docs/oracle.md` has it.
"""

from cracktrader_fuzz.target.target import Departure

DEPARTURES = (
    Departure("no-order", "sections 3, 5", "step", "is about no order: market data, timers, cash, flags"),
    Departure("not-asked", "section 2", "step", "was refused for a reason that is not the order's"),
    Departure("key-space", "section 2", "step", "an order knows its own trades, and no other keys"),
    Departure("created-pending", "section 3", "step", "a created order can be neither cancelled nor replaced"),
    Departure("external-order", "section 5", "step", "a created order may be accepted, cancelled or expired at once"),
    Departure("early-fill", "section 5, order_fill, line 1", "step", "a submitted order may be filled"),
    Departure("late-fill", "section 5, order_fill, line 3", "part", "a fill opens a cancelled order again"),
    Departure("late-fill-expired", "section 5, order_fill, line 3", "step", "an expired order takes no fill"),
    Departure("pending-kept", "section 4", "part", "a fill or an acknowledgement ends what was pending"),
    Departure("pending-kept-whole", "section 4", "step", "an acceptance or an update ends what was pending"),
    Departure("two-pending", "section 4", "step", "a cancel and a replace are not pending at once"),
    Departure("filled-pending", "section 5, order_cancelled", "step", "a filled order has nothing pending"),
    Departure("pending-phase", "sections 4, 5", "step", "what is pending hides what the order was before"),
    Departure("trigger", "section 10", "step", "a trigger is a status, and only of orders with a limit"),
    Departure(
        "unasked-update", "section 5, order_replaced", "step", "an update needs no request, not even an open order"
    ),
    Departure("acknowledged-replace", "section 5, order_replace_pending", "step", "an acknowledgement sets it pending"),
    Departure("total-below-filled", "sections 4, 5", "step", "an update down to what is filled fills nothing"),
    Departure("float-positions", "section 1", "field", "positions are floats, past 10000000 too coarse"),
    Departure("money-range", "section 1", "step", "an amount of money ends at 17014118346046"),
    Departure("closed-leaves", "section 4", "field", "leaves of a closed order stay; ours are 0"),
    Departure("realised", "section 6", "field", "realised profit and average prices are floats"),
)
