"""What a campaign is asked to do: whom to compare, with which front ends, for how long."""

import datetime

import msgspec

from cracktrader_fuzz.subjects.limits import Limits


class Entry(msgspec.Struct, frozen=True):
    """A target by its reference, who is compared, the reference first, and its share of the time."""

    target: str
    subjects: tuple[str, ...]
    weight: float = 1.0


class Plan(msgspec.Struct, frozen=True):
    """The budget is `seconds`, or `cases` of each endless front end where given. By `today` known divergences expire.

    `cuts`: the budget holds for everything, and what is under way at its end is dropped after a moment's grace; else
    front ends that end are run whole, and what was begun is finished. `shares` are the weights of front ends, 1 where
    it says nothing.
    """

    entries: tuple[Entry, ...]
    seed: int
    seconds: float
    cases: int | None
    workers: int
    front_ends: tuple[str, ...]
    today: datetime.date
    limits: Limits
    cuts: bool = False
    shares: dict[str, float] = {}
