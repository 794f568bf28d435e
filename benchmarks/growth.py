"""Whether a step costs more in a long run: 1,000 steps against 300,000 with 50,000 orders, everything compared."""

from collections.abc import Callable

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.lockstep.run import Lockstep

SHORT_STEPS = 1_000  # as long as the longer cases of the soak
LONG_STEPS = 300_000  # so many orders that a cost which grows with them would be many times the short one's
STEPS_AN_ORDER = 6  # what `_life` makes, the quote included


def order_flow(steps: int) -> Case:
    """Six steps an order: placed, submitted, accepted, filled in two parts, and a quote."""
    flow: list[Step] = []
    for order in range(1 + steps // STEPS_AN_ORDER):
        flow += _life(f"o{order}", len(flow), f"i{order % 7}")
    return Case("cracktrader", {"initial_cash": "1000000"}, flow[:steps])


def contestants(pair: Lockstep) -> dict[str, Callable[[], int]]:
    """The same flow, short and long; the short one as often as makes a measurable time."""
    short, long = order_flow(SHORT_STEPS), order_flow(LONG_STEPS)
    return {
        f"{SHORT_STEPS:,} steps": lambda: sum(pair.run_case(short).steps for _ in range(30)),
        f"{LONG_STEPS:,} steps, {LONG_STEPS // STEPS_AN_ORDER:,} orders": lambda: pair.run_case(long).steps,
    }


def _life(order_id: str, start: int, instrument: str) -> list[Step]:
    terms = {
        "order_id": order_id,
        "venue": "v1",
        "instrument": instrument,
        "side": "buy" if len(order_id) % 2 else "sell",
        "order_type": "limit",
        "quantity": "3",
        "limit_price": "7.3",
    }
    place = {"intent_type": "place_order", "payload": terms, "strategy_id": "s1"}
    fill = {"order_id": order_id, "last_price": "7.3", "fee": "0.001", "fee_asset": "quote"}
    return [
        place,
        _event(start + 1, instrument, "order_submitted", {"order_id": order_id}, None),
        _event(start + 2, instrument, "order_accepted", {"order_id": order_id}, None),
        _event(start + 3, instrument, "order_fill", {**fill, "last_quantity": "1"}, f"{order_id}a"),
        _event(start + 4, instrument, "order_fill", {**fill, "last_quantity": "2"}, f"{order_id}b"),
        _event(start + 5, instrument, "quote", {"bid": "7.2", "ask": "7.4"}, None),
    ]


def _event(seq_id: int, instrument: str, event_type: str, payload: Step, key: str | None) -> Step:
    return {
        "seq_id": seq_id,
        "event_time": seq_id,
        "ingest_time": seq_id,
        "source": "market_data" if event_type == "quote" else "broker_report",
        "venue": "v1",
        "instrument": instrument,
        "event_type": event_type,
        "payload": payload,
        "idempotency_key": key,
    }
