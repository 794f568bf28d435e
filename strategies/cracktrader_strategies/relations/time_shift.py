"""Another time of day and other gaps change nothing else: the core gets later times, and numbers further apart.

By section 2 of the page only the order of either counts. The relation ends at a time or a number that is legal and
would no longer be. Fingerprints, hashes over times, are the plain core's (D11).
"""

from typing import Any

from cracktrader_fuzz.case.model import Outcome, State, Step
from cracktrader_strategies.relations.relation import INTEGER_MAX, RelationSubject, cannot_spread, gathered, spread

LATER = 86_400_000_000_007  # a day, so that the date differs, and 7 ns, so that no time is a round one
TIMES = ("event_time", "ingest_time")


class TimeShiftSubject(RelationSubject):
    """A core that gets later times."""

    def translated_outcome(self, step: Step, plain_outcome: Outcome) -> Outcome:
        """The outcome, with the step's own sequence number."""
        if plain_outcome["outcome"] != "refused" and (
            cannot_spread(step) or any(_is_late(step.get(name)) for name in TIMES)
        ):
            self.has_ended = True
            return plain_outcome
        times = {name: _later(step[name]) for name in TIMES if name in step}
        outcome = self.core.step({**spread(step), **times})
        return {**outcome, "seq_id": gathered(outcome["seq_id"])} if "seq_id" in outcome else outcome

    def translated_state(self) -> State:
        """The core's state, at the time of the steps."""
        state = self.core.observe()
        prints = self.plain.observe()["idempotency_keys"]
        return {
            **state,
            "last_seq_id": gathered(state["last_seq_id"]),
            "clock": {key: time - LATER for key, time in state["clock"].items()},
            "idempotency_keys": {key: prints.get(key, mine) for key, mine in state["idempotency_keys"].items()},
        }


def _is_late(time: Any) -> bool:
    return type(time) is int and INTEGER_MAX - LATER < time <= INTEGER_MAX


def _later(time: Any) -> Any:
    return time + LATER if type(time) is int and 0 <= time <= INTEGER_MAX - LATER else time
