"""Execution reports of an account's own orders, whichever venue wrote them, as engine steps.

Promises: a creation is place_order, order_submitted and order_accepted; a trade an order_fill whose key is
the venue's trade id; the other executions their namesakes. An order first seen in the middle of its life is
placed and accepted first, and a gap between the venue's total and the fills seen is closed by one fill: both
are counted. After each report the venue's own total and status are kept as a statement. Does not: parse
messages, or trigger stop orders. Costs: a few microseconds a report.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cracktrader_strategies.traffic.decimals import plain_value
from cracktrader_strategies.traffic.writer import Span, StepWriter

Execution = Literal["new", "trade", "cancelled", "expired", "rejected", "amended", "unknown"]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: times in ms, numbers as plain decimal text, `status` one of the engine's or None."""

    line: int
    event_ms: int
    received_ms: int
    market: tuple[str, str]
    order_id: str
    execution: Execution
    status: str | None
    side: str
    order_type: str
    time_in_force: str
    quantity: str
    limit_price: str | None
    stop_price: str | None
    reduce_only: bool
    cumulative: str
    last_quantity: str
    last_price: str
    fee: str
    fee_asset: str
    trade_id: str
    realised: str | None = None
    dirt: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a repeated report repeats: a trade by its id, all else by its time."""
        if self.execution == "trade":
            return f"trade:{self.market[1]}:{self.trade_id}:{self.order_id}"
        return f"{self.execution}:{self.order_id}:{self.event_ms}"


@dataclass(slots=True)
class _Order:
    quantity: str
    limit_price: str | None
    cumulative: Decimal = Decimal(0)
    ended: bool = False


@dataclass(slots=True)
class ReportFeed:
    """Turns reports into steps of its writer."""

    writer: StepWriter
    orders: dict[str, _Order] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)

    def take(self, report: Report) -> None:
        """One report, in order of arrival."""
        self.writer.begin(report.line, report.event_ms, report.received_ms)
        earlier = self.spans.get(report.key)
        if earlier is not None:
            self.writer.repeat(earlier)
            self.writer.end()
            return
        for kind in report.dirt:
            self.writer.dirt(kind)
        if report.execution == "unknown":
            self.writer.dirt("unknown_execution")
        else:
            self._feed(report)
        self.spans[report.key] = self.writer.end()

    def _feed(self, report: Report) -> None:
        order = self.orders.get(report.order_id)
        if order is None or report.execution == "new":
            order = self._open(report, order)
        elif order.ended:
            self.writer.dirt("update_after_end")
        if report.execution == "trade":
            self._fill(report, order)
        elif report.execution == "amended":
            self._amend(report, order)
        elif report.execution != "new":
            self.writer.report(report.market, f"order_{report.execution}", report.key, report.order_id)
        order.ended = order.ended or report.status in ("FILLED", "CANCELLED", "EXPIRED", "REJECTED")
        self.writer.state_order(report.order_id, report.cumulative, report.status)

    def _open(self, report: Report, known: _Order | None) -> _Order:
        """Place and, unless it is being rejected, accept the order."""
        if known is not None:
            self.writer.dirt("created_again")
        elif report.execution not in ("new", "rejected"):
            self.writer.dirt("joined_midway")
        terms = {
            "side": report.side,
            "order_type": report.order_type,
            "time_in_force": report.time_in_force,
            "quantity": report.quantity,
            "limit_price": report.limit_price,
            "stop_price": report.stop_price,
            "reduce_only": report.reduce_only,
        }
        key = f"open:{report.order_id}:{report.event_ms}"
        self.writer.open_order(report.market, key, report.order_id, **terms)
        if report.execution != "rejected":
            self.writer.report(report.market, "order_accepted", f"{key}:a", report.order_id)
        return self.orders.setdefault(report.order_id, _Order(report.quantity, report.limit_price))

    def _fill(self, report: Report, order: _Order) -> None:
        last = Decimal(report.last_quantity)
        gap = Decimal(report.cumulative) - order.cumulative - last
        if gap > 0:
            self.writer.dirt("missed_fill")
            self._book(report, f"missed:{report.trade_id}:{report.order_id}", gap, "0", "quote")
        elif gap < 0:
            self.writer.dirt("total_falls")
        self._book(report, report.key, last, report.fee, report.fee_asset)
        order.cumulative = Decimal(report.cumulative)
        if report.realised is not None:
            self.writer.state_realised(report.market, report.realised)

    def _book(self, report: Report, key: str, quantity: Decimal, fee: str, fee_asset: str) -> None:
        self.writer.report(
            report.market,
            "order_fill",
            key,
            report.order_id,
            last_quantity=plain_value(quantity),
            last_price=report.last_price,
            fee=fee,
            fee_asset=fee_asset,
        )

    def _amend(self, report: Report, order: _Order) -> None:
        terms: dict[str, object] = {}
        if Decimal(report.quantity) != Decimal(order.quantity):
            terms["quantity"] = order.quantity = report.quantity
        if report.limit_price != order.limit_price:
            terms["limit_price"] = order.limit_price = report.limit_price
        if terms:
            self.writer.intent("replace_order", order_id=report.order_id, **terms)
            self.writer.report(report.market, "order_replaced", report.key, report.order_id, **terms)
        else:
            self.writer.dirt("no_change")
            terms["quantity"] = order.quantity
            self.writer.report(report.market, "order_restated", report.key, report.order_id, **terms)
