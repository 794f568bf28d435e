"""Changes to a whole case at once: names merged and numbered by first use, equal values made plainer together.

The moves of `neighbours` change one value only, and break what equal values hold together: the order that three steps
name.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.target.fields import identical, identifiers, leaves, map_values
from cracktrader_fuzz.target.grammar import Grammar, NameRule, Rule


def rename(case: Case, grammar: Grammar) -> Case:
    """The case with its names numbered by first use, each prefix by itself."""
    known: dict[str, dict[str, str]] = {}

    def rename(rule: Rule, value: Any) -> Any:
        if not isinstance(rule, NameRule) or not isinstance(value, str):
            return value
        names = known.setdefault(rule.prefix, {})
        return names.setdefault(value, f"{rule.prefix}{len(names) + 1}")

    return map_values(case, grammar, rename)


def merges(case: Case, grammar: Grammar) -> Iterator[Case]:
    """The case with one name put in the place of another, for every pair under one prefix, later into earlier."""
    by_prefix: dict[str, list[str]] = {}
    for prefix, name in dict.fromkeys(identifiers(case.steps, grammar)):
        by_prefix.setdefault(prefix, []).append(name)
    for prefix, used in by_prefix.items():
        for late in range(len(used) - 1, 0, -1):
            for early in range(late):
                yield map_values(case, grammar, _putting(prefix, used[late], used[early]))


def replace_all(case: Case, grammar: Grammar) -> Iterator[Case]:
    """The case with every occurrence of one value, under one rule, made plainer in the same way."""
    seen: list[tuple[Rule, Any]] = []
    for step in case.steps:
        for _, key, value in leaves(step):
            rule = grammar.rules.get(key)
            if rule is None or any(rule is known and identical(value, old) for known, old in seen):
                continue
            seen.append((rule, value))
            for candidate in rule.simpler(value):
                yield map_values(case, grammar, _exchanging(rule, value, candidate))


def _putting(prefix: str, old: str, new: str) -> Callable[[Rule, Any], Any]:
    return lambda rule, value: new if isinstance(rule, NameRule) and rule.prefix == prefix and value == old else value


def _exchanging(wanted: Rule, old: Any, new: Any) -> Callable[[Rule, Any], Any]:
    return lambda rule, value: new if rule is wanted and identical(value, old) else value
