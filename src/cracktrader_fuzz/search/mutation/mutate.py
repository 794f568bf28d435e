"""New cases from old ones: `mutate` from one, `cross` from two, for any target that has a grammar.

Steps are dropped, duplicated, repeated, swapped and moved, two cases are spliced or interleaved (under the names that
they have, or with some of the second one's kept apart), values are perturbed, one name is put in the place of another.
The result is a function of the cases and of `bits`; it shares steps with them and changes none of them. Steps stay
JSON-like and keep their keys; a few values are ill-formed on purpose. After a change of structure places are numbered
anew, mostly. Code with ideas of its own about values uses `target.fields`: `case_fields` lists them, `put_value` sets
one.

Nothing here runs a case: the caller finds out whether one does anything new. Cost: about that of reading the
steps that are changed; only new names and new numbers read the whole case.
"""

import random

from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.search.mutation.reorder import MIXTURES, REARRANGEMENTS
from cracktrader_fuzz.search.mutation.values import Perturbation
from cracktrader_fuzz.target.fields import identifiers, map_values, put_value, renumber, step_fields
from cracktrader_fuzz.target.grammar import Grammar, NameRule, Rule

STEPS_MAX = 400  # room for two parents and repeated stretches; longer cases are for the soak, which makes them faster
CHANGES_MAX = 4  # of steps, and of values: few, so that most of what the parents show is still there
# Rarely, for steps and values alike: a place that has passed is refused, and a refused step shows little.
PLACES_KEPT_CHANCE = 0.1
RENAMED_CHANCE = 0.1  # rarely, since it changes a whole case at once
# By prefix, so that two cases may share their venues and not their orders, or the other way round.
PREFIX_APART_CHANCE = 0.5
NAMES_MAX = 10**6  # an end for the search for an unused name; a case has at most some hundreds


def mutate(case: Case, grammar: Grammar, bits: int, pool: list[Step] | None = None, steps_max: int = STEPS_MAX) -> Case:
    """The case with a few changes, at least one. Values come from it and from `pool`, the steps of other cases."""
    draw = random.Random(bits)  # noqa: S311 - repeatable on purpose
    steps, rearranged = case.steps[:steps_max], draw.randrange(CHANGES_MAX + 1)
    for _ in range(rearranged):
        steps = draw.choice(REARRANGEMENTS)(draw, steps)[:steps_max]
    case = case.with_steps(steps)
    if rearranged:
        case = _numbered(draw, case, grammar)
    perturbation = Perturbation(draw, grammar, [*case.steps, *(pool or ())])
    for _ in range(draw.randrange(0 if rearranged else 1, CHANGES_MAX + 1)):
        case = case.with_steps(_perturbed(draw, case.steps, grammar, perturbation))
    return _renamed(draw, case, grammar) if draw.random() < RENAMED_CHANCE else case


def cross(one: Case, other: Case, grammar: Grammar, bits: int, steps_max: int = STEPS_MAX) -> Case:
    """A case of the steps of two, under the configuration of the first; the order within each stays."""
    draw = random.Random(bits)  # noqa: S311 - repeatable on purpose
    steps = draw.choice(MIXTURES)(draw, one.steps, _apart(draw, one, other, grammar).steps)
    return _numbered(draw, one.with_steps(steps[:steps_max]), grammar)


def _numbered(draw: random.Random, case: Case, grammar: Grammar) -> Case:
    return case if draw.random() < PLACES_KEPT_CHANCE else renumber(case, grammar)


def _perturbed(draw: random.Random, steps: list[Step], grammar: Grammar, perturbation: Perturbation) -> list[Step]:
    """Another value in one place; mostly not in the one that numbers the step."""
    found = step_fields(steps, draw.randrange(len(steps)), grammar) if steps else []
    if draw.random() >= PLACES_KEPT_CHANCE:
        found = [place for place in found if place.key != grammar.positional]
    if not found:
        return steps
    place = draw.choice(found)
    return put_value(steps, place, perturbation.value(place))


def _renamed(draw: random.Random, case: Case, grammar: Grammar) -> Case:
    """One name put in the place of another of its kind, everywhere."""
    used = identifiers(case.steps, grammar)
    if not used:
        return case
    prefix, old = draw.choice(used)
    return _with_names(case, grammar, {(prefix, old): draw.choice([name for other, name in used if other == prefix])})


def _apart(draw: random.Random, one: Case, other: Case, grammar: Grammar) -> Case:
    """The other case with its names under some of the prefixes changed into ones that the first does not use."""
    taken = {name for _, name in identifiers(one.steps, grammar)}
    used = dict.fromkeys(identifiers(other.steps, grammar))
    apart = {prefix for prefix in dict.fromkeys(prefix for prefix, _ in used) if draw.random() < PREFIX_APART_CHANCE}
    new: dict[tuple[str, str], str] = {}
    for prefix, name in used:
        if prefix in apart and name in taken:
            fresh = next(each for n in range(1, NAMES_MAX) if (each := f"{prefix}{n}") not in taken)
            taken.add(fresh)
            new[prefix, name] = fresh
    return _with_names(other, grammar, new)


def _with_names(case: Case, grammar: Grammar, new: dict[tuple[str, str], str]) -> Case:
    def exchanged(rule: Rule, value: object) -> object:
        return new.get((rule.prefix, value), value) if isinstance(rule, NameRule) and isinstance(value, str) else value

    return map_values(case, grammar, exchanged) if new else case
