"""From draw bytes, twelve a step, to steps: orders, events about them, fills of positions.

Follows what the reference applied, so that it knows each order's status and what is left of it. Under a case's `Swarm`
most events are ones that the order's status lets in, and the others any. Byte by byte: 0 which order, 1 which event,
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


class _OrderView:
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

    def begin(self, data: bytes) -> Config:
        """Start a case in the shape that the bytes stand for."""
        self._swarm: Swarm = draw_swarm(data)
        self._tracker = StatusTracker()
        self._seen: dict[str, _OrderView] = {}
        self._trades = 0
        self._orders = 0
        self._time = 0
        return {"fields": self._swarm.fields}

    def decode(self, data: bytes) -> Step:
        kind = self._kind(data)
        if kind == "order_initialized":
            step = self._initialized(data)
        elif kind == ABOUT_POSITIONS:
            step = self._position_filled(data)
        else:
            step = self._event(kind, self._order(data), data)
        self.label = step_kind(step), self._tracker.context(step)
        return step

    def observe(self, step: Step, outcome: Outcome) -> None:
        """Follow what the reference applied."""
        self._tracker.observe(step, outcome)
        kind = step["event"]
        if kind == "order_initialized":
            self._seen[step["order_id"]] = _OrderView(step)
        elif kind != ABOUT_POSITIONS:
            order = self._seen[step["order_id"]]
            order.status = outcome["status"]
            if kind == "order_filled":
                order.filled += Decimal(step["last_qty"])
            elif kind == "order_updated":
                order.quantity = Decimal(step["new_quantity"])

    def _order(self, data: bytes) -> _OrderView:
        orders = list(self._seen.values())[-ORDERS_IN_REACH:]
        return orders[data[0] * len(orders) >> 8]

    def _kind(self, data: bytes) -> str:
        kinds = self._swarm.kinds
        if not self._seen:
            return ABOUT_POSITIONS if ABOUT_POSITIONS in kinds and data[2] & 1 else "order_initialized"
        if data[2] < self._swarm.legal_chance:
            order = self._order(data)
            kinds = tuple(kind for kind in kinds if order.lets_in(kind))
        return kinds[data[1] * len(kinds) >> 8]

    def _initialized(self, data: bytes) -> Step:
        swarm = self._swarm
        self._orders += 1
        odd = data[2] < swarm.odd_terms_chance
        order_type = swarm.order_types[data[11] % len(swarm.order_types)]
        side = "buy" if data[6] & 1 else "sell"
        price, trigger_price = self._price(data[4]), self._price(data[5])
        if order_type == "limit_if_touched" and not odd:
            ordered = sorted((price, trigger_price), key=Decimal)
            trigger_price, price = ordered if side == "buy" else reversed(ordered)
        expires = order_type != "market" and data[7] < swarm.expiry_chance
        quantity = self._quantity(data[3])
        return {
            "event": "order_initialized",
            "order_id": f"o{self._orders}",
            "instrument": swarm.instruments[data[8] % len(swarm.instruments)],
            "order_type": order_type,
            "side": side,
            "quantity": quantity,
            "price": price,
            "trigger_price": trigger_price,
            "display_qty": (self._quantity(data[10]) if odd else quantity) if data[9] < swarm.flag_chance else None,
            "time_in_force": TIMES_IN_FORCE[data[10] % len(TIMES_IN_FORCE)] if odd else "gtd" if expires else "gtc",
            "expire_time": 1 if expires or (odd and data[7] & 1) else None,
            "post_only": data[9] < swarm.flag_chance and bool(data[9] & 2),
            "reduce_only": data[9] < swarm.flag_chance and bool(data[9] & 4),
        }

    def _event(self, kind: str, order: _OrderView, data: bytes) -> Step:
        stray = kind in STRAYS and data[8] < self._swarm.stray_chance
        step: Step = {
            "event": kind,
            "order_id": order.order_id,
            "addressed_to": "o99" if stray and data[8] & 1 else None,
            "venue_order_id": "v2" if stray and not data[8] & 1 else "v1",
        }
        if kind == "order_updated":
            odd = data[9] < self._swarm.odd_terms_chance
            step["new_quantity"] = self._new_quantity(order, data)
            step["new_price"] = self._price(data[4]) if data[6] & 1 and (odd or order.order_type in PRICED) else None
            step["new_trigger_price"] = (
                self._price(data[5]) if data[6] & 2 and (odd or order.order_type in TRIGGERED) else None
            )
        if kind == "order_filled":
            step |= self._fill(data, order)
        return {**step, "ts_event": self._later(data)}

    def _later(self, data: bytes) -> int:
        """The time of the next event."""
        step = self._swarm.time_step
        drawn = data[9] % (abs(step) + 1)
        self._time = max(0, self._time + (-drawn if step < 0 and data[9] & 64 else drawn))
        return self._time

    def _position_filled(self, data: bytes) -> Step:
        step: Step = {"event": ABOUT_POSITIONS, "order_id": f"o{1 + (data[0] & 1)}", "addressed_to": None}
        step |= {"venue_order_id": "v1", "instrument": self._swarm.instruments[0], **self._fill(data, None)}
        step |= {"position_id": step["position_id"] or "p1", "ts_event": self._later(data)}
        return step

    def _fill(self, data: bytes, order: _OrderView | None) -> Step:
        swarm = self._swarm
        self._trades += 1
        number = max(1, self._trades - 1 - data[7] % 3) if data[7] < swarm.reused_chance else self._trades
        side = "buy" if data[6] & 1 else "sell"
        return {
            "trade_id": f"t{number}",
            "side": side if order is None or (data[8] < swarm.stray_chance and data[8] & 4) else order.side,
            "last_qty": self._last_quantity(data, order),
            "last_px": self._price(data[4]),
            "commission": swarm.commissions[(data[6] >> 1) % len(swarm.commissions)],
            "currency": swarm.currencies[data[5] % len(swarm.currencies)],
            "position_id": swarm.positions[data[10] % len(swarm.positions)],
        }

    def _last_quantity(self, data: bytes, order: _OrderView | None) -> str:
        """All that is left, or a number of the case; more than is left only where the swarm says so."""
        drawn = self._quantity(data[3])
        if order is None or data[11] < self._swarm.overfill_chance or not order.leaves:
            return drawn
        if data[11] & 1 or Decimal(drawn) > order.leaves:
            return str(order.leaves)
        return drawn

    def _new_quantity(self, order: _OrderView, data: bytes) -> str:
        """At what is filled, or a number of the case."""
        return str(order.filled) if data[3] & 7 == 7 and order.filled else self._quantity(data[3])

    def _quantity(self, byte: int) -> str:
        quantities = self._swarm.quantities
        return quantities[byte * len(quantities) >> 8]

    def _price(self, byte: int) -> str:
        prices = self._swarm.prices
        return prices[byte * len(prices) >> 8]
