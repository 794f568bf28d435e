"""Splitting a fill in two leaves the same position and cash: the core gets two fills for one, the fee on the second.

By section 6 of the page all of it is exact but one rounding, in what a reducing fill releases. So a fill is split where
no rounding can differ: from zero or adding, closing or crossing zero (which releases all that is left), or reducing by
parts that both divide exactly. It stays whole where its first part alone would pass a bound (D23). Bounds apart, two
parts are two events (section 2): they need a sequence number each, so that numbers are spread, and the relation ends at
one too large for that; and they carry no key, so that whether a split event is a duplicate is the plain core's to say.
"""

import math
from typing import Any

from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_strategies.grammar import step_kind
from cracktrader_strategies.relations.per_instrument import added
from cracktrader_strategies.relations.relation import RelationSubject, cannot_spread, gathered, in_order, spread

UNITS = 10**8  # of quantities, which have 8 decimals (section 1 of `docs/engine.md`)
MONEY_UNITS = 10**16  # of money, which has the decimals of a quantity times a price


class FillSplitSubject(RelationSubject):
    """A core that gets two fills for one."""

    def begin(self) -> None:
        """No orders, no positions, no keys."""
        self._orders: dict[str, tuple[str, int]] = {}
        self._open: dict[str, tuple[int, int]] = {}
        self._split_keys: set[str] = set()

    def translated_outcome(self, step: Step, plain_outcome: Outcome) -> Outcome:
        """The outcome of the step, or the sum of the outcomes of its parts."""
        key = step.get("idempotency_key")
        if type(key) is str and key in self._split_keys:
            return plain_outcome
        if plain_outcome["outcome"] != "refused" and cannot_spread(step):
            self.has_ended = True
            return plain_outcome
        part = self._first_part(step, plain_outcome) if _is_booked(step, plain_outcome) else 0
        outcome = self._in_parts(spread(step), part) if part else self.core.step(spread(step))
        if plain_outcome["outcome"] == "applied":
            self._follow(step, plain_outcome)
        return {**outcome, "seq_id": gathered(outcome["seq_id"])} if "seq_id" in outcome else outcome

    def translated_state(self) -> State:
        """The core's state, with the keys that its parts could not carry."""
        state = self.core.observe()
        known = self.plain.observe()["idempotency_keys"] if self._split_keys else {}
        keys = {**state["idempotency_keys"], **{key: known[key] for key in self._split_keys if key in known}}
        return {**state, "last_seq_id": gathered(state["last_seq_id"]), "idempotency_keys": in_order(keys)}

    def _in_parts(self, step: Step, part: int) -> Outcome:
        """Two fills; one if the first alone would pass a bound."""
        payload = step["payload"]
        rest = units(payload["last_quantity"]) - part
        head = {**payload, "last_quantity": quantity_text(part), "fee": "0"}
        tail = {**payload, "last_quantity": quantity_text(rest)}
        first = self.core.step({**step, "seq_id": step["seq_id"] - 1, "payload": head, "idempotency_key": None})
        if first["code"] == "out_of_range":
            return self.core.step(step)
        if first["outcome"] != "applied":
            return {**first, "seq_id": step["seq_id"]}
        second = self.core.step({**step, "payload": tail, "idempotency_key": None})
        if step["idempotency_key"] is not None:
            self._split_keys.add(step["idempotency_key"])
        return _together(first, second) if second["outcome"] == "applied" else second

    def _first_part(self, step: Step, plain_outcome: Outcome) -> int:
        """In units, how much the first fill takes where the split is exact; 0 where it is not."""
        key, sign = self._orders[plain_outcome["order_id"]]
        size, cost = self._open.get(key, (0, 0))
        whole = units(step["payload"]["last_quantity"])
        if whole < 2 or size * sign >= 0:
            return whole // 2
        if whole > abs(size):
            return abs(size)
        if whole == abs(size):
            return whole // 2
        exact = abs(size) // math.gcd(cost, size)  # what is released for a multiple of it needs no rounding
        return whole // exact // 2 * exact if whole % exact == 0 else 0

    def _follow(self, step: Step, plain_outcome: Outcome) -> None:
        """Keep up what is open at each instrument, by `realised - open_cost + sum(q x p) = 0` (section 6)."""
        payload = step["payload"]
        if step_kind(step) == "place_order":
            sign = 1 if payload["side"] == "buy" else -1
            self._orders[payload["order_id"]] = f"{payload['venue']}:{payload['instrument']}", sign
        elif step_kind(step) == "order_fill":
            key, sign = self._orders[plain_outcome["order_id"]]
            size, cost = self._open.get(key, (0, 0))
            traded = sign * units(payload["last_quantity"]) * units(payload["last_price"])
            released = text_units(plain_outcome["realised_delta"], MONEY_UNITS)
            self._open[key] = size + text_units(plain_outcome["position_delta"], UNITS), cost + released + traded


def _is_booked(step: Step, plain_outcome: Outcome) -> bool:
    return plain_outcome["outcome"] == "applied" and step_kind(step) == "order_fill"


def _together(first: Outcome, second: Outcome) -> Outcome:
    """One outcome of both parts: from the status before the first to the status after the second."""
    return {
        **second,
        "transitions": [{**second["transitions"][0], "from": first["transitions"][0]["from"]}],
        **{name: added((first[name], second[name])) for name in ("cash_delta", "position_delta", "realised_delta")},
    }


def units(number: Any) -> int:
    """A number that was accepted on the grid of 1e-8, in units, by section 1 of the page."""
    if type(number) is int:
        return number * UNITS
    if type(number) is float:
        return int(number) * UNITS if number.is_integer() else round(number * 1e8)
    return text_units(number, UNITS)


def text_units(text: str, scale: int) -> int:
    """A decimal text that was accepted, in units of which `scale` make a whole."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    places = len(str(scale)) - 1
    size = int(whole) * scale + int(fraction[:places].ljust(places, "0"))
    return -size if text.startswith("-") else size


def quantity_text(quantity: int) -> str:
    """Units of 1e-8 as text."""
    return f"{quantity // UNITS}.{quantity % UNITS:08d}"
