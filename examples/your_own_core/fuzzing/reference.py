"""A cache of a few entries, each for a limited time; the one used longest ago goes first. In use for years."""

from collections import OrderedDict


class TtlCache:
    """Time passes by `wait` alone, so that it depends on nothing but its calls."""

    def __init__(self, capacity: int, ttl: int) -> None:
        self._capacity, self._ttl, self._now = capacity, ttl, 0
        self._entries: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def wait(self, seconds: int) -> None:
        """Let time pass; what is too old goes."""
        if seconds < 0:
            raise ValueError(f"{seconds} seconds: time does not go back")
        self._now += seconds
        for key in [key for key, (_, until) in self._entries.items() if until <= self._now]:
            del self._entries[key]

    def put(self, key: str, value: int) -> None:
        """Keep a value, a new one or another one, for the whole time from now on."""
        if key not in self._entries and len(self._entries) == self._capacity:
            self._entries.popitem(last=False)
        self._entries[key] = (value, self._now + self._ttl)
        self._entries.move_to_end(key)

    def get(self, key: str) -> int | None:
        """The value, if it is there still. It counts as used, and lives no longer for it."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def entries(self) -> list[tuple[str, int, int]]:
        """Key, value and end of each, the one that goes first first."""
        return [(key, value, until) for key, (value, until) in self._entries.items()]
