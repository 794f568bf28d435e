"""A case that is used throughout: an order for 1, accepted, and a fill of 1.00000001."""

from __future__ import annotations

from pathlib import Path

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.corpus.documents import Provenance, text_of
from cracktrader_fuzz.corpus.store import finding_of, write_atomically
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import seat_subjects
from cracktrader_strategies.target import CRACKTRADER

ROOT = Path(__file__).resolve().parents[2]
CANARY = "rust-overfill-by-one-accepted"
SEATS = f"python,{CANARY}"
SIGNATURE = f"cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~{CANARY}"


def report(seq_id: int, event_type: str, **payload: object) -> Step:
    """A broker report about the order `o1`."""
    envelope = {"seq_id": seq_id, "event_time": 1, "ingest_time": 1, "source": "broker_report"}
    where = {"venue": "v1", "instrument": "i1", "event_type": event_type}
    return {**envelope, **where, "payload": {"order_id": "o1", **payload}, "idempotency_key": None}


def place(**changes: object) -> Step:
    """An order for one, at 1."""
    terms = {"venue": "v1", "instrument": "i1", "side": "buy", "order_type": "limit"}
    payload = {"order_id": "o1", **terms, "quantity": "1", "limit_price": "1", **changes}
    return {"intent_type": "place_order", "payload": payload, "strategy_id": "s1"}


def overfill_case() -> Case:
    """The case."""
    fill = report(3, "order_fill", last_quantity="1.00000001", last_price="1", fee="0", fee_asset="quote")
    steps = [place(), report(1, "order_submitted"), report(2, "order_accepted"), fill]
    return Case("cracktrader", {"initial_cash": "1000"}, steps)


def cores(*names: str) -> Lockstep:
    """These subjects in their seats."""
    return Lockstep(CRACKTRADER, seat_subjects(CRACKTRADER, names))


def write_overfill(folder: Path) -> Path:
    """The case as a finding on the disk."""
    case = overfill_case()
    divergence = cores("python", CANARY).run_case(case, exact=True).divergence
    assert divergence is not None
    finding = finding_of(case, divergence, None, Provenance("hand"))
    path = folder / "overfill.json"
    write_atomically(path, text_of(finding))
    return path
