"""From draw bytes, twelve a step, to Cracktrader steps: the one place where inputs for the engine are made up.

State-aware: it picks an order first, then mostly an operation that is legal for the order's status, under the case's
`Swarm`. Duplicates, conflicts, late and out-of-order reports, stale sequence numbers, unknown orders, mismatched
instruments and malformed fields are all part of it. Each of the twelve bytes decides one thing, so that few choices
hang together: 0 session or order, 1 which operation, 2 and 3 which order, 4 quantity, 5 price, 6 fee and second price,
7 terms, 8 sequence number, 9 time, 10 key and oddities, 11 traps.
"""

from collections.abc import Callable
from decimal import Decimal

from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_strategies.grammar import CONTROL_TYPES, MARKET_TYPES, step_kind
from cracktrader_strategies.numbers import VOLUMES
from cracktrader_strategies.orderbook import NO_ORDER, UNKNOWN_ORDER, OrderBook, OrderView
from cracktrader_strategies.step_spoiler import spoil_step
from cracktrader_strategies.swarm import ILLEGAL, Swarm, draw_swarm

SESSION_LABELS = {name: (name, NO_ORDER) for name in (*MARKET_TYPES, *CONTROL_TYPES, "set_risk_flag", "no_op")}
SIDES = ("buy", "sell")
ORDER_TYPES = ("limit", "market", "limit", "stop", "market", "stop_limit", "limit", "market")
TIMES_IN_FORCE = ("gtc", "day", "ioc", "fok")
FEE_ASSETS = ("quote", "quote", "base", "BNB")
BAR_PRICES = ("open", "high", "low", "close")
REASONS = ("deposit", "withdrawal", "funding")
FLAGS = ("halt", *("reduce_only",) * 7)
# Three times in four what is resent is one of the last so many events, whose order is probably still open.
RESEND_REACH = 64
ONE_UNIT = Decimal("0.00000001")  # the grid of quantities (section 1 of `docs/engine.md`), so the smallest overfill


class OrderFlowDecoder:
    """Makes the steps of one case after another; `begin` starts a case."""

    def __init__(self) -> None:
        self._order_makers: dict[str, Callable[[OrderView, bytes], Step]] = {
            "order_fill": self._order_fill,
            "order_replaced": self._order_replaced,
            "order_restated": self._order_restated,
            "cancel_order": self._cancel_order,
            "replace_order": self._replace_order,
        }
        self._session_makers: dict[str, Callable[[bytes], Step]] = {
            "place_order": self._place_order,
            "trade": self._trade,
            "bar": self._bar,
            "quote": self._quote,
            "timer": self._timer,
            "cash_adjustment": self._cash_adjustment,
            "risk_flag": self._risk_flag,
            "set_risk_flag": self._set_risk_flag,
            "no_op": self._no_op,
            "resend": self._resend,
            "conflict": self._conflict,
        }

    def begin(self, data: bytes) -> Config:
        """Start a case in the shape that the bytes stand for."""
        self._swarm: Swarm = draw_swarm(data)
        self.tracker = OrderBook()
        self._keyed: list[Step] = []
        self._seq_id = 0
        self._time = 1
        self._keys = 0
        return {"initial_cash": self._swarm.initial_cash}

    def decode(self, data: bytes) -> Step:
        swarm = self._swarm
        orders = self.tracker.live if data[8] & 7 else self.tracker.orders
        if data[0] < swarm.session_chance or not orders:
            step = self._session_step(data)
        else:
            reach = swarm.orders_in_reach
            if reach > len(orders):
                reach = len(orders)
            order = orders[-1 - ((data[2] << 8 | data[3]) * reach >> 16)]
            labels = (ILLEGAL if data[7] < swarm.illegal_chance else swarm.operations)[order.status]
            self.label = label = labels[data[1] * len(labels) >> 8]
            maker = self._order_makers.get(label[0])
            if maker is None:
                payload: Step = {"order_id": order.order_id} if data[6] else self._with_reason(order)
                step = self._report(label[0], order, payload, data, data[10] & 7 == 7)
            else:
                step = maker(order, data)
        if data[11] < swarm.trap_chance:
            step = spoil_step(step, data)
            self.label = step_kind(step), self.tracker.context(step)
        return step

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow what the reference applied."""
        if outcome["transitions"]:
            self.tracker.observe(step, outcome)
        if step.get("idempotency_key") is not None:
            self._keyed.append(step)

    # -- steps about an order ---------------------------------------------------------------------------------------

    def _report(self, name: str, order: OrderView, payload: Step, data: bytes, keyed: bool) -> Step:
        instrument = order.instrument
        if data[10] > 252:
            if data[10] & 1:
                instrument = "i9"
            else:
                payload["order_id"] = "o0"
                self.label = name, UNKNOWN_ORDER
        return self._event("broker_report", order.venue, instrument, name, payload, data, keyed)

    def _order_fill(self, order: OrderView, data: bytes) -> Step:
        return self._report("order_fill", order, self._fill(order, data), data, data[10] & 15 != 0)

    def _order_replaced(self, order: OrderView, data: bytes) -> Step:
        payload = {"order_id": order.order_id, **self._changed_terms(order, data)}
        return self._report("order_replaced", order, payload, data, data[10] & 7 == 7)

    def _order_restated(self, order: OrderView, data: bytes) -> Step:
        payload: Step = {"order_id": order.order_id, "quantity": self._quantity(order, data)}
        return self._report("order_restated", order, payload, data, data[10] & 7 == 7)

    def _cancel_order(self, order: OrderView, _: bytes) -> Step:
        return _intent("cancel_order", {"order_id": order.order_id})

    def _replace_order(self, order: OrderView, data: bytes) -> Step:
        return _intent("replace_order", {"order_id": order.order_id, **self._changed_terms(order, data)})

    def _with_reason(self, order: OrderView) -> Step:
        return {"order_id": order.order_id, "reason": "as the venue says"}

    def _fill(self, order: OrderView, data: bytes) -> Step:
        swarm = self._swarm
        asset = FEE_ASSETS[data[6] & 3]
        fees = swarm.base_fees if asset == "base" else swarm.fees
        return {
            "order_id": order.order_id,
            "last_quantity": self._quantity(order, data),
            "last_price": swarm.prices[data[5] & 15],
            "fee": fees[data[6] >> 4],
            "fee_asset": asset,
        }

    def _changed_terms(self, order: OrderView, data: bytes) -> Step:
        terms: Step = {}
        bits, prices = data[7], self._swarm.prices
        if bits & 3:
            terms["quantity"] = self._quantity(order, data)
        if order.order_type.endswith("limit") == bool(bits & 12):
            terms["limit_price"] = prices[data[5] & 15]
        if order.order_type.startswith("stop") == bool(bits & 48):
            terms["stop_price"] = prices[data[6] & 15]
        return terms

    def _quantity(self, order: OrderView, data: bytes) -> object:
        """The exact remainder one time in four, one unit more one time in sixty-four, else a number of the case."""
        chance = data[4]
        if chance & 3 == 3:
            return order.leaves
        if chance & 63 == 2:
            return f"{Decimal(order.leaves) + ONE_UNIT:f}"
        return self._swarm.fill_quantities[chance >> 4]

    # -- steps about the session ------------------------------------------------------------------------------------

    def _session_step(self, data: bytes) -> Step:
        names = self._swarm.session_operations
        name = names[data[1] * len(names) >> 8]
        step = self._session_makers[name](data)
        self.label = SESSION_LABELS.get(name) or (step_kind(step), self.tracker.context(step))
        return step

    def _place_order(self, data: bytes) -> Step:
        number = len(self.tracker.orders) + 1
        if data[10] < 8:
            number = max(1, number - 1 - data[10] & 3)
        order_type = ORDER_TYPES[data[2] & 7]
        has_limit, has_stop = order_type.endswith("limit"), order_type.startswith("stop")
        if not data[9] & 15:
            has_limit, has_stop = bool(data[9] & 16), bool(data[9] & 32)
        prices = self._swarm.prices
        terms: Step = {
            "order_id": f"o{number}",
            "venue": self._venue(data),
            "instrument": self._instrument(data),
            "side": SIDES[data[3] & 1],
            "order_type": order_type,
            "quantity": self._swarm.order_quantities[data[4] >> 4],
        }
        if has_limit:
            terms["limit_price"] = prices[data[5] & 15]
        if has_stop:
            terms["stop_price"] = prices[data[6] & 15]
        if data[3] & 2:
            terms["time_in_force"] = TIMES_IN_FORCE[data[3] >> 2 & 3]
        if not data[7] & 7:
            terms["reduce_only"] = data[7] > 63
        return _intent("place_order", terms)

    def _trade(self, data: bytes) -> Step:
        payload = {"price": self._swarm.prices[data[5] & 15], "quantity": self._swarm.order_quantities[data[4] >> 4]}
        return self._market("trade", payload, data)

    def _bar(self, data: bytes) -> Step:
        prices = self._swarm.prices
        payload: Step = {name: prices[data[place] & 15] for place, name in enumerate(BAR_PRICES, 3)}
        payload["volume"] = VOLUMES[data[7] % len(VOLUMES)]
        return self._market("bar", payload, data)

    def _quote(self, data: bytes) -> Step:
        prices = self._swarm.prices
        return self._market("quote", {"bid": prices[data[5] & 15], "ask": prices[data[6] & 15]}, data)

    def _market(self, name: str, payload: Step, data: bytes) -> Step:
        venue, instrument = self._venue(data), self._instrument(data)
        return self._event("market_data", venue, instrument, name, payload, data, data[10] & 7 == 7)

    def _timer(self, data: bytes) -> Step:
        return self._event("timer", "-", "-", "timer", {"name": "t1"}, data, data[10] & 7 == 7)

    def _cash_adjustment(self, data: bytes) -> Step:
        payload = {"amount": self._swarm.amounts[data[4] & 15], "reason": REASONS[data[5] % 3]}
        return self._event("control", "-", "-", "cash_adjustment", payload, data, data[10] & 1 == 1)

    def _risk_flag(self, data: bytes) -> Step:
        payload = {"flag": FLAGS[data[4] & 7], "on": not data[5] & 3}
        return self._event("control", "-", "-", "risk_flag", payload, data, data[10] & 7 == 7)

    def _set_risk_flag(self, data: bytes) -> Step:
        return _intent("set_risk_flag", {"flag": FLAGS[data[4] & 7], "on": not data[5] & 3})

    def _no_op(self, _: bytes) -> Step:
        return _intent("no_op", {})

    def _resend(self, data: bytes) -> Step:
        """An event that was applied, once more, under a new sequence number."""
        if not self._keyed:
            return self._timer(data)
        reach = len(self._keyed) if data[4] & 3 == 0 else min(len(self._keyed), RESEND_REACH)
        old = self._keyed[-1 - (data[2] << 8 | data[3]) * reach // 65536]
        self._seq_id += 1
        return {**old, "seq_id": self._seq_id, "ingest_time": self._time, "payload": dict(old["payload"])}

    def _conflict(self, data: bytes) -> Step:
        """A key that was used, with other content."""
        step = self._resend(data)
        step["event_time"] += 1
        return step

    # -- parts ------------------------------------------------------------------------------------------------------

    def _event(
        self, source: str, venue: str, instrument: str, name: str, payload: Step, data: bytes, keyed: bool
    ) -> Step:
        chance, steps_on = data[8], data[9]
        if 3 < chance < 252:
            self._seq_id = seq_id = self._seq_id + 1
        else:
            seq_id = self._odd_seq_id(chance)
        self._time = time = self._time + (steps_on & 3)
        key = None
        if keyed:
            self._keys += 1
            key = f"k{self._keys}"
        return {
            "seq_id": seq_id,
            "event_time": time if steps_on > 7 or time < 5 else time - 5,
            "ingest_time": time,
            "source": source,
            "venue": venue,
            "instrument": instrument,
            "event_type": name,
            "payload": payload,
            "idempotency_key": key,
        }

    def _odd_seq_id(self, chance: int) -> int:
        """A few more, or one that was used."""
        if chance < 4:
            return max(0, self._seq_id - chance)
        self._seq_id += chance - 250
        return self._seq_id

    def _venue(self, data: bytes) -> str:
        return "v1" if data[9] >> 4 < 12 or self._swarm.venues == 1 else "v2"

    def _instrument(self, data: bytes) -> str:
        return f"i{1 + data[8] % self._swarm.instruments}"


def _intent(name: str, payload: Step) -> Step:
    return {"intent_type": name, "payload": payload, "strategy_id": "s1"}
