"""What a campaign is to do: which subjects to compare, with which front ends, for how long."""

import datetime

import msgspec

from cracktrader_fuzz.subjects.limits import Limits


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A target's part of a campaign."""

    target: str
    """The target, by the name that the settings give it or as module:attribute."""
    subjects: tuple[str, ...]
    """Who is compared, the reference first."""
    weight: float = 1.0
    """Its share of the time, beside the other targets' weights."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a campaign is to do. The budget is `seconds`, or `cases` of each endless front end where it is given."""

    entries: tuple[Entry, ...]
    """The targets."""
    seed: int
    """The seed of all cases."""
    seconds: float
    """The budget, on the clock."""
    cases: int | None
    """The most cases of each endless front end; null where time is the budget."""
    workers: int
    """How many worker processes there are."""
    front_ends: tuple[str, ...]
    """The front ends that are used."""
    today: datetime.date
    """The day by which known divergences expire."""
    limits: Limits
    """What a worker, a case and a step may use."""
    cuts: bool = False
    """Whether the budget holds for everything, and what is under way at its end is dropped after a moment's grace; else
    front ends that end by themselves are run whole, and what was begun is finished."""
    shares: dict[str, float] = {}
    """The weights of front ends; 1 for one that is not named."""
