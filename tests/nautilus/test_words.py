"""Plain words for NautilusTrader's steps and answers, and bare fields for what has none."""

import pytest
from nautilus_steps import Step, event, fill, order, position_fill

from cracktrader_fuzz.report.description import describe_outcome, describe_step
from nautilus_strategies.target import NAUTILUS

# step | words
WORDS = [
    (order(), "order_initialized o1: buy 10 limit i1, price 5, gtc"),
    (order(order_type="market", reduce_only=True), "order_initialized o1: buy 10 market i1, gtc, reduce only"),
    (
        order(order_type="stop_limit", time_in_force="gtd", expire_time=1, post_only=True),
        "order_initialized o1: buy 10 stop_limit i1, price 5, trigger price 4, expire time 1, gtd, post only",
    ),
    (order(display_qty="0"), "order_initialized o1: buy 10 limit i1, price 5, display quantity 0, gtc"),
    (event("order_denied"), "order_denied o1"),
    (event("order_submitted"), "order_submitted o1  [t1]"),
    (event("order_accepted"), "order_accepted o1  [v1 t1]"),
    (event("order_accepted", addressed_to="o2"), "order_accepted o1: addressed to o2  [v1 t1]"),
    (
        event("order_updated", new_quantity="0", new_price=None, new_trigger_price="2"),
        "order_updated o1: quantity 0, trigger price 2  [v1 t1]",
    ),
    (fill(), "order_filled o1: buy 10 at 5, commission 0 USD, trade t1  [v1 t1]"),
    (fill(position_id="p1"), "order_filled o1: buy 10 at 5, commission 0 USD, trade t1, position p1  [v1 t1]"),
    (position_fill(), "position_filled p1: buy 10 at 5, commission 0 USD, trade t1, order o1, i1  [v1 t1]"),
]


@pytest.mark.parametrize(("step", "words"), WORDS, ids=[words.split("  [")[0] for _, words in WORDS])
def test_step_in_words(step: Step, words: str) -> None:
    """Kind, what it is about, what it says; nothing that its order type or event does not use."""
    assert describe_step(NAUTILUS, step) == words


@pytest.mark.parametrize(
    ("step", "shown"),
    [({}, ""), (event("order_accepted", extra=1), "extra=1"), (order(quantity=1), "quantity=1"), ({"event": 3}, "3")],
)
def test_a_malformed_step_shows_all_its_fields(step: Step, shown: str) -> None:
    """What no side is shown is not left out of the timeline."""
    assert shown in describe_step(NAUTILUS, step)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ({"outcome": "applied", "code": "ok", "status": "SUBMITTED"}, "ok SUBMITTED"),
        ({"outcome": "refused", "code": "refused", "status": "-"}, "refused"),
        ({"outcome": "crashed", "code": "ValueError", "detail": "x"}, "crashed ValueError detail=x"),
    ],
)
def test_outcome_in_words(outcome: dict[str, str], words: str) -> None:
    """The status as it is afterwards; what a crash says, as it says it."""
    assert describe_outcome(NAUTILUS, outcome) == words
