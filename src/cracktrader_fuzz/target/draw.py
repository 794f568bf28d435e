"""Choices out of the draw bytes of one step, for functions that make up steps.

Each choice takes the next bytes, so that few choices hang together and a search that changes one byte changes one
choice; bytes that are used up go on with their hash. The same bytes give the same choices everywhere. A
byte that stands for one of three values favours one by one part in 85: enough for searching, not for figures.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")


class Draw:
    """The choices that draw bytes stand for."""

    def __init__(self, data: bytes) -> None:
        self._bytes = _endless(data)

    def number(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both among them. Raises ValueError when there is none."""
        count = high - low + 1
        if count < 1:
            raise ValueError(f"no integer lies between {low} and {high}: swap them")
        drawn, reach = next(self._bytes), 256
        while reach < count:
            drawn, reach = drawn << 8 | next(self._bytes), reach << 8
        return low + drawn * count // reach

    def pick(self, values: Sequence[Value]) -> Value:
        """One of the values; name one twice to have it twice as often. Raises ValueError when there is none."""
        return values[self.number(0, len(values) - 1)]

    def name(self, prefix: str, count: int) -> str:
        """An identifier out of so many, `k1` to `k3`: few, so that they meet again; for a `NameRule`."""
        return f"{prefix}{self.number(1, count)}"


def _endless(data: bytes) -> Iterator[int]:
    while True:
        yield from data
        data = hashlib.blake2b(data).digest()
