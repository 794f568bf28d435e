"""What the opinion judges, what it leaves, and that it says so; scenarios worked out from `docs/engine.md`."""

from __future__ import annotations

from collections import Counter

import pytest
from mistaken_cores import SEATS, lockstep

from cracktrader_fuzz.case.model import Case, Outcome, Step
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.subjects.oracle import JUDGED, CountingOpinion
from cracktrader_strategies.oracle.departures import DEPARTURES
from cracktrader_strategies.oracle.opinion import NautilusOpinion
from cracktrader_strategies.oracle.reading import number, text
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.target import CRACKTRADER

COUNTED = {each.name for each in DEPARTURES if each.covers != "field"}
STEPS = 15_000


def place(order_id: str = "o1", quantity: object = "2", side: str = "buy") -> Step:
    """The intent to place an order."""
    terms = {"order_id": order_id, "venue": "v1", "instrument": "i1", "side": side, "order_type": "market"}
    return {"intent_type": "place_order", "strategy_id": "s1", "payload": {**terms, "quantity": quantity}}


def ask(kind: str, **terms: str) -> Step:
    """Another intent."""
    return {"intent_type": kind, "strategy_id": "s1", "payload": {"order_id": "o1", **terms}}


def report(kind: str, seq_id: int, key: str | None = None, **payload: object) -> Step:
    """A report of the venue."""
    envelope = {"seq_id": seq_id, "event_time": 1, "ingest_time": 1, "source": "broker_report", "event_type": kind}
    where = {"venue": "v1", "instrument": "i1", "idempotency_key": key}
    return {**envelope, **where, "payload": {"order_id": "o1", **payload}}


def timer(seq_id: int) -> Step:
    """An event about no order."""
    return {**report("timer", seq_id), "source": "timer", "payload": {"name": "t1"}}


def fill(
    seq_id: int, quantity: object, price: object = "3", fee: object = "0", asset: str = "quote", **more: str
) -> Step:
    """A fill."""
    numbers = {"last_quantity": quantity, "last_price": price, "fee": fee, "fee_asset": asset}
    return report("order_fill", seq_id, more.get("key"), **numbers)


WORKING = (place(), report("order_submitted", 1), report("order_accepted", 2))
PARTLY = (*WORKING, fill(3, "0.5", key="k1"))


def asked(*steps: Step) -> tuple[NautilusOpinion, list[Outcome]]:
    """The opinion on the Python core after these steps, and its outcomes."""
    opinion = NautilusOpinion(PythonCore())
    opinion.start({"initial_cash": 100})
    return opinion, [opinion.step(step) for step in steps]


# Steps after which the last one is left, and why; each by the rule that the departure names.
LEFT = (
    ("no-order", (timer(1),)),
    ("not-asked", (*WORKING, report("order_cancelled", 1))),
    ("key-space", (*WORKING, report("order_cancel_pending", 3, "k1"), fill(4, "1", key="k1"))),
    ("created-pending", (place(), ask("cancel_order"))),
    ("external-order", (place(), report("order_accepted", 1))),
    ("early-fill", (place(), report("order_submitted", 1), fill(2, "1"))),
    ("late-fill", (*WORKING, report("order_cancelled", 3), fill(4, "1"))),
    ("late-fill-expired", (*WORKING, report("order_expired", 3), fill(4, "1"))),
    ("pending-kept", (*WORKING, ask("cancel_order"), fill(3, "1"))),
    ("pending-kept-whole", (*WORKING[:2], ask("cancel_order"), report("order_accepted", 2))),
    ("two-pending", (*WORKING, ask("replace_order", quantity="3"), ask("cancel_order"), fill(3, "1"))),
    ("filled-pending", (*WORKING, ask("cancel_order"), fill(3, "2"), report("order_cancel_rejected", 4))),
    ("pending-phase", (*WORKING[:2], ask("cancel_order"), report("order_cancel_rejected", 2))),
    ("trigger", (*WORKING, report("order_triggered", 3))),
    ("unasked-update", (*WORKING, report("order_replaced", 3, quantity="3"))),
    ("acknowledged-replace", (*WORKING, report("order_replace_pending", 3))),
    ("total-below-filled", (*PARTLY, report("order_restated", 4, quantity="0.5"))),
    ("money-range", (*WORKING, fill(3, "1", fee="20000000000000"))),
)  # fmt: skip


def test_every_departure_has_a_scenario() -> None:
    """Every reason that is counted is shown below."""
    assert {name for name, _ in LEFT} == COUNTED


@pytest.mark.parametrize(("name", "steps"), LEFT, ids=[name for name, _ in LEFT])
def test_step_is_left(name: str, steps: tuple[Step, ...]) -> None:
    """The last step is not judged, or its status is not, for this reason; the core's outcome stands, and the state."""
    before, _ = asked(*steps[:-1])
    earlier = Counter(before.tally())
    opinion, outcomes = asked(*steps)
    assert Counter(opinion.tally()) - earlier == {name: 1}
    core = PythonCore()
    core.start({"initial_cash": 100})
    assert [core.step(step) for step in steps] == outcomes
    assert core.observe() == opinion.observe()


JUDGED_SCENARIOS = (
    (*PARTLY, fill(4, "1.5"), fill(5, "0.00000001")),
    (*PARTLY, fill(4, "1.50000001")),
    (*PARTLY, fill(4, "0.5", key="k1")),
    (*PARTLY, fill(4, "0.25", key="k1")),
    (*PARTLY, ask("cancel_order"), report("order_cancel_rejected", 4), report("order_cancelled", 5)),
    (*PARTLY, ask("cancel_order"), report("order_cancel_pending", 4), ask("cancel_order"), ask("replace_order")),
    (*PARTLY, report("order_restated", 4, quantity="7"), fill(5, "6.5")),
    (*PARTLY, ask("replace_order", quantity="5"), report("order_replaced", 4, quantity="5")),
    (*PARTLY, report("order_rejected", 4), report("order_accepted", 5), report("order_expired", 6)),
    (*PARTLY, report("order_expired", 4), report("order_expired", 5), report("order_cancelled", 6)),
    (*WORKING, report("order_rejected", 3), fill(4, "1"), report("order_submitted", 5)),
    (*WORKING, fill(3, 1, 0.5, "-0.1234567890123456"), fill(4, 0.5, "-2", "0.25", "base")),
    (*WORKING, fill(3, "0.1", "9999999999.12345678", "1", "BNB")),
)  # fmt: skip


@pytest.mark.parametrize("steps", JUDGED_SCENARIOS)
def test_step_is_judged(steps: tuple[Step, ...]) -> None:
    """Nothing is left, and NautilusTrader says what the core says."""
    opinion, outcomes = asked(*steps)
    assert opinion.tally() == {JUDGED: len(steps)}
    core = PythonCore()
    core.start({"initial_cash": 100})
    assert [core.step(step) for step in steps] == outcomes
    assert core.observe() == opinion.observe()


def test_order_is_judged_again() -> None:
    """After a step that was left, the order is followed from where ours is: a fill beyond it is refused by both."""
    opinion, outcomes = asked(*WORKING, ask("cancel_order"), fill(3, "1"), fill(4, "1.5"), fill(5, "0.25"))
    assert opinion.tally() == {JUDGED: 5, "pending-kept": 2}
    assert [each["code"] for each in outcomes[-2:]] == ["overfill", "ok"]


def test_cores_agree_with_it_on_generated_cases() -> None:
    """No difference in some cases of each length; the counts add up to the steps, and name listed reasons only."""
    seated, counts, steps, index = lockstep(CRACKTRADER, *SEATS), Counter[str](), 0, 0
    while steps < STEPS:
        explored = explore(seated, 3, index)
        assert explored.verdict.divergence is None
        opinion = seated.subjects[2]
        assert isinstance(opinion, CountingOpinion)
        counts.update(opinion.tally())
        steps, index = steps + explored.verdict.steps, index + 1
    assert counts.total() == steps
    assert set(counts) - {JUDGED} <= COUNTED
    assert counts[JUDGED] > steps // 3


def test_numbers_are_read_as_the_page_says() -> None:
    """Integers, floats on the grid, texts with zeros; written without them."""
    read = [3, 3.0, 0.1, 1e10, "007", "-0", "1.500000000000", -2.5]
    assert [text(number(value)) for value in read] == ["3", "3", "0.1", "10000000000", "7", "0", "1.5", "-2.5"]


def test_crash_of_the_core_goes_through() -> None:
    """What escapes from the core escapes from the opinion too, so that it is charged to the core."""
    opinion = lockstep(CRACKTRADER, "canary-zero-price-raises", "nautilus-on-canary-zero-price-raises")
    steps = [{**report("trade", 1), "source": "market_data", "payload": {"price": "0", "quantity": "1"}}]
    divergence = opinion.run_case(Case("cracktrader", {"initial_cash": 0}, steps), exact=True).divergence
    assert divergence is not None
    assert divergence.difference.right == "crashed:ZeroDivisionError"
