"""Which job is next: the arms of a campaign, and how they share its time.

An arm is a front end on a target, with one of its sources. Those that end go first, in order. The endless ones share
what the workers have, each by its weight: what the plan gives it, halved for every `HALF_LIFE_SECONDS` of work that
showed nothing new, down to `SHARE_MIN` of it, so that none starves. Next is the arm that has had the least for its
weight.

Deterministic given the reports: no clock is read here. Which case an index is depends on the seed alone; what was found
before only says which arm's turn it is.
"""

import math
from collections.abc import Iterable
from typing import Annotated

import msgspec

from cracktrader_fuzz.campaign.job import EVERYTHING

# Of a worker's time. A judgement: long enough for a slow front end to show something in between, and short enough for
# the others to gain by it in a run of minutes.
HALF_LIFE_SECONDS = 30.0
# Never less: what a search finds after hours must still have its turns, and a tenth costs the others little.
SHARE_MIN = 0.1
# What a job may take before one was reported, between a fast slice (0.1 s) and a slow one (2 s). It only keeps a new
# arm from being given a job for every worker at once.
FIRST_GUESS_SECONDS = 0.5
Count = Annotated[int, msgspec.Meta(ge=0, le=EVERYTHING)]
Span = tuple[Count, Count]


class Slice(msgspec.Struct, frozen=True):
    """Cases `start` to `stop` (exclusive) of an arm."""

    arm: "Arm"
    start: int
    stop: int


class Arm(msgspec.Struct, forbid_unknown_fields=True):
    """How far an arm is."""

    target: str
    """The target, by the name that the plan gives it."""
    front_end: str
    """The front end's name."""
    source: Count
    """Which of the front end's sources."""
    cases: Count
    """How many cases there are."""
    slice_cases: Count
    """How many cases a job has at most."""
    is_endless: bool
    """Whether it has a case for every index."""
    weight: float = 1.0
    """What the plan gives it."""
    next: Count = 0
    """The first case that was never handed out."""
    again: list[Span] = []
    """Cases that were handed out and must be once more: from, to (exclusive)."""
    out: list[Span] = []
    """Cases that are handed out: from, to (exclusive)."""
    reports: Count = 0
    """How many jobs were reported."""
    seconds: float = 0.0
    """How much of the workers' time went into it."""
    quiet_seconds: float = 0.0
    """How much of that since it last showed something new."""
    charged: float = 0.0
    """How much time it has had for its weight."""

    @property
    def share(self) -> float:
        """The weight that it has by now."""
        return self.weight * max(SHARE_MIN, math.exp2(-self.quiet_seconds / HALF_LIFE_SECONDS))

    @property
    def has_more(self) -> bool:
        """Whether there is anything to hand out."""
        return bool(self.again) or self.next < self.cases

    @property
    def due(self) -> float:
        """What it has had for its weight, with a guess at what is under way."""
        guess = self.seconds / self.reports if self.reports else FIRST_GUESS_SECONDS
        return self.charged + len(self.out) * guess / self.share

    def take(self) -> Slice:
        """Hand out the next cases."""
        if self.again:
            start, end = self.again[0]
            stop = min(end, start + self.slice_cases)
            self.again = without(self.again, start, stop)
        else:
            start, stop = self.next, min(self.cases, self.next + self.slice_cases)
            self.next = stop
        self.out.append((start, stop))
        return Slice(self, start, stop)

    def settle(self, start: int, stop: int, left: Iterable[int], seconds: float, *, showed_news: bool) -> None:
        """Note that these cases were reported, but for those that are `left` to another job."""
        self.out = [*without(self.out, start, stop), *((index, index + 1) for index in left)]
        self.reports += 1
        self.seconds += seconds
        self.quiet_seconds = 0.0 if showed_news else self.quiet_seconds + seconds
        self.charged += seconds / self.share

    def stop(self) -> None:
        """Hand out nothing more."""
        self.cases, self.again = self.next, []

    def take_back(self) -> None:
        """Put what was handed out and not reported among the cases that must be run again."""
        self.again, self.out = sorted([*self.again, *self.out]), []


class Schedule:
    """The arms, in the order in which they were declared."""

    def __init__(self, arms: Iterable[Arm]) -> None:
        self.arms = list(arms)

    def next(self, given_up: set[str], *, is_over: bool) -> Slice | None:
        """Hand out the next cases: none of `given_up` targets, and nothing endless once the budget `is_over`."""
        ready = [arm for arm in self.arms if arm.has_more and arm.target not in given_up]
        for arm in ready:
            if not arm.is_endless:
                return arm.take()
        if not ready or is_over:
            return None
        return min(ready, key=lambda arm: arm.due).take()

    def go_on(self, arms: Iterable[Arm]) -> None:
        """Put arms that were here before in the place of those of the same name, which have not begun."""
        before = {(arm.target, arm.front_end, arm.source): arm for arm in arms}
        self.arms = [before.get((arm.target, arm.front_end, arm.source), arm) for arm in self.arms]

    def arm(self, target: str, front_end: str, source: int) -> Arm:
        """The arm of this name."""
        return next(
            each for each in self.arms if (each.target, each.front_end, each.source) == (target, front_end, source)
        )


def without(spans: list[Span], start: int, stop: int) -> list[Span]:
    """The spans without what lies between `start` and `stop`."""
    rest = []
    for one, end in spans:
        rest += [piece for piece in ((one, min(end, start)), (max(one, stop), end)) if piece[0] < piece[1]]
    return rest
