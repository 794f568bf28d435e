"""The same cache, ported to a plain list, as one would on the way to another language."""


class TtlCache:
    """See the reference."""

    def __init__(self, capacity: int, ttl: int) -> None:
        self._capacity, self._ttl, self._now = capacity, ttl, 0
        self._entries: list[tuple[str, int, int]] = []

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        if seconds < 0:
            raise ValueError("negative time")
        self._now += seconds
        self._entries = [entry for entry in self._entries if entry[2] > self._now]

    def put(self, key: str, value: int) -> None:
        """Keep a value."""
        if len(self._entries) == self._capacity:
            del self._entries[0]
        self._entries = [entry for entry in self._entries if entry[0] != key]
        self._entries.append((key, value, self._now + self._ttl))

    def get(self, key: str) -> int | None:
        """The value."""
        for entry in self._entries:
            if entry[0] == key:
                self._entries.remove(entry)
                self._entries.append(entry)
                return entry[1]
        return None

    def entries(self) -> list[tuple[str, int, int]]:
        """What is kept."""
        return list(self._entries)
