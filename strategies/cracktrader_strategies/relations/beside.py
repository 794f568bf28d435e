"""What the relations share that ask a core other words: a plain core of its kind beside it, told the words themselves.

The plain core says two things only. It supplies what cannot be undone (fingerprints, which are hashes), and it takes
over where the relation ends by the page: each subject says by which rule. Its digest is that of the state it tells.
Cost: two cores where there was one.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Config, Outcome, State, Step
from cracktrader_fuzz.subjects.hot_swap import RestorableSubject
from cracktrader_fuzz.target.protocol import BuildIdentity

INTEGER_MAX = 2**63 - 1  # the bound of times and sequence numbers (section 1 of `docs/engine.md`)
SPREAD_MAX = INTEGER_MAX // 2

Make = Callable[[], RestorableSubject]


class Beside:
    """A subject that asks differently. It defines `begin`, `ask` and `told_state`, and sets `has_ended`."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.plain = make()
        self.core = make()

    def start(self, config: Config) -> None:
        """Both cores begin afresh."""
        self.config = config
        self.has_ended = False
        self.plain.start(config)
        self.core.start(config)
        self.begin()

    def step(self, step: Step) -> Outcome:
        """What the core answers to other words, in the words of the step."""
        told = self.plain.step(step)
        outcome = told if self.has_ended else self.ask(step, told)
        return told if self.has_ended else outcome

    def observe(self) -> State:
        """What the core keeps, in the words of the steps."""
        return self.plain.observe() if self.has_ended else self.told_state()

    def digest(self) -> str:
        """By section 8 of the page, of what `observe` tells."""
        return hashlib.sha256(canonical_json(self.observe()).encode("ascii")).hexdigest()

    def identity(self) -> BuildIdentity:
        return self.core.identity()

    def begin(self) -> None:
        """Forget the case before."""

    def ask(self, step: Step, told: Outcome) -> Outcome:
        """The core's answer in the words of the step, given what the plain core told."""
        raise NotImplementedError

    def told_state(self) -> State:
        """The core's state in the words of the steps."""
        raise NotImplementedError


def spread(step: Step) -> Step:
    """The step with its sequence number `n` as `2 n + 1`, which leaves room for one before it: gaps are fine."""
    seq_id = step.get("seq_id")
    if type(seq_id) is int and 0 <= seq_id <= SPREAD_MAX:
        return {**step, "seq_id": 2 * seq_id + 1}
    return step


def cannot_spread(step: Step) -> bool:
    """Whether the sequence number is legal and too large for `spread`."""
    seq_id = step.get("seq_id")
    return type(seq_id) is int and SPREAD_MAX < seq_id <= INTEGER_MAX


def gathered(seq_id: Any) -> Any:
    """What `spread` was given."""
    return (seq_id - 1) // 2 if type(seq_id) is int else seq_id


def in_order(table: dict[str, Any]) -> dict[str, Any]:
    """A map in bytewise order of its keys, as a snapshot has them."""
    return dict(sorted(table.items()))
