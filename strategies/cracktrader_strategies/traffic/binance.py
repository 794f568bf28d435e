"""Reader of Binance's user data streams: `executionReport`, `ORDER_TRADE_UPDATE` and `ACCOUNT_UPDATE`.

Promises: messages in long names and in the venue's own short ones are read alike, their numbers as the text
that stands in the file; each source file of the collection is one session and one recording. Position amounts
of an ACCOUNT_UPDATE become statements after the fill that shares their transaction time, since the venue
tells them just before it; its changes of the quote balance become cash adjustments. Spot and futures are two
venues: one symbol, two positions. Does not: use spot balances (`outboundAccountPosition`), which stand in the
file out of their order in time, or tell the long and short positions of hedge mode apart. The stream has no
time of receipt: the time it was sent stands for it. Costs: milliseconds for a hundred messages.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from cracktrader_strategies.traffic.binance_fields import Fields, order_report
from cracktrader_strategies.traffic.decimals import plain
from cracktrader_strategies.traffic.recording import Recording
from cracktrader_strategies.traffic.reports import Report, ReportFeed
from cracktrader_strategies.traffic.writer import StepWriter

SPOT, FUTURES = "binance", "binance_futures"
QUOTE_ASSET = "USDT"
_REASONS = {"DEPOSIT": "deposit", "WITHDRAW": "withdrawal", "FUNDING_FEE": "funding"}


def read(path: Path) -> list[Recording]:
    """One recording for each source file that holds orders, in order of first appearance."""
    with path.open(encoding="utf-8") as lines:
        return from_lines(lines)


def from_lines(lines: Iterable[str]) -> list[Recording]:
    """As `read`, from lines `{"src": file, "name": ..., "msg": message}`."""
    sessions: dict[str, _Session] = {}
    for number, source, message in _messages(lines):
        if source not in sessions:
            writer = StepWriter(f"binance/{Path(source).stem}", f"{source}: user data stream")
            sessions[source] = _Session(writer)
        sessions[source].take(number, message)
    return [recording for session in sessions.values() if (recording := session.finish()).statements]


def _messages(lines: Iterable[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The stream messages among the lines: line number, source file, message."""
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line, parse_float=str, parse_constant=str)
        message = entry["msg"]
        if isinstance(message, dict) and ("eventType" in message or "e" in message):
            yield number, entry["src"], message


@dataclass(frozen=True, slots=True)
class _Holding:
    """A position amount that waits for its fill."""

    line: int
    transaction_ms: int
    symbol: str
    amount: str


@dataclass(slots=True)
class _Session:
    """One source file's steps."""

    writer: StepWriter
    waiting: list[_Holding] = field(default_factory=list)
    feed: ReportFeed = field(init=False)

    def __post_init__(self) -> None:
        self.feed = ReportFeed(self.writer)

    def take(self, line: int, message: dict[str, Any]) -> None:
        """One message; kinds without orders or positions are passed over."""
        envelope = Fields(message)
        kind = envelope.text("eventType", "e")
        if kind == "ORDER_TRADE_UPDATE":
            self._order(order_report(line, FUTURES, envelope, Fields(envelope.value("order", "o"))))
        elif kind == "executionReport":
            self._order(order_report(line, SPOT, envelope, envelope))
        elif kind == "ACCOUNT_UPDATE":
            self._account(line, envelope)

    def finish(self) -> Recording:
        """The recording, with the position amounts counted that no fill claimed."""
        for _ in self.waiting:
            self.writer.dirt("position_without_fill")
        return self.writer.recording()

    def _order(self, report: Report) -> None:
        self.feed.take(report)
        if report.market[0] != FUTURES or report.execution != "trade":
            return
        wanted = (report.event_ms, report.market[1])
        holding = next((each for each in self.waiting if (each.transaction_ms, each.symbol) == wanted), None)
        if holding is not None:
            self.waiting.remove(holding)
            self.writer.state_position(report.market, holding.amount, holding.line)

    def _account(self, line: int, envelope: Fields) -> None:
        transaction_ms = int(envelope.text("transactionId", "T"))
        update = Fields(envelope.value("updateData", "a"))
        self.writer.begin(line, transaction_ms, int(envelope.text("eventTime", "E")))
        cause = update.text("updateEventType", "m")
        for balance in update.value("updatedBalances", "B"):
            self._balance(Fields(balance), cause, transaction_ms)
        self.writer.end()
        for position in update.value("updatedPositions", "P"):
            held = Fields(position)
            symbol, amount = held.text("symbol", "s"), plain(held.text("positionAmount", "pa"))
            if cause == "ORDER":
                self.waiting.append(_Holding(line, transaction_ms, symbol, amount))
            else:
                self.writer.state_position((FUTURES, symbol), amount, line)

    def _balance(self, balance: Fields, cause: str, transaction_ms: int) -> None:
        change, asset = plain(balance.text("balanceChange", "bc")), balance.text("asset", "a")
        if change == "0":
            return
        if asset != QUOTE_ASSET:
            self.writer.dirt("other_asset")
            return
        reason = _REASONS.get(cause)
        if reason is None:
            self.writer.dirt("other_adjustment")
            reason = "deposit" if Decimal(change) > 0 else "withdrawal"
        key = f"account:{asset}:{transaction_ms}"
        self.writer.event("control", (FUTURES, "-"), "cash_adjustment", key, amount=change, reason=reason)
