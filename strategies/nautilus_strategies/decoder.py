"""From words of twelve bytes to steps: orders, events about them, fills of positions.

Follows what the reference applied, so that it knows each order's status and what is left of it. Under a case's `Swarm`
most events are ones that the order's status lets in, and the others any. Bytes of a word: 0 which order, 1 which event,
2 legal or not, 3 quantity, 4 and 5 prices, 6 commission, 7 ids, 8 strays, 9 time and flags, 10 position, 11 type.
"""

from decimal import Decimal

from cracktrader_fuzz.case.model import Config, Outcome, Step
from nautilus_strategies.grammar import TIMES_IN_FORCE, step_kind
from nautilus_strategies.objects import ABOUT_POSITIONS, PRICED, TRIGGERED
from nautilus_strategies.swarm import Swarm, draw_swarm
from nautilus_strategies.tracker import StatusTracker

ORDERS_IN_REACH = 4  # so few that an order gets several events, which is what leads into its rarer states
STRAYS = ("order_accepted", "order_filled")
TRIGGERABLE = ("stop_limit", "limit_if_touched", "trailing_stop_limit")
LIVE = ("ACCEPTED", "TRIGGERED", "PENDING_UPDATE", "PENDING_CANCEL", "PARTIALLY_FILLED")
LEGAL = {
    "order_submitted": ("INITIALIZED", "RELEASED"),
    "order_accepted": ("SUBMITTED", "PENDING_UPDATE", "PENDING_CANCEL"),
    "order_rejected": ("SUBMITTED", "ACCEPTED"),
    "order_denied": ("INITIALIZED", "RELEASED"),
    "order_emulated": ("INITIALIZED",),
    "order_released": ("EMULATED",),
    "order_triggered": ("ACCEPTED", "PENDING_UPDATE"),  # of the types in TRIGGERABLE
    "order_pending_update": ("SUBMITTED", *LIVE),
    "order_updated": LIVE,
    "order_modify_rejected": ("PENDING_UPDATE",),
    "order_pending_cancel": ("SUBMITTED", *LIVE),
    "order_canceled": LIVE,
    "order_cancel_rejected": ("PENDING_CANCEL",),
    "order_expired": LIVE,
    "order_filled": LIVE,
}


class _Seen:
    """An order as the decoder knows it."""

    def __init__(self, step: Step) -> None:
        self.order_id: str = step["order_id"]
        self.side: str = step["side"]
        self.order_type: str = step["order_type"]
        self.quantity = Decimal(step["quantity"])
        self.filled = Decimal(0)
        self.status = "INITIALIZED"

    def lets_in(self, kind: str) -> bool:
        """Whether an event of that kind is to be expected now."""
        if kind == "order_triggered" and self.order_type not in TRIGGERABLE:
            return False
        return self.status in LEGAL.get(kind, (self.status,))

    @property
    def leaves(self) -> Decimal:
        """What is not filled."""
        return max(self.quantity - self.filled, Decimal(0))


class NautilusDecoder:
    """Makes the steps of one case after another; `begin` starts a case."""

    def begin(self, word: bytes) -> Config:
        """Start a case in the shape that the word stands for."""
        self._swarm: Swarm = draw_swarm(word)
        self._tracker = StatusTracker()
        self._seen: dict[str, _Seen] = {}
        self._trades = 0
        self._orders = 0
        self._time = 0
        return {"fields": self._swarm.fields}

    def decode(self, word: bytes) -> Step:
        kind = self._kind(word)
        if kind == "order_initialized":
            step = self._initialized(word)
        elif kind == ABOUT_POSITIONS:
            step = self._position_filled(word)
        else:
            step = self._event(kind, self._order(word), word)
        self.label = step_kind(step), self._tracker.context(step)
        return step

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow what the reference applied."""
        self._tracker.observe(step, outcome)
        kind = step["event"]
        if kind == "order_initialized":
            self._seen[step["order_id"]] = _Seen(step)
        elif kind != ABOUT_POSITIONS:
            order = self._seen[step["order_id"]]
            order.status = outcome["status"]
            if kind == "order_filled":
                order.filled += Decimal(step["last_qty"])
            elif kind == "order_updated":
                order.quantity = Decimal(step["new_quantity"])

    def _order(self, word: bytes) -> _Seen:
        orders = list(self._seen.values())[-ORDERS_IN_REACH:]
        return orders[word[0] * len(orders) >> 8]

    def _kind(self, word: bytes) -> str:
        kinds = self._swarm.kinds
        if not self._seen:
            return ABOUT_POSITIONS if ABOUT_POSITIONS in kinds and word[2] & 1 else "order_initialized"
        if word[2] < self._swarm.legal_chance:
            order = self._order(word)
            kinds = tuple(kind for kind in kinds if order.lets_in(kind))
        return kinds[word[1] * len(kinds) >> 8]

    def _initialized(self, word: bytes) -> Step:
        swarm = self._swarm
        self._orders += 1
        odd = word[2] < swarm.odd_terms_chance
        order_type = swarm.order_types[word[11] % len(swarm.order_types)]
        side = "buy" if word[6] & 1 else "sell"
        price, trigger_price = self._price(word[4]), self._price(word[5])
        if order_type == "limit_if_touched" and not odd:
            ordered = sorted((price, trigger_price), key=Decimal)
            trigger_price, price = ordered if side == "buy" else reversed(ordered)
        expires = order_type != "market" and word[7] < swarm.expiry_chance
        quantity = self._quantity(word[3])
        return {
            "event": "order_initialized",
            "order_id": f"o{self._orders}",
            "instrument": swarm.instruments[word[8] % len(swarm.instruments)],
            "order_type": order_type,
            "side": side,
            "quantity": quantity,
            "price": price,
            "trigger_price": trigger_price,
            "display_qty": (self._quantity(word[10]) if odd else quantity) if word[9] < swarm.flag_chance else None,
            "time_in_force": TIMES_IN_FORCE[word[10] % len(TIMES_IN_FORCE)] if odd else "gtd" if expires else "gtc",
            "expire_time": 1 if expires or (odd and word[7] & 1) else None,
            "post_only": word[9] < swarm.flag_chance and bool(word[9] & 2),
            "reduce_only": word[9] < swarm.flag_chance and bool(word[9] & 4),
        }

    def _event(self, kind: str, order: _Seen, word: bytes) -> Step:
        stray = kind in STRAYS and word[8] < self._swarm.stray_chance
        step: Step = {
            "event": kind,
            "order_id": order.order_id,
            "addressed_to": "o99" if stray and word[8] & 1 else None,
            "venue_order_id": "v2" if stray and not word[8] & 1 else "v1",
        }
        if kind == "order_updated":
            odd = word[9] < self._swarm.odd_terms_chance
            step["new_quantity"] = self._new_quantity(order, word)
            step["new_price"] = self._price(word[4]) if word[6] & 1 and (odd or order.order_type in PRICED) else None
            step["new_trigger_price"] = (
                self._price(word[5]) if word[6] & 2 and (odd or order.order_type in TRIGGERED) else None
            )
        if kind == "order_filled":
            step |= self._fill(word, order)
        return {**step, "ts_event": self._later(word)}

    def _later(self, word: bytes) -> int:
        """The time of the next event."""
        step = self._swarm.time_step
        drawn = word[9] % (abs(step) + 1)
        self._time = max(0, self._time + (-drawn if step < 0 and word[9] & 64 else drawn))
        return self._time

    def _position_filled(self, word: bytes) -> Step:
        step: Step = {"event": ABOUT_POSITIONS, "order_id": f"o{1 + (word[0] & 1)}", "addressed_to": None}
        step |= {"venue_order_id": "v1", "instrument": self._swarm.instruments[0], **self._fill(word, None)}
        step |= {"position_id": step["position_id"] or "p1", "ts_event": self._later(word)}
        return step

    def _fill(self, word: bytes, order: _Seen | None) -> Step:
        swarm = self._swarm
        self._trades += 1
        number = max(1, self._trades - 1 - word[7] % 3) if word[7] < swarm.reused_chance else self._trades
        side = "buy" if word[6] & 1 else "sell"
        return {
            "trade_id": f"t{number}",
            "side": side if order is None or (word[8] < swarm.stray_chance and word[8] & 4) else order.side,
            "last_qty": self._last_quantity(word, order),
            "last_px": self._price(word[4]),
            "commission": swarm.commissions[(word[6] >> 1) % len(swarm.commissions)],
            "currency": swarm.currencies[word[5] % len(swarm.currencies)],
            "position_id": swarm.positions[word[10] % len(swarm.positions)],
        }

    def _last_quantity(self, word: bytes, order: _Seen | None) -> str:
        """All that is left, or a number of the case; more than is left only where the swarm says so."""
        drawn = self._quantity(word[3])
        if order is None or word[11] < self._swarm.overfill_chance or not order.leaves:
            return drawn
        if word[11] & 1 or Decimal(drawn) > order.leaves:
            return str(order.leaves)
        return drawn

    def _new_quantity(self, order: _Seen, word: bytes) -> str:
        """At what is filled, or a number of the case."""
        return str(order.filled) if word[3] & 7 == 7 and order.filled else self._quantity(word[3])

    def _quantity(self, byte: int) -> str:
        quantities = self._swarm.quantities
        return quantities[byte * len(quantities) >> 8]

    def _price(self, byte: int) -> str:
        prices = self._swarm.prices
        return prices[byte * len(prices) >> 8]
