"""Two instruments do not affect each other: every (venue, instrument) has a core of its own, and the sum is the whole.

By the page only five things are common to instruments: cash and fees, which add up (section 6); sequence numbers and
idempotency keys, of which there is one line each (section 2); order identifiers (section 3); and the risk flags. So
cash and fees are added, a step that one of these rules refuses goes to the core that knows why, and a flag goes to all.
The relation ends at `out_of_range`: bounds are on the sums (section 6, D23).
"""

import decimal
from collections.abc import Iterable
from typing import Any

from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject
from cracktrader_strategies.grammar import step_kind
from cracktrader_strategies.relations.relation import RelationSubject, in_order

EXACT = decimal.Context(prec=200)
FLAG_STEPS = ("risk_flag", "set_risk_flag")
SESSION = ("-", "-")
MAPS = ("positions", "orders", "marks", "clock", "idempotency_keys")


class PerInstrumentSubject(RelationSubject):
    """A core for each instrument, and one for the session, which has the initial cash."""

    def begin(self) -> None:
        """Only the session's core exists."""
        self._cores: dict[tuple[str, str], RestorableSubject] = {SESSION: self.core}
        self._by_order: dict[str, RestorableSubject] = {}
        self._by_key: dict[str, RestorableSubject] = {}
        self._flags: dict[str, bool] = {}
        self._last: tuple[int, RestorableSubject] = (-1, self.core)

    def translated_outcome(self, step: Step, plain_outcome: Outcome) -> Outcome:
        """The outcome of the core that the step belongs to; for a flag, the first that is unlike the others, if any."""
        cores = self._cores_of(step)
        outcomes = [core.step(step) for core in cores]
        outcome = next((each for each in outcomes if each != outcomes[0]), outcomes[0])
        self.has_ended = "out_of_range" in (plain_outcome["code"], outcome["code"])
        if outcome["outcome"] == "applied":
            self._note(step, cores[0])
        return outcome

    def translated_state(self) -> State:
        """The sum of the cores."""
        states = [core.observe() for core in self._cores.values()]
        flags = [state["risk_flags"] for state in states]
        last = [state["last_seq_id"] for state in states if state["last_seq_id"] is not None]
        assets = sorted({asset for state in states for asset in state["fees"]})
        fees = {asset: added(state["fees"].get(asset, "0") for state in states) for asset in assets}
        return {
            **states[0],
            "cash": added(state["cash"] for state in states),
            "last_seq_id": max(last, default=None),
            "fees": {asset: total for asset, total in fees.items() if total != "0"},
            "risk_flags": next((each for each in flags if each != flags[0]), flags[0]),
            **{name: in_order(_joined(state[name] for state in states)) for name in MAPS},
        }

    def _cores_of(self, step: Step) -> list[RestorableSubject]:
        """The cores that take a step: that of its key, the last sequence number, its order, or its instrument."""
        payload = step["payload"] if type(step.get("payload")) is dict else {}
        key, seq_id, order_id = step.get("idempotency_key"), step.get("seq_id"), payload.get("order_id")
        if type(key) is str and key in self._by_key:
            return [self._by_key[key]]
        if type(seq_id) is int and seq_id <= self._last[0]:
            return [self._last[1]]
        if step_kind(step) in FLAG_STEPS:
            return list(self._cores.values())
        if type(order_id) is str and order_id in self._by_order:
            return [self._by_order[order_id]]
        named = payload if step_kind(step) == "place_order" else step
        return [self._core_at(named.get("venue"), named.get("instrument"))]

    def _core_at(self, venue: Any, instrument: Any) -> RestorableSubject:
        if type(venue) is not str or type(instrument) is not str:
            return self.core  # malformed: any core refuses it
        if (venue, instrument) not in self._cores:
            core = self._cores[venue, instrument] = self.make()
            core.start({**self.config, "initial_cash": "0"})
            for flag, on in self._flags.items():
                core.step({"intent_type": "set_risk_flag", "payload": {"flag": flag, "on": on}, "strategy_id": "s"})
        return self._cores[venue, instrument]

    def _note(self, step: Step, core: RestorableSubject) -> None:
        """Remember which core knows the key, the order or the flag of an applied step."""
        if "seq_id" in step:
            self._last = step["seq_id"], core
        if step.get("idempotency_key") is not None:
            self._by_key[step["idempotency_key"]] = core
        if step_kind(step) in FLAG_STEPS:
            self._flags[step["payload"]["flag"]] = step["payload"]["on"]
        elif step_kind(step) == "place_order":
            self._by_order[step["payload"]["order_id"]] = core


def added(texts: Iterable[str]) -> str:
    """The sum of canonical decimals, as one."""
    total = decimal.Decimal(0)
    for text in texts:
        total = EXACT.add(total, decimal.Decimal(text))
    return canonical(total)


def canonical(number: decimal.Decimal) -> str:
    """A decimal as the page writes it (section 1, on exit)."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _joined(tables: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for table in tables for key, value in table.items()}
