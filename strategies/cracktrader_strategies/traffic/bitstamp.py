"""Reader of Bitstamp's level-3 order stream of BTCUSD: every order of the market, as one account's orders.

Promises: rows are fed in order of arrival, the unusual ones too (`dirt.py` says how). A creation is
place_order, order_submitted and order_accepted; less volume at the same price an order_fill; another price
replace_order and order_replaced; a deletion a fill of the rest (nothing left) or order_cancelled. The table
has fills at the order's own price; the raw log has trades too, which give a fill its price and its
idempotency key, and market data. The table's maker cut volumes off after a float multiplication: one row in
twelve is 1e-8 below the log's. A row's time at the venue is when its order was created; trades and books have
only a time of receipt. Does not: guess orders that stood before the recording began. Costs: two to three
seconds for 50,000 rows.
"""

import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cracktrader_strategies.traffic.bitstamp_entries import Book, Entry, Row, csv_rows, log_entries
from cracktrader_strategies.traffic.bitstamp_trades import Trade, TradeMatcher
from cracktrader_strategies.traffic.decimals import MAX_UNITS, text
from cracktrader_strategies.traffic.recording import Recording
from cracktrader_strategies.traffic.writer import Span, StepWriter

MARKET = ("bitstamp", "BTCUSD")


def read_csv(path: Path) -> Recording:
    """The table of orders (`orders.csv.xz`, with its header line)."""
    with lzma.open(path, "rt", encoding="ascii", newline="") as lines:
        return from_entries("bitstamp/orders", f"{path.name}: order table", csv_rows(lines), has_trades=False)


def read_log(path: Path) -> Recording:
    """The raw log (`<day>.log.xz`) of orders, trades and book snapshots."""
    with lzma.open(path, "rt", encoding="ascii") as lines:
        return from_entries("bitstamp/log", f"{path.name}: raw stream with trades", log_entries(lines))


def from_entries(name: str, source: str, entries: Iterable[Entry], *, has_trades: bool = True) -> Recording:
    """Steps of all entries in order; with `has_trades` fills are matched with the trades among them."""
    stream: Sequence[Entry] = list(entries)
    trades = TradeMatcher([entry for entry in stream if isinstance(entry, Trade)]) if has_trades else None
    feed = _Feed(StepWriter(name, source), trades)
    for entry in stream:
        feed.take(entry)
    return feed.finish()


@dataclass(slots=True)
class _Order:
    """The reader's view of an order, in units of 1e-8."""

    price: int
    quantity: int
    cumulative: int = 0
    cancelled: bool = False

    @property
    def rest(self) -> int:
        return self.quantity - self.cumulative

    @property
    def ended(self) -> bool:
        return self.cancelled or self.rest == 0


@dataclass(slots=True)
class _Feed:
    """Turns entries into steps."""

    writer: StepWriter
    trades: TradeMatcher | None
    orders: dict[str, _Order] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    deleted_unknown: set[str] = field(default_factory=set)

    def take(self, entry: Entry) -> None:
        """One entry; rows are the hot path."""
        if isinstance(entry, Row):
            self._take_row(entry)
            return
        self.writer.begin(entry.line, entry.received_ms, entry.received_ms)
        if isinstance(entry, Trade):
            self._trade(entry)
        else:
            self._quote(entry)
        self.writer.end()

    def finish(self) -> Recording:
        """The recording, with the trades that no fill took counted."""
        for _ in self.trades.unmatched() if self.trades else ():
            self.writer.dirt("trade_without_fill")
        return self.writer.recording()

    def _trade(self, trade: Trade) -> None:
        if trade.rounded:
            self.writer.dirt("rounded_trade")
        price, quantity = text(trade.price), text(trade.quantity)
        key = f"market:{trade.trade_id}"
        self.writer.event("market_data", MARKET, "trade", key, price=price, quantity=quantity)

    def _quote(self, book: Book) -> None:
        if book.bid is None or book.ask is None:
            self.writer.dirt("one_sided_book")
        else:
            self.writer.event("market_data", MARKET, "quote", None, bid=text(book.bid), ask=text(book.ask))

    def _take_row(self, row: Row) -> None:
        self.writer.begin(row.line, row.exchange_ms, row.received_ms)
        earlier = self.spans.get(row.key)
        if earlier is not None:
            self.writer.repeat(earlier)
            self.writer.end()
            return
        if not 0 <= row.volume <= MAX_UNITS or abs(row.price) > MAX_UNITS:
            self.writer.dirt("unusable_row")
        elif row.action == "created":
            self._created(row)
        else:
            self._updated(row)
        span = self.writer.end()
        if "unknown_order" not in span.dirt:
            # A refused report left its key unused: if it comes again when the order is known, it is news.
            self.spans[row.key] = span

    def _created(self, row: Row) -> None:
        if row.volume == 0:
            self.writer.dirt("unusable_row")
            return
        if row.order_id in self.orders:
            self.writer.dirt("created_again")
        if row.order_id in self.deleted_unknown:
            self.writer.dirt("delete_before_create")
        terms = {
            "side": row.side,
            "order_type": "limit",
            "quantity": text(row.volume),
            "limit_price": text(row.price),
        }
        self.writer.open_order(MARKET, row.key, row.order_id, **terms)
        self.writer.report(MARKET, "order_accepted", f"{row.key}:a", row.order_id)
        self.writer.state_order(row.order_id, "0", "ACCEPTED")
        self.orders.setdefault(row.order_id, _Order(row.price, row.volume))

    def _updated(self, row: Row) -> None:
        order = self.orders.get(row.order_id)
        if order is None:
            self._updated_unknown(row)
            return
        if order.ended:
            self.writer.dirt("update_after_end")
        filled = text(order.quantity - row.volume)
        if row.action == "deleted":
            self._deleted(row, order)
        else:
            self._changed(row, order)
            filled = text(order.quantity - row.volume)
        self.writer.state_order(row.order_id, filled, _status(row, order))

    def _updated_unknown(self, row: Row) -> None:
        self.writer.dirt("unknown_order")
        if row.action == "deleted":
            self.deleted_unknown.add(row.order_id)
            self.writer.report(MARKET, "order_cancelled", row.key, row.order_id)
        elif row.volume == 0:
            self.writer.dirt("unusable_row")
            return
        else:
            self.writer.report(MARKET, "order_restated", row.key, row.order_id, quantity=text(row.volume))
        self.writer.state_order(row.order_id, None, None)

    def _changed(self, row: Row, order: _Order) -> None:
        if row.volume < order.rest and (row.price == order.price or row.volume == 0):
            self._fill(row, order, order.rest - row.volume)
        elif row.price != order.price:
            self._replace(row, order)
        else:
            self._restate(row, order)

    def _deleted(self, row: Row, order: _Order) -> None:
        if row.volume > order.rest:
            self._restate(row, order)
        if row.volume < order.rest:
            if row.volume > 0:
                self.writer.dirt("fill_in_delete")
            self._fill(row, order, order.rest - row.volume)
            if row.volume == 0:
                return
        self.writer.report(MARKET, "order_cancelled", row.key, row.order_id)
        order.cancelled = order.cancelled or order.rest > 0

    def _fill(self, row: Row, order: _Order, quantity: int) -> None:
        price, key = row.price, f"{row.key}:f"
        if self.trades is not None:
            trade = self.trades.take(quantity, row.side, row.received_ms)
            if trade is None:
                self.writer.dirt("fill_without_trade")
            else:
                price, key = trade.price, f"trade:{trade.trade_id}:{row.order_id}"
        fill = {"last_quantity": text(quantity), "last_price": text(price), "fee": "0", "fee_asset": "quote"}
        self.writer.report(MARKET, "order_fill", key, row.order_id, **fill)
        order.cumulative += quantity

    def _replace(self, row: Row, order: _Order) -> None:
        self.writer.dirt("price_change")
        quantity = order.cumulative + row.volume
        terms = {"limit_price": text(row.price)}
        if quantity != order.quantity:
            terms["quantity"] = text(quantity)
        self.writer.intent("replace_order", order_id=row.order_id, **terms)
        self.writer.report(MARKET, "order_replaced", row.key, row.order_id, **terms)
        if not order.ended:
            order.price, order.quantity = row.price, quantity

    def _restate(self, row: Row, order: _Order) -> None:
        self.writer.dirt("volume_rise" if row.volume > order.rest else "no_change")
        quantity = order.cumulative + row.volume
        self.writer.report(MARKET, "order_restated", f"{row.key}:r", row.order_id, quantity=text(quantity))
        if not order.ended:
            order.quantity = quantity


def _status(row: Row, order: _Order) -> str:
    """The order's status by the row itself, not by the events that we made of it."""
    if row.action == "deleted":
        return "CANCELLED" if row.volume else "FILLED"
    if row.volume == 0:
        return "FILLED"
    return "PARTIALLY_FILLED" if row.volume < order.quantity else "ACCEPTED"
