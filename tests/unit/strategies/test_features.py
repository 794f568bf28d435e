"""What a step has done, as a text of three features."""

from __future__ import annotations

from cracktrader_fuzz.case.model import Step
from cracktrader_strategies.features import OrderFeatures
from cracktrader_strategies.subjects.cores import PythonCore
from cracktrader_strategies.subjects.needle import NeedleCore

TERMS = {"venue": "v1", "instrument": "i1", "side": "sell", "order_type": "limit", "quantity": "20", "limit_price": "3"}


def intent(kind: str, **payload: object) -> Step:
    """An intent for the one order."""
    return {"intent_type": kind, "payload": {"order_id": "o1", **payload}, "strategy_id": "s1"}


def report(seq_id: int, kind: str, **payload: object) -> Step:
    """A report on the one order."""
    return {
        "seq_id": seq_id,
        "event_time": 1,
        "ingest_time": 1,
        "source": "broker_report",
        "venue": "v1",
        "instrument": "i1",
        "event_type": kind,
        "payload": {"order_id": "o1", **payload},
        "idempotency_key": None,
    }


def fill(seq_id: int, quantity: str, price: str, fee: str) -> Step:
    """A fill on the one order."""
    return report(seq_id, "order_fill", last_quantity=quantity, last_price=price, fee=fee, fee_asset="quote")


WORKING = [intent("place_order", **TERMS), report(1, "order_submitted"), report(2, "order_accepted")]


def test_status_sign_and_pending_requests() -> None:
    """The features are the status after the step, the sign of the position, and c or r for what is pending."""
    steps = [
        *WORKING,
        fill(3, "2", "3", "0"),
        intent("replace_order", quantity="21"),
        intent("cancel_order"),
        report(4, "order_replaced", quantity="21"),
        report(5, "order_cancel_rejected"),
        report(5, "order_cancel_rejected"),
        report(6, "order_cancelled"),
    ]
    core, features = PythonCore(), OrderFeatures()
    core.start({})
    texts = [features.after(step, core.step(step)) for step in steps]
    assert texts == [
        *("CREATED 0 ", "SUBMITTED 0 ", "ACCEPTED 0 ", "PARTIALLY_FILLED -1 ", "REPLACE_PENDING -1 r"),
        *("CANCEL_PENDING -1 cr", "CANCEL_PENDING -1 c", "PARTIALLY_FILLED -1 ", " -1 ", "CANCELLED -1 "),
    ]


def test_step_without_an_order() -> None:
    """A step that is about no order has no features."""
    core = PythonCore()
    core.start({})
    step = {"intent_type": "no_op", "payload": {}, "strategy_id": "s1"}
    assert OrderFeatures().after(step, core.step(step)) == "-"


def test_needle_needs_everything() -> None:
    """The needle shows on its fill of a replaced order, not with a digit changed, nor without a replace."""
    replace = [intent("replace_order", quantity="21"), report(3, "order_replaced", quantity="21")]
    exact = ("8.57204913", "26.45751311", "0.0031622776")
    near = [(*exact[:place], f"{exact[place][:-1]}0", *exact[place + 1 :]) for place in range(3)]
    for steps, numbers, pricks in (
        (replace, exact, True),
        ([], exact, False),
        *((replace, each, False) for each in near),
    ):
        answers = []
        for core in (PythonCore(), NeedleCore()):
            core.start({})
            answers.append([core.step(step) for step in (*WORKING, *steps, fill(4, *numbers))])
        assert answers[0][:-1] == answers[1][:-1]
        assert (answers[0] != answers[1]) is pricks
