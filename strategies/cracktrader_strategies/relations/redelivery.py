"""A duplicate anywhere changes nothing: after each step, events that were applied under a key are delivered again.

By section 2 of the page each must be a `duplicate` and leave no trace. Two at a time: the last one, and one of
all of them in turn. Cost: up to three steps for one.
"""

from cracktrader_fuzz.case.model import Config, Outcome, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper


class RedeliveryError(RuntimeError):
    """An event that had been applied was delivered again, under its key, and was not a duplicate."""


class RedeliverySubject(SubjectWrapper[RestorableSubject]):
    """A core to which applied events are delivered again."""

    def start(self, config: Config) -> None:
        """Start the core, with no events to deliver again."""
        self._known: list[Step] = []
        self._taken = 0
        self._subject.start(config)

    def step(self, step: Step) -> Outcome:
        """The core's outcome. Raises RedeliveryError when an event that it had applied was not a duplicate."""
        outcome = self._subject.step(step)
        if is_keyed(step, outcome):
            self._known.append(step)
        self._taken += 1
        if self._known:
            redeliver(self._subject, [self._known[self._taken % len(self._known)], self._known[-1]])
        return outcome


def is_keyed(step: Step, outcome: Outcome) -> bool:
    """Whether a step can be delivered again: an event that was applied under a key."""
    return outcome["outcome"] == "applied" and step.get("idempotency_key") is not None


def redeliver(core: RestorableSubject, events: list[Step]) -> None:
    """Deliver events again. Raises RedeliveryError for one that is not a duplicate."""
    for event in events:
        if core.step(event)["code"] != "duplicate_event":
            raise RedeliveryError(f"{event['event_type']} under the key {event['idempotency_key']!r} was news")
