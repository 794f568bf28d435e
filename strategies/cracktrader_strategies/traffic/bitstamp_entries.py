"""What Bitstamp's two recordings of a day hold: order rows, trades and book snapshots, as values.

Promises: prices and volumes are exact, in units of 1e-8, and entries come in order of arrival; what is no
such recording is a ValueError. Does not: look at what an entry means for an order. Costs: some 10 us an
entry.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cracktrader_strategies.traffic.bitstamp_trades import Trade
from cracktrader_strategies.traffic.decimals import rounded_units, units

CSV_HEADER = ["id", "timestamp", "exchange.timestamp", "price", "volume", "action", "direction"]
_SIDES = {"bid": "buy", "ask": "sell"}
_LOG_ACTIONS = {"order_created": "created", "order_changed": "changed", "order_deleted": "deleted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One order row: times in ms, price and the volume left in units of 1e-8."""

    line: int
    received_ms: int
    exchange_ms: int
    order_id: str
    price: int
    volume: int
    action: str
    side: str

    @property
    def key(self) -> str:
        """What a repeated row repeats: all but the time of receipt."""
        return f"{self.action[:2]}:{self.order_id}:{self.exchange_ms}:{self.price}:{self.volume}"


@dataclass(frozen=True, slots=True)
class Book:
    """A snapshot's best prices in units of 1e-8; None where that side is empty."""

    line: int
    received_ms: int
    bid: int | None
    ask: int | None


Entry = Row | Trade | Book


def csv_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Rows of the table; another header is a ValueError."""
    table = csv.reader(lines)
    header = next(table, [])
    if header != CSV_HEADER:
        raise ValueError(f"header {header!r} of the order table: expected {CSV_HEADER!r}")
    for line, (order_id, received, exchange, price, volume, action, direction) in enumerate(table, start=2):
        yield Row(line, int(received), int(exchange), order_id, units(price), int(volume), action, _SIDES[direction])


def log_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Entries of the raw log; an unknown kind of line is a ValueError."""
    for number, line in enumerate(lines, start=1):
        received, kind, message = line.split(" ", 2)
        data = json.loads(message, parse_float=str)
        if kind == "trade":
            yield Trade.parse(number, int(received), data)
        elif kind == "order_book":
            bid, ask = (rounded_units(side[0][0]) if side else None for side in (data["bids"], data["asks"]))
            yield Book(number, int(received), bid, ask)
        elif kind in _LOG_ACTIONS:
            side = "sell" if data["order_type"] else "buy"
            yield Row(
                number,
                int(received),
                int(data["datetime"]) * 1000,
                str(data["id"]),
                units(data["price"]),
                units(data["amount"]),
                _LOG_ACTIONS[kind],
                side,
            )
        else:
            known = ", ".join(("trade", "order_book", *_LOG_ACTIONS))
            raise ValueError(f"line {number}: {kind!r} is none of {known}")
