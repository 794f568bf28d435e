"""The fields of a case: every value in its steps, by path, with the rule that the target's grammar has for it.

Shrinking and mutation share this. A step is never changed: a new value goes into a copy, which shares with the original
all that lies beside the path.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from cracktrader_fuzz.case.model import Case, Step, ValuePath
from cracktrader_fuzz.target.grammar import Grammar, NameRule, Rule

Leaf = tuple[ValuePath, str, Any]


class Field(NamedTuple):
    """One value that has a rule: the index of its step, the path in it, the nearest key by name."""

    step_index: int
    path: ValuePath
    key: str
    rule: Rule
    value: Any


def leaves(value: Any, path: ValuePath = (), key: str = "") -> list[Leaf]:
    """Every value that is not an object or a list: its path, the nearest key by name, and itself."""
    if not isinstance(value, dict | list):
        return [(path, key, value)]
    parts: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[Leaf] = []
    for part, inner in parts:
        nearest = key if isinstance(value, list) else str(part)
        if isinstance(inner, dict | list):
            found += leaves(inner, (*path, part), nearest)
        else:
            found.append(((*path, part), nearest, inner))
    return found


def replace_at(value: Any, path: ValuePath, new: Any) -> Any:
    """A copy with the value at `path` replaced; all that lies beside the path is shared."""
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replace_at(value[path[0]], path[1:], new)
    return copy


def identical(one: Any, other: Any) -> bool:
    """Whether two values are the same in type and value."""
    return type(one) is type(other) and bool(one == other)


def step_fields(steps: list[Step], index: int, grammar: Grammar) -> list[Field]:
    """The fields of one step that have a rule."""
    found = ((path, key, grammar.rules.get(key), value) for path, key, value in leaves(steps[index]))
    return [Field(index, path, key, rule, value) for path, key, rule, value in found if rule is not None]


def case_fields(steps: list[Step], grammar: Grammar) -> list[Field]:
    """The fields of all steps that have a rule, in order."""
    return [field for index in range(len(steps)) for field in step_fields(steps, index, grammar)]


def identifiers(steps: list[Step], grammar: Grammar) -> list[tuple[str, str]]:
    """Every identifier in the steps, once for each time it occurs, with its rule's prefix."""
    found = case_fields(steps, grammar)
    return [
        (each.rule.prefix, each.value) for each in found if isinstance(each.rule, NameRule) and type(each.value) is str
    ]


def put_value(steps: list[Step], field: Field, value: Any) -> list[Step]:
    """The steps with another value in one field."""
    changed = list(steps)
    changed[field.step_index] = replace_at(steps[field.step_index], field.path, value)
    return changed


def map_values(case: Case, grammar: Grammar, change: Callable[[Rule, Any], Any]) -> Case:
    """The case with `change(rule, value)` instead of every value that has a rule."""
    steps = []
    for step in case.steps:
        for path, key, value in leaves(step):
            rule = grammar.rules.get(key)
            if rule is not None:
                new = change(rule, value)
                if not identical(new, value):
                    step = replace_at(step, path, new)
        steps.append(step)
    return case.with_steps(steps)


def renumber(case: Case, grammar: Grammar) -> Case:
    """The case with places numbered from 1, one after the other."""
    key, place, steps = grammar.positional, 0, []
    for step in case.steps:
        if key in step:
            place += 1
            step = {**step, key: place}
        steps.append(step)
    return case.with_steps(steps)
