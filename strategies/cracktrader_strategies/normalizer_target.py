"""The target `normalizer`: both event normalisers under raw data that lacks fields, has odd ones, or means two things.

Each field is drawn from a few values that are right, nearly right, null or of another type; most calls have few faults,
so that the order of the checks shows as well as each check.
"""

import random
from typing import Any

from cracktrader.engine.rust_bridge import build_event_normalizer
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.target.call_target import NO_CONTEXT, NoContext
from cracktrader_fuzz.target.grammar import ChoiceRule, DecimalRule, Grammar, IntegerRule, NameRule
from cracktrader_fuzz.target.target import Canary, Generation
from cracktrader_strategies.component_target import component_target
from cracktrader_strategies.data_spoiler import spoil_data
from cracktrader_strategies.grammar import SCALES
from cracktrader_strategies.numbers import BASE_FEES, FEES, PRICES, QUANTITIES, TRAPS, VOLUMES
from cracktrader_strategies.space import evenly

CALLS = ("order", "fill", "timer", "market_data")
CHANCES = ("order",) * 3 + ("fill",) * 3 + ("timer",) + ("market_data",) * 3
TIMESTAMP_MAX = 9_223_372_036_854  # the last millisecond whose nanoseconds fit in 64 bits with a sign

TIMES = (0, 1, 1_700_000_000_000, TIMESTAMP_MAX, TIMESTAMP_MAX + 1, TIMESTAMP_MAX - 60_000, None)
INGEST_TIMES = (5, 0, 1, 1_700_000_000_000_000_000, 2**63 - 1, None, None, 2**63)
# No bar, a minute, a day, and the largest number that a time may be: its nanoseconds do not fit any more.
BARS_MS = (0, 60_000, 86_400_000, 2**63 - 1)
VENUES = (*("v1",) * 20, *("v2",) * 11, "v:1")
SYMBOLS = ("B/Q", "B/Q:Q", "B/Q:B", "B", "B/", "/Q", "B:X/Q", "B/Q/R", "quote/base", "base/quote")
CURRENCIES = ("Q", "B", "BNB", "quote", "base", "X", "B:X", "Q/R", None)
STATUSES = (
    *("pending", "open", "rejected", "triggered", "canceling", "canceled", "closed", "cancel_rejected", "replacing"),
    *("replaced", "replaced", "replace_rejected", "restated", "restated", "expired", "OPEN", "filled", None),
)
IDS = ("o1", "o2", "7", None, None)
REASONS = (None, None, "", "late", "\u00e9", "x" * 256, "x" * 257)


class NormalizerDecoder:
    """Draw bytes to calls. They seed a generator: raw dicts have more fields than there are bytes."""

    def begin(self, data: bytes) -> Config:
        """Draw the mode, and how often something is wrong."""
        self._fault_chance = (0.0, 0.1, 0.4)[data[1] % 3]
        return {"mode": ("live", "paper", "backtest")[data[0] % 3]}

    def decode(self, data: bytes) -> Step:
        self._draw = random.Random(int.from_bytes(data, "little"))  # noqa: S311 - repeatable on purpose
        call = self._take(CHANCES)
        arguments = {"venue": self._take(VENUES), **getattr(self, f"_{call}")()}
        if self._draw.random() < 0.5:
            arguments["ingest_time"] = self._take(INGEST_TIMES)
        if self._draw.random() < self._fault_chance:
            arguments = spoil_data(arguments, self._draw.getrandbits(40))
            arguments = {name: value for name, value in arguments.items() if name in _NAMES[call]}
        for name in _REQUIRED[call]:
            arguments.setdefault(name, self._take(TRAPS))
        self.label = call, NO_CONTEXT
        return {"call": call, "arguments": arguments}

    def observe(self, step: Step, outcome: Outcome) -> None:
        """A normaliser keeps nothing, and so does this."""

    def _order(self) -> Step:
        raw = {
            "timestamp": self._time(),
            "symbol": self._take(SYMBOLS),
            "status": self._take(STATUSES),
            "clientOrderId": self._take(IDS),
            "id": self._take(IDS),
            "reason": self._take(REASONS),
            "amount": self._take((*QUANTITIES, None)),
            "price": self._take((*PRICES, None)),
            "stopPrice": self._take((None, *PRICES)),
            "info": {"anything": [1.5]},
        }
        return {"raw": self._thinned(raw)}

    def _fill(self) -> Step:
        symbol = self._take(SYMBOLS)
        currency = self._take(CURRENCIES)
        cost = self._take((*(BASE_FEES if currency == "B" else FEES), None))
        raw = {
            "timestamp": self._time(),
            "symbol": symbol,
            "id": self._take(("1", "2", "3", "4", "x2", None)),
            "clientOrderId": self._take(IDS),
            "order": self._take(IDS),
            "amount": self._take(QUANTITIES),
            "price": self._take(PRICES),
            "fee": self._take(({"currency": currency, "cost": cost}, {"cost": cost}, {"currency": currency}, None, {})),
        }
        return {"raw": self._thinned(raw)}

    def _timer(self) -> Step:
        return {"raw": self._thinned({"timestamp": self._time(), "symbol": self._take(SYMBOLS), "name": "t1"})}

    def _market_data(self) -> Step:
        prices = [self._take(PRICES) for _ in range(4)]
        names = ("bid", "ask", "price", "amount")
        values = (*prices[:3], self._take(QUANTITIES))
        ticker = dict(zip(names[:2] if self._draw.random() < 0.4 else names[2:], values[1:3], strict=True))
        candle = [self._time(), *prices, self._take(VOLUMES)]
        raw = self._take((candle, {"timestamp": self._time(), **ticker}, dict(zip(names, values, strict=True))))
        arguments = {"symbol": self._take(SYMBOLS), "raw": raw}
        return {**arguments, "bar_ms": self._take(BARS_MS)} if self._draw.random() < 0.5 else arguments

    def _time(self) -> object:
        return self._take(TIMES) if self._draw.random() < 0.5 else TIMES[2]

    def _thinned(self, raw: Step) -> Step:
        """The fields, now and then without one: absent and null must mean the same."""
        if self._draw.random() < 0.3:
            del raw[self._take(tuple(raw))]
        return raw

    def _take(self, values: Any) -> Any:
        return values[self._draw.randrange(len(values))]


_NAMES = {
    **dict.fromkeys(("order", "fill", "timer"), ("venue", "raw", "ingest_time")),
    "market_data": ("venue", "symbol", "raw", "ingest_time", "bar_ms"),
}
_REQUIRED = {call: [name for name in names if name in ("venue", "symbol", "raw")] for call, names in _NAMES.items()}


def base_fee_in_quote(_: Step, outcome: Outcome) -> Outcome:
    """The canary: a fee in the base asset is reported as one in the quote asset."""
    answer = outcome["answer"]
    if answer is None or answer["payload"].get("fee_asset") != "base":
        return outcome
    return {**outcome, "answer": {**answer, "payload": {**answer["payload"], "fee_asset": "quote"}}}


_NUMBER = DecimalRule(("1", "0", "2", "0.5"), optional=True)

NORMALIZER = component_target(
    "normalizer",
    build_event_normalizer,
    decoder=NormalizerDecoder,
    tracker=NoContext,
    grammar=Grammar(
        kind=lambda step: str(step["call"]),
        rules={
            "venue": NameRule("v"),
            "symbol": ChoiceRule(("B/Q", "B")),
            "timestamp": IntegerRule(),
            "ingest_time": IntegerRule(),
            "bar_ms": IntegerRule(),
            "status": ChoiceRule(("open", "closed", "replaced", "restated")),
            "clientOrderId": NameRule("o", optional=True),
            "id": NameRule("o", optional=True),
            "order": NameRule("o", optional=True),
            "name": NameRule("t"),
            "reason": ChoiceRule((None, "")),
            "currency": ChoiceRule(("Q", "B", "BNB", None)),
            **dict.fromkeys(("amount", "price", "stopPrice", "cost", "bid", "ask"), _NUMBER),
        },
        scales=SCALES,
    ),
    generation=Generation(
        kinds=CALLS,
        contexts={NO_CONTEXT: "-"},
        space=evenly(CALLS, (NO_CONTEXT,), 15_000),
    ),
    canary=Canary("canary-base-fee-in-quote", "the fee's asset", 1),
    spoil=base_fee_in_quote,
    restorable=False,
)
