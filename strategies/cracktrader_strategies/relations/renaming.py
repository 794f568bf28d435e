"""Other names change nothing else: the core gets every identifier in another spelling, of the same length and kind.

Letters move by thirteen and digits are mirrored, so that twice is the name itself and no two names meet. What the page
gives a meaning stays: other characters (`-`, and `:`, which no venue may hold), `quote` and `base` as fee assets, and
what they would become. The order of names in a snapshot is theirs (section 8); fingerprints, hashes over names, are the
plain core's (D11).
"""

import string
from typing import Any

from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_strategies.relations.relation import RelationSubject, in_order

NAMED = ("venue", "instrument", "order_id", "strategy_id", "idempotency_key", "name")
_LOWER, _UPPER = string.ascii_lowercase, string.ascii_uppercase
_SPELLING = str.maketrans(
    _LOWER + _UPPER + string.digits,
    _LOWER[13:] + _LOWER[:13] + _UPPER[13:] + _UPPER[:13] + string.digits[::-1],
)
_KEPT_NAMES = ("quote", "base")
_KEPT = frozenset((*_KEPT_NAMES, *(name.translate(_SPELLING) for name in _KEPT_NAMES)))


class RenamingSubject(RelationSubject):
    """A core that gets every identifier in the other spelling."""

    def translated_outcome(self, step: Step, _: Outcome) -> Outcome:
        """The outcome, in the names of the step."""
        outcome = self.core.step(with_names(step))
        if "transitions" not in outcome:
            return outcome
        transitions = [with_names(transition) for transition in outcome["transitions"]]
        return {**with_names(outcome), "transitions": transitions}

    def translated_state(self) -> State:
        """The core's state, in the names of the steps."""
        state = self.core.observe()
        prints = self.plain.observe()["idempotency_keys"]
        keys = {other(key): mine for key, mine in state["idempotency_keys"].items()}
        return {
            **state,
            "orders": in_order({other(key): with_names(order) for key, order in state["orders"].items()}),
            "positions": in_order({other(key): position for key, position in state["positions"].items()}),
            "marks": in_order({other(key): mark for key, mark in state["marks"].items()}),
            "fees": in_order({asset_of(asset): total for asset, total in state["fees"].items()}),
            "clock": in_order({_clock_key(key): time for key, time in state["clock"].items()}),
            "idempotency_keys": in_order({key: prints.get(key, mine) for key, mine in keys.items()}),
        }


def other(name: Any) -> Any:
    """The other spelling of a name; anything else as it is."""
    return name.translate(_SPELLING) if type(name) is str else name


def asset_of(name: Any) -> Any:
    """The other spelling of a fee asset."""
    return name if type(name) is str and name in _KEPT else other(name)


def with_names(table: Step) -> Step:
    """A step, a payload, an order or an outcome with its names spelled otherwise."""
    changed = {key: other(value) if key in NAMED else value for key, value in table.items()}
    if type(table.get("payload")) is dict:
        changed["payload"] = with_names(table["payload"])
    if "fee_asset" in table:
        changed["fee_asset"] = asset_of(table["fee_asset"])
    return changed


def _clock_key(key: str) -> str:
    source, _, place = key.partition(":")
    return f"{source}:{other(place)}"
