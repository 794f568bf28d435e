"""Spoils JSON-like data (raw venue data, results, snapshots): one thing in it becomes wrong, or nearly right."""

from copy import deepcopy
from typing import Any

from cracktrader_strategies.numbers import TRAPS

Place = tuple[dict[str, Any] | list[Any], Any]


def spoil_data(data: Any, choice: int) -> Any:
    """A copy with one change, which `choice` (at least 32 bits) picks; unchanged where there is nothing in it."""
    copy = deepcopy(data)
    places = _places(copy)
    if places:
        place, rest = choice % len(places), choice // len(places)
        _spoil(*places[place], rest)
    return copy


def _places(data: Any) -> list[Place]:
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    return [place for key in keys for place in ((data, key), *_places(data[key]))]


def _spoil(parent: Any, key: Any, choice: int) -> None:
    action, rest = choice & 7, choice >> 3
    if action == 0:
        del parent[key]
    elif action == 1 and isinstance(parent, dict):
        parent["surprise" if rest & 1 else f"{key}!"] = parent[key]
    elif action == 1:
        parent.append(deepcopy(parent[key]))
    elif action < 5:
        parent[key] = _nearly(parent[key], rest)
    else:
        parent[key] = deepcopy(TRAPS[rest % len(TRAPS)])


def _nearly(value: Any, choice: int) -> Any:
    """A value close by: of the same type and perhaps of the same meaning."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + (choice % 5 - 2 or 2**62)
    if isinstance(value, str):
        return (f"{value}0", f"-{value}", f"0{value}", value[:-1], value.swapcase(), value[::-1])[choice % 6]
    if isinstance(value, list):
        return value[::-1] if choice & 1 else [*value, *deepcopy(value[:1])]
    if isinstance(value, dict):
        return list(value) if choice & 1 else {key: value[key] for key in list(value)[1:]}
    return 0 if choice & 1 else "1"
