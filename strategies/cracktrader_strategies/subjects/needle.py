"""The needle in the Python core: a bug behind three exact numbers and a history, as there is one in the Rust core.

No list that inputs are made from holds one of the numbers. The branches stand one by one, so that a search which sees
branches and comparisons of this module may come closer step by step; a blind search has no chance.
"""

from cracktrader.engine.numbers import parse_money, parse_price, parse_quantity
from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.target.protocol import BuildIdentity
from cracktrader_strategies.subjects.cores import PythonCore

NAME = "python-needle"
# Digits without a meaning, in no list that inputs are made from, and each within the bounds of its field.
QUANTITY = 857_204_913  # 8.57204913: all 8 decimals, which inputs seldom have
PRICE = 2_645_751_311  # 26.45751311: the same, with the digits of the root of 7
FEE = 31_622_776_000_000  # 0.0031622776, those of the root of 10; in 64 bits, as wider comparisons are not reported


class NeedleCore(PythonCore):
    """The Python core, which reports no deltas for one fill on an order that was replaced."""

    def start(self, config: Config) -> None:
        super().start(config)
        self._replaced: set[str] = set()

    def step(self, step: Step) -> Outcome:
        """The core's outcome, except for that fill."""
        outcome = super().step(step)
        if outcome["outcome"] != "applied":
            return outcome
        kind = step.get("event_type")
        if kind == "order_replaced":
            self._replaced.add(outcome["order_id"])
        if kind == "order_fill" and outcome["order_id"] in self._replaced and _pricks(step["payload"]):
            return {**outcome, "cash_delta": "0", "position_delta": "0", "realised_delta": "0"}
        return outcome

    def identity(self) -> BuildIdentity:
        """The Python core, under the needle's name."""
        return super().identity().named(NAME)


def _pricks(fill: Step) -> bool:
    if parse_quantity(fill["last_quantity"], "last_quantity") != QUANTITY:
        return False
    if parse_price(fill["last_price"], "last_price") != PRICE:
        return False
    return parse_money(fill["fee"], "fee") == FEE
