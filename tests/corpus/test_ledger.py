"""The ledger of known divergences: read strictly, matched exactly, and never a way to lose a new difference."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from making import CANARIES, known, locked, write_ledger

from cracktrader_fuzz.corpus.ledger import (
    LEDGER_NAME,
    KnownDivergences,
    entry_text,
    parse_ledger,
    read_ledger,
    with_entry,
)
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.lockstep.signature import Signature
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.shrink.shrinker import Shrinker

SOUND = entry_text(known())
OTHER = entry_text(known(id="two", signature="t/k/c/p/d/a~b", fixture="regressions/two.json"))
MOVING_CANARY = "canary-rebate-not-paid"

# what              | what is replaced in a sound entry             | by             | words of the refusal
REFUSED = """
no such field       | owner =                                       | boss =                              | Object contains unknown field `boss`
missing field       | owner = "the maintainers"                     |                                     | missing required field `owner`
number for text     | "the maintainers"                             | 7                                   | Expected `str`, got `int` - at `$.owner`
time of day         | 2026-11-22                                    | 2026-11-22T10:00:00                 | Expected `date`
date that is none   | 2026-11-22                                    | 2026-02-30                          | not TOML
id in capitals      | "one"                                         | "One"                               | id 'One' must be lower case
id that climbs      | "one"                                         | "../one"                            | id '../one' must be lower case
id with an escape   | "one"                                         | "one\\u001b[31m"                    | id 'one\\x1b[31m' must be lower case
reason of a word    | The page says it in so many words, and this side does not do it. | because          | reason 'because' says too little
reason of two lines | The page says                                 | The page\\nsays                     | reason 'The page\\nsays
owner with an escape | the maintainers                              | <b>\\u001b]0;owned\\u0007           | owner '<b>\\x1b]0;owned\\x07' must be one printable line
empty owner         | the maintainers                               |                                     | owner '' must be one printable line
signature of a word | cracktrader/order_fill/ACCEPTED/              | x/                                  | is none: write it as a run shows it
any kind            | cracktrader/order_fill                        | cracktrader/*                       | `*` stands for a whole context only
any target          | cracktrader/order_fill                        | */order_fill                        | `*` stands for a whole context only
part of a context   | ACCEPTED                                      | ACC*                                | `*` stands for a whole context only
any pair            | python~rust                                   | *                                   | `*` stands for a whole context only
one subject         | python~rust                                   | rust                                | does not name two subjects
path that climbs    | regressions/one                               | regressions/../../one               | fixture 'regressions/../../one.json' must be
absolute path       | regressions/one                               | /etc/one                            | fixture '/etc/one.json' must be
path of a finding   | regressions/one                               | findings/one                        | fixture 'findings/one.json' must be
path with backslash | regressions/one                               | regressions\\\\one                  | must be a .json file under
no json             | one.json                                      | one.txt                             | must be a .json file under
dates swapped       | 2027-02-01                                    | 2026-01-01                          | expires 2026-01-01 lies before since 2026-11-22
truncated           | "the maintainers"                             | "the main                           | not TOML: Illegal character
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", REFUSED.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_hostile_entries_are_refused(tmp_path: Path, row: str) -> None:
    """The file and the place are named, the bad value is quoted, and nothing of it would reach a terminal."""
    _, replaced, by, words = (cell.strip() for cell in row.split("|"))
    assert replaced in SOUND
    (tmp_path / LEDGER_NAME).write_text(SOUND.replace(replaced, by))
    with pytest.raises(DocumentError) as refused:
        read_ledger(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / LEDGER_NAME}: ")
    assert words in str(refused.value)
    assert str(refused.value).isprintable()


# what               | the file                              | words of the refusal
FILES = """
another table        | [other]                               | 'other' is not part of a ledger
one table            | [known]                               | `known` is a list of tables: write [[known]]
list of numbers      | known = [1]                           | entry 1: Expected `object`, got `int`
not TOML             | {"known": []}                         | not TOML
deep nesting         | known = DEEP                          | nested too deeply
"""


@pytest.mark.parametrize("row", FILES.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_hostile_files_are_refused(tmp_path: Path, row: str) -> None:
    """Whatever else a file may hold is refused with the way out."""
    _, text, words = (cell.strip() for cell in row.split("|"))
    (tmp_path / LEDGER_NAME).write_text(text.replace("DEEP", "[" * 50_000))
    with pytest.raises(DocumentError, match=r"known_divergences\.toml: ") as refused:
        read_ledger(tmp_path)
    assert words in str(refused.value)


def test_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The second is named with its line; neither wins."""
    (tmp_path / LEDGER_NAME).write_text(f'{SOUND}id = "again"\n')
    with pytest.raises(DocumentError, match=r"Cannot overwrite a value \(at line 9, column"):
        read_ledger(tmp_path)


def test_huge_ledger_is_refused_unread(tmp_path: Path) -> None:
    """A file of 100 MB is refused by its size."""
    with (tmp_path / LEDGER_NAME).open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(DocumentError, match="104857600 bytes, more than the 1048576 a ledger may have"):
        read_ledger(tmp_path)


def test_ledger_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused with their place."""
    (tmp_path / LEDGER_NAME).write_bytes(b"# \xff")
    with pytest.raises(DocumentError, match="not UTF-8 at byte 2"):
        read_ledger(tmp_path)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (known(signature="t/k/c/p/d/a~b", fixture="regressions/two.json"), "entries 1 and 2 have the same id 'one'"),
        (known(id="two", fixture="regressions/two.json"), "entries 1 and 2 speak of the same signature"),
        (
            known(
                id="two",
                signature="cracktrader/order_fill/*/outcome.code/overfill~ok/python~rust",
                fixture="regressions/two.json",
            ),
            "entries 1 and 2 speak of the same signature",
        ),
        (known(id="two", signature="t/k/c/p/d/a~b"), "entries 1 and 2 name the same fixture"),
    ],
    ids=["id", "signature", "wider signature", "fixture"],
)
def test_entries_that_say_the_same_are_refused(tmp_path: Path, second: object, words: str) -> None:
    """Two entries for one thing would let one of them rot."""
    write_ledger(tmp_path, known(), second)  # type: ignore[arg-type]
    with pytest.raises(DocumentError, match=words):
        read_ledger(tmp_path)


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    """A corpus need not have one."""
    assert read_ledger(tmp_path) == KnownDivergences()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """An entry comes back as it was, quotes and backslashes and all, and comments before it stay."""
    odd = known(reason='It says "no" \\ and é <b>, which is the venue\'s own word.')
    path = tmp_path / LEDGER_NAME
    text = with_entry("# why there is a ledger\n", odd, path)
    assert text.startswith("# why there is a ledger\n\n[[known]]\n")
    assert parse_ledger(text, path).known == [odd]
    assert parse_ledger(with_entry(text, parse_ledger(OTHER, path).known[0], path), path).known[0] == odd


@pytest.mark.parametrize(
    ("pattern", "signature", "covered"),
    [
        ("t/k/c/p.*.q/d/a~b", "t/k/c/p.*.q/d/a~b", True),
        ("t/k/c/p.*.q/d/a~b", "t/k/c/p.x.q/d/a~b", False),
        ("t/k/*/p/d/a~b", "t/k/c/p/d/a~b", True),
        ("t/k/*/p/d/a~b", "t/k/-/p/d/a~b", True),
        ("t/k/*/p/d/a~b", "t/k/c/p/d/a~c", False),
        ("t/k/*/p/d/a~b", "t/k/c/p/e/a~b", False),
        ("t/k/*/p/d/a~b", "t/j/c/p/d/a~b", False),
        ("t/k/*/p/d/a~b", "t/k/c/x/p/d/a~b", False),
        ("t/k/*/p/d/a~b", "t", False),
        ("t/k/c/p/d/a~b", "t/k/C/p/d/a~b", False),
    ],
)
def test_a_pattern_is_for_contexts_only(pattern: str, signature: str, covered: bool) -> None:
    """Everything else is compared as text; a `*` in a path is the path's own."""
    assert known(signature=pattern).covers(signature) is covered


def test_last_day_counts() -> None:
    """An entry is known on the day that it names, and expired on the next."""
    entry = known(expires=datetime.date(2026, 12, 1))
    assert [entry.is_expired(datetime.date(2026, 12, day)) for day in (1, 2)] == [False, True]


def test_entries_of_other_subjects_do_not_concern_a_run() -> None:
    """A run of other subjects neither shows a known divergence nor misses it."""
    ledger = KnownDivergences([known()])
    assert ledger.concerning("cracktrader", ["python", "rust"]) == [known()]
    assert ledger.concerning("cracktrader", ["python", "other"]) == []
    assert ledger.concerning("cracktrader", ["rust", "python"]) == []
    assert ledger.concerning("other", ["python", "rust"]) == []


def test_shrinking_never_slides_into_a_known_signature() -> None:
    """Where the plainest context is excused, the result keeps another; its certificate holds with the excuse only."""
    lockstep = locked(MOVING_CANARY)
    case, met = next(
        (explored.case, found.signature)
        for index in range(500)
        if (found := (explored := explore(lockstep, 1, index)).verdict.divergence) is not None
        and found.signature.context not in ("ACCEPTED", "SUBMITTED")
    )
    plain = Shrinker(lockstep).shrink(case)
    excused = plain.divergence.signature
    assert excused.family == met.family
    assert excused != met, "the case has somewhere to slide"

    def is_known(signature: Signature) -> bool:
        return signature == excused

    kept = Shrinker(lockstep, is_known).shrink(case)
    assert kept.divergence.signature.family == met.family
    assert kept.divergence.signature != excused
    assert kept.certificate is not None
    assert verify(lockstep, kept.case, kept.certificate, is_known) == []
    assert verify(lockstep, kept.case, kept.certificate) != []


def test_a_known_case_can_be_shrunk_when_asked() -> None:
    """A case that shows a known signature to begin with has nothing to slide into; others may not slide into it."""
    lockstep = locked(CANARIES[0])
    divergence = next(
        found for index in range(500) if (found := explore(lockstep, 1, index).verdict.divergence) is not None
    )
    shown = divergence.signature
    ledger = KnownDivergences([known(signature=str(shown))])
    assert ledger.excused_from(str(shown))(shown) is False
    assert ledger.excused_from("t/k/c/p/d/a~b")(shown) is True
    assert ledger.excused_from("t/k/c/p/d/a~b")(shown.family) is False
