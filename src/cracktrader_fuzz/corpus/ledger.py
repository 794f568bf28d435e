"""The ledger `known_divergences.toml`: differences that may stay, each with an owner and until a date.

    [[known]]
    id = "rust-shows-late-acknowledgement"
    signature = "cracktrader/order_accepted/*/outcome.code/late_ack~ok/python~rust"
    reason = "The release of May answers both ways; the page is being decided."
    owner = "the engine's maintainers"
    since = 2026-11-22
    expires = 2027-02-01
    fixture = "regressions/order-accepted-filled-outcome-code-late-ack-ok-0a1b2c3d.json"

A signature stands as it is shown, with `*` for a context if any will do; nothing else may be a pattern. A known
divergence does not fail a run. An entry does, once its date has passed, or once its fixture no longer diverges so.
Read strictly: a field too many, an entry that says the same as another, a path that leaves the corpus are refused with
the file and the entry. Dates are compared with a day that the caller names; nothing here reads a clock.
"""

import datetime
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from cracktrader_fuzz.corpus.documents import SENTENCE_LENGTH_MIN
from cracktrader_fuzz.errors import DocumentError
from cracktrader_fuzz.lockstep.signature import Signature
from cracktrader_fuzz.shrink.certificate import never
from cracktrader_fuzz.text import brief

LEDGER_NAME = "known_divergences.toml"
# An entry has some 400 bytes: a larger file has thousands of them, and is a list that no person keeps an eye on.
BYTES_MAX = 1024 * 1024
TEXT_LENGTH_MAX = 1_000  # room for a long path in a signature; a reason that is longer belongs on a page
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,100}")
FIXTURE = re.compile(r"(fixtures|regressions)(/[a-z0-9][a-z0-9._-]*)+\.json")
SLASHES_MIN = 5  # a signature has six parts; more slashes may stand in the path, which is the subjects' own
ANY = "*"  # stands for any context


class KnownDivergence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A difference that may stay until a day."""

    id: str
    """The entry's name: lower case letters, digits and `-`."""
    signature: str
    """The signature as it is shown, with `*` for a context if any will do."""
    reason: str
    """Why the difference may stay, in one sentence."""
    owner: str
    """Whose the difference is."""
    since: datetime.date
    """The day on which it was agreed."""
    expires: datetime.date
    """The last day on which it may stay."""
    fixture: str
    """The fixture that shows it: a path below the corpus, with `/`."""

    def covers(self, signature: str) -> bool:
        """Whether it is about this signature."""
        mine, other = _parts(self.signature), _parts(signature)
        if mine[2] == ANY and len(other) == len(mine):
            other = (*other[:2], ANY, other[3])
        return mine == other

    @property
    def subjects(self) -> tuple[str, ...]:
        """The pair that differs, the reference first."""
        return pair_of(self.signature)

    def is_expired(self, today: datetime.date) -> bool:
        """Whether its last day is over."""
        return today > self.expires


class KnownDivergences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger: differences that may stay for a while."""

    known: list[KnownDivergence] = []
    """The entries in the file's order."""

    def entry_of(self, signature: str) -> KnownDivergence | None:
        """The entry about a signature; None when there is none."""
        return next((entry for entry in self.known if entry.covers(signature)), None)

    def excuses(self, signature: Signature) -> bool:
        """Whether an entry is about a signature."""
        return self.entry_of(str(signature)) is not None

    def excused_from(self, signature: str) -> Callable[[Signature], bool]:
        """What a case of this signature must not slide into: what is known, unless it is known itself."""
        return never if self.entry_of(signature) is not None else self.excuses

    def entry_for(self, fixture: str) -> KnownDivergence | None:
        """The entry that names a fixture, by its path below the corpus."""
        return next((entry for entry in self.known if entry.fixture == fixture), None)

    def concerning(self, target: str, subjects: tuple[str, ...] | list[str]) -> list[KnownDivergence]:
        """The entries that a run of these subjects can see: their pair begins with its reference."""
        return [
            entry
            for entry in self.known
            if entry.signature.startswith(f"{target}/")
            and entry.subjects[0] == subjects[0]
            and set(entry.subjects) <= set(subjects)
        ]


def read_ledger(corpus: Path) -> KnownDivergences:
    """The ledger of a corpus; an empty one where there is no file. Raises DocumentError."""
    path = corpus / LEDGER_NAME
    try:
        if not path.exists():
            return KnownDivergences()
        size_bytes = path.stat().st_size
        if size_bytes > BYTES_MAX:
            raise DocumentError(f"{path}: {size_bytes} bytes, more than the {BYTES_MAX} a ledger may have")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not UTF-8 at byte {error.start}") from error
    return parse_ledger(text, path)


def parse_ledger(text: str, path: Path) -> KnownDivergences:
    """The ledger in a text; `path` is quoted in errors and says where the fixtures must lie."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{path}: not TOML: {error}") from error
    except RecursionError as error:
        raise DocumentError(f"{path}: nested too deeply: a ledger is a list of [[known]] tables") from error
    except ValueError as error:
        raise DocumentError(f"{path}: {error}") from error
    entries = document.pop("known", [])
    if document:
        raise DocumentError(f"{path}: {brief(next(iter(document)))} is not part of a ledger: it holds [[known]] tables")
    if not isinstance(entries, list):
        raise DocumentError(f"{path}: `known` is a list of tables: write [[known]] before each entry")
    ledger = KnownDivergences([_entry(raw, f"{path}: entry {place}") for place, raw in enumerate(entries, 1)])
    for problem in _clashes(ledger):
        raise DocumentError(f"{path}: {problem}")
    return ledger


def entry_text(entry: KnownDivergence) -> str:
    """The entry as it stands in the file."""
    lines = ["[[known]]"]
    for name, value in msgspec.structs.asdict(entry).items():
        lines.append(f"{name} = {value.isoformat() if isinstance(value, datetime.date) else _toml_text(value)}")
    return "\n".join(lines) + "\n"


def with_entry(text: str, entry: KnownDivergence, path: Path) -> str:
    """The ledger's text with one more entry at its end, comments kept. Raises DocumentError when it cannot be there."""
    # Text is added to text, since a writer of TOML would drop the comments.
    longer = f"{text.rstrip()}\n\n{entry_text(entry)}".lstrip()
    parse_ledger(longer, path)
    return longer


def pair_of(signature: str) -> tuple[str, ...]:
    """The subjects at the end of a signature, the reference first."""
    return tuple(signature.rpartition("/")[2].split("~"))


def _parts(signature: str) -> tuple[str, ...]:
    """Target, step kind, context, and the rest, in which a path may hold anything."""
    return tuple(signature.split("/", 3))


def _toml_text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a TOML basic string, as no value holds what cannot be printed


def _entry(raw: Any, place: str) -> KnownDivergence:
    try:
        entry = msgspec.convert(raw, KnownDivergence)
    except msgspec.ValidationError as error:
        raise DocumentError(f"{place}: {error}") from error
    for problem in _faults(entry):
        raise DocumentError(f"{place}: {problem}")
    return entry


def _faults(entry: KnownDivergence) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(entry.id):
        yield f"id {brief(entry.id)} must be lower case letters, digits and `-`, at most 101 of them"
    for name in ("signature", "reason", "owner"):
        value = getattr(entry, name)
        if not value.strip() or not value.isprintable() or len(value) > TEXT_LENGTH_MAX:
            yield f"{name} {brief(value)} must be one printable line of at most {TEXT_LENGTH_MAX} characters"
    if len(entry.reason.strip()) < SENTENCE_LENGTH_MIN:
        yield f"reason {brief(entry.reason)} says too little: write a sentence that says why it may stay"
    yield from _signature_faults(entry.signature)
    if not FIXTURE.fullmatch(entry.fixture) or ".." in PurePosixPath(entry.fixture).parts:
        yield (
            f"fixture {brief(entry.fixture)} must be a .json file under `fixtures/` or `regressions/`, "
            "named from the corpus and without `..`"
        )
    if entry.expires < entry.since:
        yield f"expires {entry.expires} lies before since {entry.since}"


def _signature_faults(signature: str) -> Iterator[str]:
    shown = brief(signature, 200)
    if signature.count("/") < SLASHES_MIN:
        yield f"signature {shown} is none: write it as a run shows it, target/kind/context/path/difference/subjects"
        return
    target, kind, context, _ = _parts(signature)
    difference, pair = signature.rsplit("/", 2)[1:]
    if ANY in "".join((target, kind, difference, pair)) or (ANY in context and context != ANY):
        yield f"signature {shown}: `*` stands for a whole context only: write the other parts in full"
    if pair.count("~") != 1:
        yield f"signature {shown}: {brief(pair)} does not name two subjects joined by `~`"


def _clashes(ledger: KnownDivergences) -> Iterator[str]:
    """A line for each entry that clashes with an earlier one; work in proportion to the entries."""
    seen: dict[tuple[str, ...], int] = {}  # what an entry takes, and the first entry that took it
    for place, entry in enumerate(ledger.known, 1):
        target, kind, context, rest = _parts(entry.signature)
        family = ("family", target, kind, rest)
        exact, anywhere = (("signature", target, kind, each, rest) for each in (context, ANY))
        same_signature = f"speak of the same signature {brief(entry.signature, 200)}: keep one"
        shared: dict[tuple[str, ...], str] = {
            ("id", entry.id): f"have the same id {entry.id!r}: keep one",
            # An entry for any context clashes with each of its family, another one with its like and with that one.
            **dict.fromkeys([family] if context == ANY else [exact, anywhere], same_signature),
            ("fixture", entry.fixture): f"name the same fixture {entry.fixture!r}: each needs its own",
        }
        met = [(seen[mark], words) for mark, words in shared.items() if mark in seen]
        if met:
            earlier, words = min(met, key=lambda each: each[0])  # of several about one entry, the first
            yield f"entries {earlier} and {place} {words}"
        for mark in (("id", entry.id), exact, family, ("fixture", entry.fixture)):
            seen.setdefault(mark, place)
