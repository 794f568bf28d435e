"""Reader of the raw `orders` channel of Bitget's futures user stream.

Promises: `new` is a creation, `partial-fill` and `full-fill` are trades, `cancelled` and `canceled` a cancel;
a fee is what was paid, so the venue's sign is turned; each source file of the collection is one recording.
Does not: read the positions channel (long and short apart, in the venue's own units) or the event objects
that the recording program made of the messages. The venue's time of update stands for the time of receipt.
Costs: milliseconds for a hundred messages.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cracktrader_strategies.traffic.decimals import plain
from cracktrader_strategies.traffic.recording import Recording
from cracktrader_strategies.traffic.reports import Execution, Report, ReportFeed
from cracktrader_strategies.traffic.writer import StepWriter

VENUE = "bitget"
_EXECUTIONS: dict[str, tuple[Execution, str | None]] = {
    "new": ("new", "ACCEPTED"),
    "partial-fill": ("trade", "PARTIALLY_FILLED"),
    "full-fill": ("trade", "FILLED"),
    "cancelled": ("cancelled", "CANCELLED"),
    "canceled": ("cancelled", "CANCELLED"),
}
_UNKNOWN: tuple[Execution, str | None] = ("unknown", None)
_TIMES_IN_FORCE = {"normal": "gtc", "post_only": "gtc", "ioc": "ioc", "fok": "fok"}


def read(path: Path) -> list[Recording]:
    """One recording for each source file that holds raw orders, in order of first appearance."""
    with path.open(encoding="utf-8") as lines:
        return from_lines(lines)


def from_lines(lines: Iterable[str]) -> list[Recording]:
    """As `read`, from lines `{"src": file, "name": ..., "msg": message}`."""
    feeds: dict[str, ReportFeed] = {}
    for number, source, order in _orders(lines):
        if source not in feeds:
            writer = StepWriter(f"bitget/{Path(source).stem}", f"{source}: orders channel")
            feeds[source] = ReportFeed(writer)
        feeds[source].take(_report(number, order))
    return [feed.writer.recording() for feed in feeds.values()]


def _orders(lines: Iterable[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The order objects among the lines: line number, source file, object."""
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line, parse_float=str, parse_constant=str)
        message = entry["msg"]
        channel = message.get("arg") if isinstance(message, dict) else None
        if isinstance(channel, dict) and channel.get("channel") == "orders":
            for order in message["data"]:
                yield number, entry["src"], order


def _report(line: int, order: dict[str, Any]) -> Report:
    execution, status = _EXECUTIONS.get(order["status"], _UNKNOWN)
    order_type, force = order["ordType"], order.get("force", "normal")
    dirt = ["unknown_time_in_force"] if execution == "new" and force not in _TIMES_IN_FORCE else []
    if execution == "trade" and "fillFee" not in order:
        dirt.append("no_fee")
    market = (VENUE, order["instId"])
    return Report(
        line=line,
        event_ms=int(order["uTime"]),
        received_ms=int(order["uTime"]),
        market=market,
        order_id=str(order["ordId"]),
        execution=execution,
        status=status,
        side=order["side"],
        order_type=order_type,
        time_in_force=_TIMES_IN_FORCE.get(force, "gtc"),
        quantity=plain(order["sz"]),
        limit_price=plain(order["px"]) if order_type == "limit" else None,
        stop_price=None,
        reduce_only=False,
        cumulative=plain(order["accFillSz"]),
        last_quantity=plain(order.get("fillSz", "0")),
        last_price=plain(order.get("fillPx", "0")),
        fee=_paid(order.get("fillFee", "0")),
        fee_asset=_fee_asset(market[1], order.get("fillFeeCcy", "")),
        trade_id=str(order.get("tradeId", "-")),
        dirt=tuple(dirt),
    )


def _paid(fee: str) -> str:
    """The venue writes what the balance changes by: `"-0.57"` is a fee of 0.57."""
    changed = plain(fee)
    if changed == "0":
        return changed
    return changed[1:] if changed.startswith("-") else f"-{changed}"


def _fee_asset(instrument: str, asset: str) -> str:
    """`BTCUSDT_UMCBL` is quoted in USDT."""
    symbol = instrument.split("_", 1)[0]
    if asset == "" or symbol.endswith(asset):
        return "quote"
    return "base" if symbol.startswith(asset) else asset
