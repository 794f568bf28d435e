"""How an object of NautilusTrader is made, as data: one description for both sides, and for the scripts.

A `Call` names a class, or a method of one, and its arguments; a `Member` is a value of an enum. `build` evaluates one
in the names of a side, `text` writes it as Python. So a script has the very expression that was run.
Objects without a state of their own are built once a side and shared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Member:
    """A value of an enum."""

    enum: str
    name: str


@dataclass(frozen=True)
class Call:
    """A call: of `name`, dotted where it is a method, with values by place and values by keyword."""

    name: str
    values: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()


class Builder:
    """Evaluates descriptions in the names of one side."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._shared: dict[Any, Any] = {}

    def build(self, description: Any) -> Any:
        """The object. Raises what the side's own constructor raises."""
        if isinstance(description, Call) and description.named:
            arguments = {key: self.build(value) for key, value in description.named}
            return self._found(description.name)(*map(self.build, description.values), **arguments)
        if isinstance(description, Call | Member):
            key = (description, *map(type, getattr(description, "values", ())))
            if key not in self._shared:
                self._shared[key] = self._value(description)
            return self._shared[key]
        return description

    def _value(self, description: Call | Member) -> Any:
        if isinstance(description, Member):
            return getattr(self._names[description.enum], description.name)
        return self._found(description.name)(*map(self.build, description.values))

    def _found(self, name: str) -> Any:
        first, *rest = name.split(".")
        found = self._names[first]
        for each in rest:
            found = getattr(found, each)
        return found


def text(description: Any, prefix: str) -> str:
    """The description as a Python expression, its names behind `prefix`."""
    if isinstance(description, Member):
        return f"{prefix}{description.enum}.{description.name}"
    if isinstance(description, Call):
        parts = [text(value, prefix) for value in description.values]
        parts += [f"{key}={text(value, prefix)}" for key, value in description.named]
        name = description.name if description.name == "Decimal" else f"{prefix}{description.name}"
        return f"{name}({', '.join(parts)})"
    return repr(description)


DECIMAL = {"Decimal": Decimal}
