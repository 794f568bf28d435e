"""The implementation that is to take its place: a stand-in, until you put yours here or import it."""

from collections import Counter


class Tally:
    """The same, on a standard class."""

    def __init__(self) -> None:
        self._counter: Counter[str] = Counter()

    def add(self, name: str, amount: int) -> int:
        """Put some more there: the new total."""
        self._counter.update({name: amount})
        return self._counter[name]

    def take(self, name: str, amount: int) -> int:
        """Take some away: the new total. Raises ValueError when there is not enough."""
        if self._counter[name] < amount:
            raise ValueError(f"only {self._counter[name]} of {name!r}")
        self._counter.subtract({name: amount})
        return self._counter[name]

    def totals(self) -> dict[str, int]:
        """What there is, by name."""
        return dict(self._counter)
