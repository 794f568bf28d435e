"""A session close to a needle: an order that was replaced and filled, with numbers that are all wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.coverage.protocol import SearchRequest
from cracktrader_fuzz.coverage.session import SearchSession
from cracktrader_fuzz.subjects.limits import Limits

ROOT = Path(__file__).resolve().parents[2]


def intent(kind: str, **payload: Any) -> Step:
    """An intent of the strategy."""
    return {"intent_type": kind, "payload": {"order_id": "o1", **payload}, "strategy_id": "s1"}


def report(seq_id: int, kind: str, **payload: Any) -> Step:
    """A report of the venue."""
    return {
        "seq_id": seq_id,
        "event_time": seq_id,
        "ingest_time": seq_id,
        "source": "broker_report",
        "venue": "v1",
        "instrument": "i1",
        "event_type": kind,
        "payload": {"order_id": "o1", **payload},
        "idempotency_key": None,
    }


TERMS = {"venue": "v1", "instrument": "i1", "side": "buy", "order_type": "limit", "quantity": "20", "limit_price": "3"}
FILL = {"last_quantity": "2", "last_price": "3", "fee": "0.5", "fee_asset": "quote"}
CASE = Case(
    "cracktrader",
    {"initial_cash": "100"},
    [
        intent("place_order", **TERMS),
        report(1, "order_submitted"),
        report(2, "order_accepted"),
        intent("replace_order", quantity="21"),
        report(3, "order_replaced", quantity="21"),
        report(4, "order_fill", **FILL),
    ],
)


def session(
    folder: Path, *subjects: str, follows_rust: bool = True, follows_python: bool = False, seed: int = 1
) -> SearchSession:
    """A search that begins with the one case."""
    corpus = folder / "corpus"
    request = SearchRequest(
        str(ROOT), "cracktrader", subjects, seed, str(corpus), "", Limits(), follows_rust, follows_python
    )
    return SearchSession(request, [CASE], folder)
