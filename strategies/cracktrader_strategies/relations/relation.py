"""What relations share that give a core changed steps: a plain core beside it, which gets the steps themselves.

The plain core has two uses only. It supplies what cannot be undone (fingerprints, which are hashes), and it takes over
where the relation ends by a rule of the page, which each subject names. Cost: two cores where there was one.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject
from cracktrader_fuzz.subjects.wrapper import SubjectWrapper

INTEGER_MAX = 2**63 - 1  # the bound of times and sequence numbers (section 1 of `docs/engine.md`)
SPREAD_MAX = INTEGER_MAX // 2

Make = Callable[[], RestorableSubject]


class RelationSubject(SubjectWrapper[RestorableSubject]):
    """A core that gets changed steps. Subclasses define the last three methods, and set `has_ended`."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.plain = make()
        self.core = make()
        super().__init__(self.core)

    def start(self, config: Config) -> None:
        """Start both cores."""
        self.config = config
        self.has_ended = False
        self.plain.start(config)
        self.core.start(config)
        self.begin()

    def step(self, step: Step) -> Outcome:
        """The core's outcome of the changed step, in the terms of the step itself."""
        plain_outcome = self.plain.step(step)
        outcome = plain_outcome if self.has_ended else self.translated_outcome(step, plain_outcome)
        return plain_outcome if self.has_ended else outcome  # the relation may have ended with this step

    def observe(self) -> State:
        """The core's state, in the terms of the steps."""
        return self.plain.observe() if self.has_ended else self.translated_state()

    def digest(self) -> str:
        """By section 8 of the page, of the translated state: the core's own digest is of the changed one."""
        return hashlib.sha256(canonical_json(self.observe()).encode("ascii")).hexdigest()

    def begin(self) -> None:
        """Start a case, as far as the relation itself keeps something."""

    def translated_outcome(self, step: Step, plain_outcome: Outcome) -> Outcome:
        """The core's outcome in the terms of the step, given the plain core's."""
        raise NotImplementedError

    def translated_state(self) -> State:
        """The core's state in the terms of the steps."""
        raise NotImplementedError


def spread(step: Step) -> Step:
    """The step with sequence number `2 n + 1` for `n`, which leaves room for one before it: the page allows gaps."""
    seq_id = step.get("seq_id")
    if type(seq_id) is int and 0 <= seq_id <= SPREAD_MAX:
        return {**step, "seq_id": 2 * seq_id + 1}
    return step


def cannot_spread(step: Step) -> bool:
    """Whether the sequence number is legal and too large for `spread`."""
    seq_id = step.get("seq_id")
    return type(seq_id) is int and SPREAD_MAX < seq_id <= INTEGER_MAX


def gathered(seq_id: Any) -> Any:
    """The sequence number that `spread` was given."""
    return (seq_id - 1) // 2 if type(seq_id) is int else seq_id


def in_order(table: dict[str, Any]) -> dict[str, Any]:
    """A map in bytewise order of its keys, as a snapshot has them."""
    return dict(sorted(table.items()))
