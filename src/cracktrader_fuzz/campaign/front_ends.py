"""The front ends that a campaign may use: one declaration, for `run` and `nightly` alike.

A front end declares what it offers for a target; `campaign.worker` runs it. An endless one has a case for every index
of a seed, and shares the time with the other endless ones until the budget is spent; the others are run whole, first.
"""

from collections.abc import Callable
from functools import partial

import msgspec

from cracktrader_fuzz.campaign.job import EVERYTHING
from cracktrader_fuzz.campaign.searches import COVERAGE
from cracktrader_fuzz.corpus.rerun import fixture_paths, fixtures_of
from cracktrader_fuzz.coverage.session import missing, missing_library
from cracktrader_fuzz.search.indexed import PAIRED
from cracktrader_fuzz.settings import Settings
from cracktrader_fuzz.subjects.relations import HOT_SWAP, RELATIONS
from cracktrader_fuzz.target.target import Target

# Some 8,000 steps of the soak: a tenth of a second in the worker, and under two seconds where subjects are isolated
# (`docs/performance.md`). With more, the end of a run would be late; with fewer, reports would cost more than runs.
SLICE_CASES = 20
# A quarter of a second at the rate of `docs/search.md`, so that the search can be cut and resumed as others are.
SEARCH_CASES = 50


class Offer(msgspec.Struct, frozen=True):
    """What a front end has for a target: `sources` as (number, how many cases), and notes on what is missing.

    A source with no known end has `EVERYTHING` for its number of cases.
    """

    sources: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


class FrontEnd(msgspec.Struct, frozen=True):
    """A source of cases. A job has at most `slice_cases` of them: a second's work or so, or the end of a run is late.

    `is_repeatable`: the same seed gives the same cases, so that a plain run uses it by default. `does` is a line for
    `list front-ends`.
    """

    name: str
    offer: Callable[[Settings, Target], Offer]
    is_endless: bool = False
    slice_cases: int = SLICE_CASES
    is_repeatable: bool = True
    does: str = ""


def always(_: Settings, __: Target) -> Offer:
    """A case for every index, whatever the target."""
    return Offer(((0, EVERYTHING),))


def _fixtures(settings: Settings, target: Target) -> Offer:
    count = len(fixtures_of(settings.corpus, target.name))
    if count:
        return Offer(((0, count),))
    whose = f" for {target.name}" if fixture_paths(settings.corpus) else ""
    return Offer(notes=(f"no fixtures{whose} under {settings.corpus}: none were run",))


def _recordings(settings: Settings, target: Target) -> Offer:
    """A source for each recorded file that is there; how many recordings it holds is seen when it is read.

    One job runs all of a file, since each job reads it anew.
    """
    folder, sources, notes = settings.recordings, [], []
    for place, name in enumerate(target.recordings.files if target.recordings else ()):
        if folder is not None and (folder / name).is_file():
            sources.append((place, EVERYTHING))
        else:
            notes.append(f"no recorded traffic {name} at {folder}: left out")
    return Offer(tuple(sources), tuple(notes))


def _pairs(front_end: str, _: Settings, target: Target) -> Offer:
    """A case for every index, where the target has pairs for it."""
    if target.relations.pairs.get(front_end):
        return Offer(((0, EVERYTHING),))
    return Offer(notes=(f"{target.name} declares no pairs for {front_end}: left out",))


def _followed(_: Settings, target: Target) -> Offer:
    """A case for every index where the code can be followed; a note on what of it cannot."""
    problem = missing()
    if problem:
        return Offer(notes=(f"{COVERAGE} is left out: {problem}",))
    reason = missing_library(target)
    notes = (f"{COVERAGE} follows no compiled code: {reason}",) if reason else ()
    return Offer(((0, EVERYTHING),), notes)


_PAIRED_DO = {
    RELATIONS: "compares a subject with itself, driven in another way",
    HOT_SWAP: "hands the state from one subject to another after every step",
}
FRONT_ENDS = {
    each.name: each
    for each in (
        FrontEnd("corpus", _fixtures, does="runs each fixture of the corpus on every subject"),
        FrontEnd("traffic", _recordings, slice_cases=EVERYTHING, does="runs the recorded input that the target reads"),
        FrontEnd("soak", always, is_endless=True, does="generates long cases out of the target's decoder"),
        FrontEnd("mutation", always, is_endless=True, does="changes and crosses stored cases"),
        *(FrontEnd(name, partial(_pairs, name), is_endless=True, does=_PAIRED_DO[name]) for name in PAIRED),
        FrontEnd(
            COVERAGE,
            _followed,
            is_endless=True,
            slice_cases=SEARCH_CASES,
            is_repeatable=False,
            does="searches where the code of the subjects leads; needs Atheris",
        ),
    )
}
REPEATABLE = tuple(name for name, each in FRONT_ENDS.items() if each.is_repeatable)
