"""How the process of a search and its owner talk: files in a folder of its own, and two pipes.

The folder holds `request.json`, `tally.json` (rewritten at the end of each turn), `last` (the case under way), `log`
(what Atheris prints) and a file for each signature, `found-N`, a packed case. A turn is a line on standard input, how
many cases to run; at its end the process writes `TURN_DONE` to standard output. It ends when there is no more line.
"""

import mmap
import os
from pathlib import Path

import msgspec

from cracktrader_fuzz.subjects.limits import Limits

REQUEST, TALLY, LAST, LOG, FOUND = "request.json", "tally.json", "last", "log", "found-"
LENGTH_BYTES = 8  # a length of 64 bits, which is more than enough
# Fifty times the longest fixture, all of which must fit (a test holds that). The file of the last case has this size.
BYTES_MAX = 1 << 17
TURN_DONE = b"."


class SearchRequest(msgspec.Struct, frozen=True):
    """A search. Paths are text.

    `corpus` is read and added to, `seeds` only read. `follows_rust` and `follows_python`: whose edges are counted.
    """

    root: str
    target: str
    subjects: tuple[str, ...]
    seed: int
    corpus: str
    seeds: str
    limits: Limits
    follows_rust: bool = True
    follows_python: bool = False


class OneSided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell in which code was new in one subject and none in the other."""

    kind: str
    """The kind of step."""
    context: str
    """What it met."""
    code: str
    """The code of the answer."""
    subject: str
    """The subject that ran the new code."""
    edges: int
    """How many edges were new."""


class EdgeCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The edges of one language's code."""

    edges: int = 0
    """How many there are, as far as that is known."""
    taken: int = 0
    """How many were taken."""


class SearchTally(msgspec.Struct):
    """What a search has done. `found`: signatures with how often, in the order of their files; `cells` as in a run."""

    executions: int = 0
    steps: int = 0
    applied: int = 0
    cells: list[tuple[str, str, str, int]] = []
    found: dict[str, int] = {}
    rust: EdgeCount = EdgeCount()
    python: EdgeCount = EdgeCount()
    one_sided: list[OneSided] = []
    problem: str = ""


class LastInput:
    """The case under way, in a file that outlives the process: its length while it runs, 0 else, then its bytes."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        os.ftruncate(handle, LENGTH_BYTES + BYTES_MAX)
        self._map = mmap.mmap(handle, LENGTH_BYTES + BYTES_MAX)
        os.close(handle)

    def begin(self, data: bytes) -> None:
        """Write down the bytes that are about to run."""
        kept = data[:BYTES_MAX]
        # The length last: if the process ends in between, these bytes do not count as the case that it died of.
        self._map[LENGTH_BYTES : LENGTH_BYTES + len(kept)] = kept
        self._map[:LENGTH_BYTES] = len(kept).to_bytes(LENGTH_BYTES, "little")

    def end(self) -> None:
        """Note that they have run."""
        self._map[:LENGTH_BYTES] = bytes(LENGTH_BYTES)


def last_input(path: Path) -> bytes:
    """What ran when the process ended; nothing when it had finished its case, or never began one."""
    try:
        data = path.read_bytes()
    except OSError:
        return b""
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    return data[LENGTH_BYTES : LENGTH_BYTES + length]
