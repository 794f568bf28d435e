"""One subject watched through a case: its outcomes, and its state after the wanted steps.

Does not compare. Costs a run of the case up to the last step that is wanted; only the wanted states are taken.
"""

import pdb
from collections.abc import Iterable

import msgspec

from cracktrader_fuzz.case.model import Case, Outcome, State, ValuePath
from cracktrader_fuzz.lockstep.compare import Difference, first_difference
from cracktrader_fuzz.lockstep.run import STARTED, Lockstep, answer, begin
from cracktrader_fuzz.lockstep.verdict import START, place_words
from cracktrader_fuzz.target.protocol import Subject

_MISSING = object()


class SubjectTrace(msgspec.Struct, frozen=True):
    """A subject's answers, one a step, and its state after the steps that were wanted.

    A state that could not be observed, as after some crashes, is not among them. `start` is the outcome of its start; a
    subject that does not start has no answers.
    """

    name: str
    outcomes: list[Outcome]
    states: dict[int, State]
    start: Outcome = msgspec.field(default_factory=lambda: dict(STARTED))


def watch(lockstep: Lockstep, case: Case, name: str, wanted: Iterable[int]) -> SubjectTrace:
    """Run the subject of that name up to the last wanted step; `START` wants the state before the first."""
    places = frozenset(wanted)
    subject = lockstep.subjects[lockstep.names.index(name)]
    watched = SubjectTrace(name, [], {}, begin(subject, case.config))
    if watched.start["outcome"] == "crashed":
        return watched
    _look(subject, START, places, watched.states)
    for index, step in enumerate(case.steps[: max(places, default=START) + 1]):
        watched.outcomes.append(answer(subject, step))
        _look(subject, index, places, watched.states)
    return watched


def changes(before: State, after: State) -> list[Difference]:
    """Every place where two states differ, in order of path: `left` is what was, `right` what is."""
    return sorted(_changes(before, after, ()), key=lambda each: tuple(map(str, each.path)))


def debug(lockstep: Lockstep, case: Case, stop: int) -> None:
    """Run all subjects up to a step and hand over to the debugger before it: `step` in each subject can be entered.

    At `START` it is the start that can be entered.
    """
    for subject in lockstep.subjects if stop != START else ():
        begin(subject, case.config)
        for step in case.steps[:stop]:
            answer(subject, step)
    for name, subject in zip(lockstep.names, lockstep.subjects, strict=True):
        print(f"{place_words(stop)}, {name}: `s` goes in, `c` goes on, `subject.observe()` is its state")  # noqa: T201
        if stop == START:
            pdb.Pdb().runcall(begin, subject, case.config)
        else:
            pdb.Pdb().runcall(answer, subject, case.steps[stop])


def _look(subject: Subject, place: int, places: frozenset[int], states: dict[int, State]) -> None:
    if place not in places:
        return
    try:
        states[place] = subject.observe()
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - the state of a crashed subject may be out of reach, which is expected
        return


def _changes(before: object, after: object, path: ValuePath) -> list[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[Difference] = []
        for key in dict.fromkeys([*before, *after]):
            found += _changes(before.get(key, _MISSING), after.get(key, _MISSING), (*path, key))
        return found
    if before is _MISSING or after is _MISSING:
        present = after if before is _MISSING else before
        kind = "extra" if before is _MISSING else "missing"
        return [_one_sided(leaf, value, kind) for leaf, value in _leaves(present, path)]
    difference = first_difference(before, after, path)
    return [] if difference is None else [Difference(path, difference.kind, before, after)]


def _one_sided(path: ValuePath, value: object, kind: str) -> Difference:
    return Difference(path, kind, None, value) if kind == "extra" else Difference(path, kind, value, None)


def _leaves(value: object, path: ValuePath) -> list[tuple[ValuePath, object]]:
    if isinstance(value, dict) and value:
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
    return [(path, value)]
