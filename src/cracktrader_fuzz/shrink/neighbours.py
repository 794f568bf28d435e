"""The cases that lie one small move away from a case, and the order that says which of two is smaller.

The shrinker ends when no neighbour is interesting, and a certificate says just that: both use this one list.
"""

import decimal
import re
from collections.abc import Iterator
from itertools import combinations

from cracktrader_fuzz.case.codec import canonical_json
from cracktrader_fuzz.case.model import Case, Step
from cracktrader_fuzz.target.fields import leaves, replace_at
from cracktrader_fuzz.target.grammar import DecimalRule, Grammar

DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?(e-0[0-9])?")
NUMBERS_ADDED_MAX = 8  # 28 sums; the candidates are these times all values of the case, times its deletions

Size = tuple[int, int, str]


def size(case: Case, grammar: Grammar) -> Size:
    """The order of cases: fewer steps, then plainer values, then the text."""
    cost = sum(leaf_cost(step, grammar) for step in case.steps)
    return len(case.steps), cost, canonical_json(case.steps)


def is_smaller(case: Case, than: Case, grammar: Grammar) -> bool:
    """Whether `case` comes before `than`; the number of steps mostly settles it."""
    if len(case.steps) != len(than.steps):
        return len(case.steps) < len(than.steps)
    return size(case, grammar) < size(than, grammar)


def leaf_cost(step: Step, grammar: Grammar) -> int:
    """The summed cost of a step's values."""
    return sum(grammar.rules[key].cost(value) for _, key, value in leaves(step) if key in grammar.rules)


def deletions(case: Case) -> Iterator[Case]:
    """The case without one of its steps, from the end to the beginning."""
    for index in reversed(range(len(case.steps))):
        yield case.with_steps(case.steps[:index] + case.steps[index + 1 :])


def simplifications(case: Case, grammar: Grammar) -> Iterator[Case]:
    """The case with one value made plainer."""
    for index, step in enumerate(case.steps):
        for path, key, value in leaves(step):
            rule = grammar.rules.get(key)
            for candidate in rule.simpler(value) if rule else ():
                steps = list(case.steps)
                steps[index] = replace_at(step, path, candidate)
                yield case.with_steps(steps)


def mends(case: Case, grammar: Grammar, numbers: list[str]) -> Iterator[Case]:
    """The case with any one value replaced by one of its field's plainest, or by one of the numbers."""
    for index, step in enumerate(case.steps):
        for path, key, value in leaves(step):
            rule = grammar.rules.get(key)
            wanted = [*rule.plainest(), *(numbers if isinstance(rule, DecimalRule) else ())] if rule else []
            for candidate in wanted:
                if type(candidate) is not type(value) or candidate != value:
                    steps = list(case.steps)
                    steps[index] = replace_at(step, path, candidate)
                    yield case.with_steps(steps)


def numbers_of(case: Case, grammar: Grammar) -> list[str]:
    """The decimals of a case, and the sums of any two: what a step must carry when the one beside it is deleted."""
    found: dict[str, None] = {}
    for step in case.steps:
        for _, key, value in leaves(step):
            if isinstance(grammar.rules.get(key), DecimalRule) and DECIMAL.fullmatch(str(value)):
                found[str(value)] = None
    pairs = combinations(list(found)[:NUMBERS_ADDED_MAX], 2)
    return [*found, *(f"{decimal.Decimal(one) + decimal.Decimal(other):f}" for one, other in pairs)]


def swaps(case: Case, grammar: Grammar) -> Iterator[Case]:
    """The case with two neighbouring steps exchanged, where that is smaller."""
    whole = size(case, grammar)
    for index in range(len(case.steps) - 1):
        one, other = case.steps[index : index + 2]
        steps = list(case.steps)
        steps[index : index + 2] = [_in_place_of(one, other, grammar), _in_place_of(other, one, grammar)]
        swapped = case.with_steps(steps)
        if size(swapped, grammar) < whole:
            yield swapped


def neighbours(case: Case, grammar: Grammar) -> Iterator[Case]:
    """Every smaller case one move away."""
    yield from deletions(case)
    yield from simplifications(case, grammar)
    yield from swaps(case, grammar)


def _in_place_of(taken: Step, step: Step, grammar: Grammar) -> Step:
    """The step as it would stand in the place of `taken`: the keys that number a place stay where they are."""
    if grammar.positional in step and grammar.positional in taken:
        return {**step, grammar.positional: taken[grammar.positional]}
    return step
