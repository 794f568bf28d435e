"""Reading takes work in proportion to what is read: counted, since a clock would tell of the machine."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from cracktrader_fuzz.case import codec
from cracktrader_fuzz.corpus import ledger
from cracktrader_fuzz.corpus.ledger import KnownDivergences, parse_ledger
from cracktrader_fuzz.errors import DocumentError

ENTRY = """\
[[known]]
id = "{id}"
signature = "{signature}"
reason = "The page on this is being decided by the owner."
owner = "the owner"
since = 2026-11-22
expires = 2027-02-01
fixture = "fixtures/{fixture}.json"
"""


class Key(str):
    """A key that counts how often it is compared with another one."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Key.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("size", [1_000, 2_000, 4_000])
def test_a_key_that_stands_twice_is_found_in_one_pass(size: int) -> None:
    """The last key stands twice, which took each key's comparison with all others."""
    keys = [Key(f"k{place}") for place in range(size)]
    Key.compared = 0
    with pytest.raises(ValueError, match=f"the key 'k{size - 1}' stands twice"):
        codec._without_duplicates([(key, 0) for key in [*keys, Key(keys[-1])]])
    assert Key.compared < 4 * size  # equal hashes are rare, so most keys are compared with none


def test_of_several_keys_that_stand_twice_the_first_is_named() -> None:
    """It is the one that a reader meets first."""
    with pytest.raises(DocumentError, match="the key 'a' stands twice"):
        codec.parse_document('{"a": 1, "b": 2, "b": 3, "a": 4}', "it")


def test_entries_of_a_ledger_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the entries take twice the splitting of signatures, not four times."""
    split = ledger._parts
    counted = itertools.count()
    monkeypatch.setattr(ledger, "_parts", lambda signature: (next(counted), split(signature))[1])

    def work(size: int) -> int:
        before = next(counted)
        assert len(read(*(entry(str(place)) for place in range(size))).known) == size
        return next(counted) - before - 1

    assert work(200) == 2 * work(100) > 0


@pytest.mark.parametrize("context", ["NEW", "FILLED"])
def test_a_wide_entry_clashes_with_every_context(context: str) -> None:
    """In both orders; two contexts by themselves do not."""
    narrow, wide = entry("one", context), entry("two", "*")
    for both in ((narrow, wide), (wide, narrow)):
        with pytest.raises(DocumentError, match="entries 1 and 2 speak of the same signature"):
            read(*both)
    assert len(read(entry("one", "NEW", "p"), entry("two", "FILLED", "p")).known) == 2


def test_the_earliest_entry_is_named() -> None:
    """Of several that clash with one."""
    with pytest.raises(DocumentError, match="entries 1 and 3 speak of the same signature"):
        read(entry("one", "A", "p"), entry("two", "B", "p"), entry("three", "*", "p"))


def entry(name: str, context: str | None = None, path: str = "p") -> str:
    """An entry; each name has a signature of its own where no context is given."""
    signature = f"t/k/c/{name}/d/a~b" if context is None else f"t/k/{context}/{path}/d/a~b"
    return ENTRY.format(id=name, signature=signature, fixture=name)


def read(*entries: str) -> KnownDivergences:
    """The ledger of these entries."""
    return parse_ledger("\n".join(entries), Path("known.toml"))
