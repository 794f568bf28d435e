"""The target `sequencer`: both sequencers under pushes that tie, come late, are malformed or exhaust the numbers.

Few venues, instruments, producers and times, so that every level of the total order decides somewhere; names whose
joined keys sort differently from their parts; snapshots that are restored, some of them spoiled.
"""

import random
from copy import deepcopy

from cracktrader.engine.rust_bridge import build_sequencer
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.target.grammar import ChoiceRule, Grammar, IntegerRule, NameRule
from cracktrader_fuzz.target.target import Canary, Generation
from cracktrader_strategies.component_target import component_target
from cracktrader_strategies.data_spoiler import spoil_data
from cracktrader_strategies.grammar import GRAMMAR, SCALES
from cracktrader_strategies.numbers import AMOUNTS, FEES, PRICES, QUANTITIES, TRAPS
from cracktrader_strategies.space import evenly
from cracktrader_strategies.step_spoiler import spoil_step

CALLS = ("push", "peek", "drain", "waiting", "snapshot", "restore", "reset")
CHANCES = (*("push",) * 10, *("drain",) * 3, *("peek",) * 2, "waiting", "snapshot")
SNAPSHOTS_KEPT = 8  # so that old ones are restored too, and a case does not hold all of them
INTEGER_MAX = 2**63 - 1  # the bound of times and sequence numbers (section 1 of `docs/engine.md`)

VENUES = ("v1", "v1!", "v0", "V1", "v10")
INSTRUMENTS = ("i1", "i1:x", "i2", "-", "I1")
KINDS = (
    *(("market_data", "trade"), ("market_data", "bar"), ("market_data", "quote"), ("timer", "timer")),
    *(("control", "cash_adjustment"), ("control", "risk_flag"), ("broker_report", "order_fill")),
    *(("broker_report", "order_accepted"), ("broker_report", "order_replaced"), ("broker_report", "order_restated")),
)


class QueueTracker:
    """Whether an event waits in the reference: the target's `Tracker`."""

    def __init__(self) -> None:
        self._count = 0

    def context(self, _: Step) -> str:
        """`empty` or `waiting`."""
        return "waiting" if self._count else "empty"

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Count the events that came in and went out."""
        if outcome["outcome"] != "applied":
            return
        if step["call"] == "push":
            self._count += 1
        elif step["call"] == "drain":
            self._count -= len(outcome["answer"])
        elif step["call"] == "reset":
            self._count = 0
        elif step["call"] == "restore":
            self._count = len(step["arguments"]["snapshot"]["waiting"])


class SequencerDecoder:
    """Bytes to calls: 0 which call, 1 and 2 what and where, 3 to 5 time and producer, 6 to 11 numbers and traps."""

    def begin(self, data: bytes) -> Config:
        """Draw how narrow the case is, how often events are late, and how far the numbers are from their end."""
        take = random.Random(int.from_bytes(data, "little")).choice  # noqa: S311 - repeatable on purpose
        self.tracker = QueueTracker()
        self._snapshots: list[Step] = []
        self._now = take((0, 5, 1_700_000_000_000_000_000, INTEGER_MAX - 40))
        self._pace = take((0, 1, 1, 3))
        self._late_chance = take((0, 32, 160))
        self._trap_chance = take((0, 0, 8, 48))
        self._producers = take((1, 2, 4))
        self._names = take((1, 2, 5))
        return {"first_seq_id": take((1, 1, 0, 7, INTEGER_MAX - 3)), "late": take(("error", "error", "accept"))}

    def decode(self, data: bytes) -> Step:
        call = CHANCES[data[0] * len(CHANCES) >> 8]
        if self._snapshots and data[11] < 8:
            call = "restore"
        elif data[11] == 8:
            call = "reset"
        step = {"call": call, "arguments": getattr(self, f"_{call}", _nothing)(data)}
        self.label = call, self.tracker.context(step)
        return step

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Count what waits, and keep the last snapshots."""
        self.tracker.observe(step, outcome)
        if step["call"] == "snapshot":
            self._snapshots = [*self._snapshots[1 - SNAPSHOTS_KEPT :], outcome["answer"]]

    def _push(self, data: bytes) -> Step:
        arguments: Step = {"event": self._event(data)}
        if data[4] & 3:
            arguments["producer"] = (0, 1, 2, 10)[data[4] % self._producers]
        if data[10] < self._trap_chance:
            arguments["event"] = spoil_step(arguments["event"], data)
        elif data[10] > 253:
            arguments["producer"] = TRAPS[data[9] % len(TRAPS)]
        return arguments

    def _event(self, data: bytes) -> Step:
        source, event_type = KINDS[data[1] * len(KINDS) >> 8]
        self._now = min(self._now + self._pace * (data[3] & 1), INTEGER_MAX)
        late = data[5] < self._late_chance
        return {
            "event_time": max(0, self._now - (data[5] & 3 if late else 0)),
            "ingest_time": self._now,
            "source": source,
            "venue": VENUES[data[2] % self._names],
            "instrument": INSTRUMENTS[data[2] // 16 % self._names],
            "event_type": event_type,
            "payload": _payload(event_type, data),
            "idempotency_key": f"k{data[7]}" if data[7] & 1 else None,
        }

    def _drain(self, data: bytes) -> Step:
        arguments = self._peek(data)
        if data[5] & 3:
            arguments["limit"] = data[5] >> 5 if data[6] else TRAPS[data[7] % len(TRAPS)]
        return arguments

    def _peek(self, data: bytes) -> Step:
        if data[3] & 1:
            return {}
        until = max(0, self._now - (data[4] & 3)) if data[4] > 4 else TRAPS[data[7] % len(TRAPS)]
        return {"until": until}

    def _restore(self, data: bytes) -> Step:
        snapshot = self._snapshots[data[1] % len(self._snapshots)]
        choice = int.from_bytes(data[2:10], "little")
        return {"snapshot": spoil_data(snapshot, choice) if data[10] & 3 else deepcopy(snapshot)}


def _nothing(_: bytes) -> Step:
    return {}


def _payload(event_type: str, data: bytes) -> Step:
    price, quantity = PRICES[data[6] % len(PRICES)], QUANTITIES[data[8] % len(QUANTITIES)]
    payloads: dict[str, Step] = {
        "trade": {"price": price, "quantity": quantity},
        "bar": {**dict.fromkeys(("open", "high", "low", "close"), price), "volume": quantity},
        "quote": {"bid": price, "ask": PRICES[data[9] % len(PRICES)]},
        "timer": {"name": "t1"},
        "cash_adjustment": {"amount": AMOUNTS[data[6] % len(AMOUNTS)], "reason": "funding"},
        "risk_flag": {"flag": "halt", "on": bool(data[6] & 1)},
        "order_accepted": {"order_id": "o1", **({"reason": "\u00e9 late"} if data[6] & 1 else {})},
        "order_replaced": {"order_id": "o1", **({"limit_price": price, "quantity": None} if data[6] & 1 else {})},
        "order_restated": {"order_id": "o1", "quantity": quantity},
        "order_fill": {
            "order_id": "o1",
            "last_quantity": quantity,
            "last_price": price,
            "fee": FEES[data[9] % len(FEES)],
            "fee_asset": ("quote", "BNB")[data[6] & 1],
        },
    }
    return payloads[event_type]


def late_event_taken(_: Step, outcome: Outcome) -> Outcome:
    """The canary: a late event is reported as taken."""
    return {"outcome": "applied", "code": "ok", "answer": 0} if outcome["code"] == "late_event" else outcome


SEQUENCER = component_target(
    "sequencer",
    build_sequencer,
    decoder=SequencerDecoder,
    tracker=QueueTracker,
    grammar=Grammar(
        kind=lambda step: str(step["call"]),
        rules={
            **GRAMMAR.rules,
            "source": ChoiceRule(("market_data", "timer", "broker_report", "control")),
            "venue": NameRule("v"),
            "producer": IntegerRule(),
            "until": IntegerRule(),
            "limit": IntegerRule(),
        },
        keyed=frozenset({"pushed", "released"}),
        scales=SCALES,
    ),
    generation=Generation(
        kinds=CALLS,
        contexts={"empty": "empty", "waiting": "waiting"},
        space=evenly(CALLS, ("empty", "waiting"), 80),
    ),
    canary=Canary("canary-late-event-taken", "code, late events", 2),
    spoil=late_event_taken,
)
