"""A broker of backtrader whose books are the deterministic core.

Promises: orders become intents, bars become events, and each report is told before the next one is applied, so that
`notify_order` hears Submitted, Accepted, Partial, Completed in that order, with all getters showing the state after the
transition it is told of. `getcash` moves when an order fills, not when it is placed. Does not do margin, brackets, OCO
or trailing stops: they are refused. Costs a step of the runner a report.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Any

import backtrader as bt

from cracktrader.broker_sim.fees import NO_FEES, FeeModel
from cracktrader.broker_sim.simulated import SimulatedBroker
from cracktrader.compat.bt_orders import apply_fill, on_grid, place_payload
from cracktrader.compat.candle_data import EPOCH
from cracktrader.engine.backends import Backend
from cracktrader.engine.domain import MONEY_SCALE
from cracktrader.engine.numbers import parse_money
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.rust_bridge import build_core, build_invariant_checker, build_sequencer
from cracktrader.engine.summary import RunSummary
from cracktrader.engine.view import StepContext

VENUE = "backtrader"
STRATEGY_ID = "cerebro"
TIMER = "orders"

_STATUS_OF_REPORT = {
    "order_submitted": bt.Order.Submitted,
    "order_accepted": bt.Order.Accepted,
    "order_rejected": bt.Order.Rejected,
    "order_cancelled": bt.Order.Canceled,
    "order_expired": bt.Order.Expired,
}


class EngineBroker(bt.BrokerBase):
    """The broker of `Cerebro`. `summary` is that of the last run, None before its end; options as in `Broker`."""

    def __init__(
        self,
        *,
        engine_backend: Backend = "python",
        cash: float | str = 10000,  # as Backtrader's own broker begins
        fees: FeeModel | None = None,
        latency_bars: int = 1,
        participation: float | str | None = None,
    ) -> None:
        super().__init__()
        self.engine_backend = engine_backend
        self.summary: RunSummary | None = None
        self.setcash(cash)
        self._simulation: dict[str, Any] = {
            "fees": fees or NO_FEES,
            "latency_bars": latency_bars,
            "participation": participation,
        }
        self._begin()

    def setcash(self, cash: float | str) -> None:
        """Begin the next run with this cash, a number on the 1e-16 grid."""
        self.startingcash = float(parse_money(cash, "cash")) / MONEY_SCALE
        self._cash = cash

    def setcommission(self, *_arguments: Any, **_options: Any) -> None:
        """Refused: what a fill costs is told by `fees`."""
        raise ValueError(
            "the engine's broker takes its fees from Cerebro(fees=FeeModel(...)), not from setcommission()"
        )

    def addcommissioninfo(self, comminfo: Any, name: str | None = None) -> None:
        """Refused, as `setcommission`."""
        self.setcommission(comminfo, name)

    def start(self) -> None:
        """A new run, with the starting cash."""
        super().start()
        self._begin()

    def stop(self) -> None:
        """The end of the run: the books are verified, and the summary is made."""
        self.summary = self._runner.shutdown()

    def next(self) -> None:
        """Take in the new bars; what follows from them is told by `get_notification`."""
        for data in self.cerebro.datas:
            if len(data) > self._lengths.get(data, 0):
                self._lengths[data] = len(data)
                self._ingest_bar(data)

    def get_notification(self) -> Any:
        """The next order that changed, after exactly the steps that changed it; None when nothing is due."""
        while not self._notes:
            if self._runner.step() is None:
                return None
        return self._notes.popleft()

    def getcash(self) -> float:
        """Cash in whole units."""
        return self._runner.view.cash

    def getvalue(self, datas: Any = None) -> float:
        """Cash and the positions of all datas, or the positions of these alone, at the last close."""
        chosen = self._positions if datas is None else datas
        value = sum(self.getposition(data).size * data.close[0] for data in chosen if self.getposition(data).size)
        return float(value if datas is not None else self.getcash() + value)

    def getposition(self, data: Any) -> Any:
        """The position, whose size is the core's."""
        return self._positions.setdefault(data, bt.Position())

    def buy(self, owner: Any, data: Any, size: float, price: float | None = None, **terms: Any) -> Any:
        """Ask to buy; the order is told of by `notify_order`."""
        return self._place(bt.BuyOrder, owner, data, size, price, terms)

    def sell(self, owner: Any, data: Any, size: float, price: float | None = None, **terms: Any) -> Any:
        """Ask to sell; likewise."""
        return self._place(bt.SellOrder, owner, data, size, price, terms)

    def cancel(self, order: Any) -> bool:
        """Ask to cancel; False when the order is not alive."""
        if not order.alive():
            return False
        self._ask("cancel_order", {"order_id": self._order_ids[order.ref]})
        return True

    def _begin(self) -> None:
        self._orders: dict[str, Any] = {}
        self._order_ids: dict[int, str] = {}
        self._positions: dict[Any, Any] = {}
        self._lengths: dict[Any, int] = {}
        self._notes: deque[Any] = deque()
        self._intents: list[dict[str, Any]] = []
        self._time = 0
        self._runner = EngineRunner(
            build_core(self._cash, self.engine_backend),
            strategy=self._take_intents,
            broker=SimulatedBroker(**self._simulation),
            observers=(self._tell,),
            sequencer=build_sequencer(self.engine_backend),
            checker=build_invariant_checker(self.engine_backend, initial_cash=self._cash),
            digest_every=0,
        )

    def _place(self, kind: Any, owner: Any, data: Any, size: float, price: float | None, terms: dict[str, Any]) -> Any:
        unsupported = [name for name in ("oco", "parent", "trailamount", "trailpercent") if terms.pop(name, None)]
        if unsupported or not terms.pop("transmit", True):
            raise ValueError(f"the engine's broker does not do {', '.join(unsupported) or 'transmit=False'}")
        order = kind(
            owner=owner,
            data=data,
            size=size,
            price=price,
            pricelimit=terms.pop("plimit", None),
            exectype=terms.pop("exectype", None),
            valid=terms.pop("valid", None),
            tradeid=terms.pop("tradeid", 0),
        )
        order.addinfo(**{name: value for name, value in terms.items() if not name.startswith(("_", "hist"))})
        order.addcomminfo(self.getcommissioninfo(data))
        order_id = f"bt-{len(self._orders) + 1}"  # backtrader's own numbers go on from run to run
        payload = place_payload(order, order_id, *self._names(data))
        self._orders[order_id] = order
        self._order_ids[order.ref] = order_id
        self._ask("place_order", payload)
        return order

    def _ask(self, intent_type: str, payload: dict[str, Any]) -> None:
        """Queue an intent, and see to it that a step comes that takes it."""
        if not self._intents:
            self._ingest("timer", VENUE, "-", "timer", {"name": TIMER})
        self._intents.append({"intent_type": intent_type, "payload": payload, "strategy_id": STRATEGY_ID})

    def _take_intents(self, context: StepContext) -> list[dict[str, Any]]:
        if context.event["event_type"] != "timer":
            return []
        intents, self._intents = self._intents, []
        return intents

    def _tell(self, record: Any, view: Any) -> None:
        """Turn a committed step into what backtrader is to be told."""
        for transition in record["result"]["transitions"]:
            order = self._orders[transition["order_id"]]
            self._update(order, record["event"], transition, view)
        for intent, result in zip(record["intents"], record["intent_results"], strict=True):
            if result["outcome"] == "rejected" and intent["intent_type"] == "place_order":
                order = self._orders[intent["payload"]["order_id"]]
                order.addinfo(code=result["code"])
                order.reject(self)
                self._notes.append(order.clone())

    def _update(self, order: Any, event: Any, transition: Any, view: Any) -> None:
        status = _STATUS_OF_REPORT.get(event["event_type"])
        if event["event_type"] == "order_fill":
            fill = {**event["payload"], "leaves": transition["leaves"]}
            held = view.position(event["venue"], event["instrument"])
            apply_fill(order, self.getposition(order.data), fill, held, order.data.datetime[0])
        elif event["event_type"] == "order_triggered":
            order.triggered = True
            return
        elif status is None:
            return
        elif status == bt.Order.Submitted:
            order.submit(self)
        else:
            order.status = status
        self._notes.append(order.clone())

    def _names(self, data: Any) -> tuple[str, str]:
        """Venue and instrument of a data feed: a candle feed's own, else its name and its place in the Cerebro."""
        if hasattr(data, "instrument"):
            return data.venue, data.instrument
        return VENUE, f"{data._name or 'data'}.{self.cerebro.datas.index(data)}"

    def _ingest_bar(self, data: Any) -> None:
        moment = bt.num2date(data.datetime[0]).replace(tzinfo=EPOCH.tzinfo) - EPOCH
        self._time = max(self._time, moment // timedelta(microseconds=1) * 1_000)
        volume = data.volume[0]
        bar = {name: on_grid(getattr(data, name)[0]) for name in ("open", "high", "low", "close")}
        bar["volume"] = on_grid(volume) if volume == volume else 0.0  # a data without volume has NaN
        self._ingest("market_data", *self._names(data), "bar", bar)

    def _ingest(self, source: str, venue: str, instrument: str, event_type: str, payload: dict[str, Any]) -> None:
        event = {
            "event_time": self._time,
            "ingest_time": self._time,
            "source": source,
            "venue": venue,
            "instrument": instrument,
            "event_type": event_type,
            "payload": payload,
            "idempotency_key": None,
        }
        self._runner.ingest([(event, 0)])
