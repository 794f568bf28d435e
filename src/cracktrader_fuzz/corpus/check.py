"""Checks that a corpus is sound: every file is read strictly, is in canonical form, and is run; so is the ledger.

Promises a line, with the file, for each thing that is wrong. A file that nothing reads is wrong too. A check changes
no file. Cost: a few runs of the case for each fixture, some tens where there is a certificate.
"""

import datetime
from collections.abc import Iterable
from pathlib import Path

import msgspec

from cracktrader_fuzz.corpus.documents import (
    BOTH,
    FILE_NAME,
    HARNESS,
    INTENDED,
    SENTENCE_LENGTH_MIN,
    SPECIFICATION,
    WITHOUT_TRACE,
    Fixture,
    read_fixture,
    text_of,
)
from cracktrader_fuzz.corpus.judgements import is_judgement, judgement_words
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergence, KnownDivergences, pair_of, read_ledger
from cracktrader_fuzz.corpus.rerun import FIXTURE_FOLDERS, differing, is_of_start, run_fixture
from cracktrader_fuzz.corpus.store import files_below, write_atomically
from cracktrader_fuzz.document import Document, head
from cracktrader_fuzz.errors import CorpusError, DocumentError, SettingsError, TargetCodeError
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.seating import LockstepPool, seat_subjects
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.target.target import Target
from cracktrader_fuzz.text import brief

# Not cases, and yet no strays: pages for people, what git needs, and the ledger, which has a check of its own.
READ_BY_PEOPLE = frozenset({"README.md", ".gitignore", ".gitattributes", ".gitkeep", LEDGER_NAME})
FOLDERS = (*FIXTURE_FOLDERS, "findings", "coverage")
VERDICTS = (SPECIFICATION, BOTH, HARNESS, INTENDED)


class CheckResult(Document, tag=head("corpus-check", 1)):
    """What `corpus check` looked at, and what is wrong with it."""

    fixtures: int = 0
    """How many fixtures were run."""
    steps: int = 0
    """How many steps they have together."""
    certificates: int = 0
    """How many certificates were verified again."""
    known: int = 0
    """How many entries the ledger has."""
    problems: list[str] = msgspec.field(default_factory=list)
    """A line for each thing that is wrong, with its file."""


def check_corpus(seats: LockstepPool, names: tuple[str, ...], today: datetime.date) -> CheckResult:
    """Check every file of a corpus. Raises CorpusError when it has no fixtures, DocumentError for a bad ledger."""
    refused: list[str] = []
    files = stored_files(seats.corpus, refused)
    seat_subjects(seats.target, names)
    return _Check(seats, names, read_ledger(seats.corpus)).run(files, refused, today)


class _Check:
    """One check of a corpus, with what it has met so far."""

    def __init__(self, seats: LockstepPool, names: tuple[str, ...], ledger: KnownDivergences) -> None:
        self.seats = seats
        self.target = seats.target
        self.corpus = seats.corpus
        self.names = names
        self.ledger = ledger
        self.hashes: dict[str, Path] = {}
        self.checked = CheckResult(known=len(ledger.known))

    def run(self, files: list[Path], refused: list[str], today: datetime.date) -> CheckResult:
        """Check every file, and the ledger; `refused` are lines for what may not be read."""
        problems = self.checked.problems
        problems += dict.fromkeys([*refused, *unread_files(self.corpus, self.seats.settings.corpora.values())])
        problems += ledger_problems(self.ledger, self.corpus, today)
        for path in files:
            if path.suffix != ".json":
                problems.append(f"{path}: only fixtures belong here: move it or take it away")
                continue
            try:
                self._file(path)
            except DocumentError as error:
                problems.append(str(error))
            except (SettingsError, TargetCodeError) as error:
                # Its signature names subjects that the target does not have, or the target's tracker fails on it.
                problems.append(f"{path}: {error}")
        return self.checked

    def _file(self, path: Path) -> None:
        fixture, checked = read_fixture(path), self.checked
        checked.fixtures += 1
        checked.steps += len(fixture.steps)
        checked.problems += _form_problems(fixture, path, self.target)
        checked.problems += self._verdict_problems(fixture, path)
        if fixture.hash in self.hashes:
            checked.problems.append(f"{path}: the same case as {self.hashes[fixture.hash]}")
        self.hashes.setdefault(fixture.hash, path)
        checked.problems += self._run_problems(fixture, path)
        # A certificate holds only where the difference still shows. A canary stays wrong and a known divergence must go
        # on to show; any other side has been mended since, which is what the fixture is for.
        still_differs = fixture.verdict == INTENDED or fixture.fails_on in {each.name for each in self.target.canaries}
        if fixture.certificate is not None and still_differs:
            checked.certificates += 1
            against = self.seats.lockstep(pair_of(fixture.certificate.signature), fixture.signature)
            excused = self.ledger.excused_from(fixture.certificate.signature)
            faults = verify(against, fixture.case, fixture.certificate, excused)
            checked.problems += [f"{path}: certificate: {fault}" for fault in faults]

    def _run_problems(self, fixture: Fixture, path: Path) -> list[str]:
        """What running it shows; of a judged difference also since when it waits to be mended."""
        problems = run_fixture(self._lockstep_for(fixture), path).problems
        return [f"{problem}; {judgement_words(fixture)}" for problem in problems] if is_judgement(fixture) else problems

    def _lockstep_for(self, fixture: Fixture) -> Lockstep:
        """The subjects of this check, or the pair that a known divergence is about."""
        names = self.names if differing(fixture) is None else pair_of(str(fixture.signature))
        return self.seats.lockstep(names, fixture.signature)

    def _verdict_problems(self, fixture: Fixture, path: Path) -> list[str]:
        problems = []
        if fixture.verdict not in (*VERDICTS, *self.target.subjects):
            known = ", ".join(VERDICTS)
            problems.append(f"{path}: verdict {brief(fixture.verdict)} is neither a subject nor one of {known}")
        if fixture.expected is None and fixture.verdict not in WITHOUT_TRACE:
            problems.append(f"{path}: it expects nothing: only {' and '.join(WITHOUT_TRACE)} leave no trace to expect")
        named = self.ledger.entry_for(path.relative_to(self.corpus).as_posix()) is not None
        if fixture.verdict == INTENDED and not named:
            ledger = self.corpus / LEDGER_NAME
            problems.append(f"{path}: verdict {INTENDED}, and no entry of {ledger} says why and until when")
        return problems


def ledger_problems(ledger: KnownDivergences, corpus: Path, today: datetime.date) -> list[str]:
    """A line for each entry whose date has passed, or whose fixture is not there or shows something else."""
    return [
        f"{corpus / LEDGER_NAME}: {entry.id}: {problem}"
        for entry in ledger.known
        for problem in _entry_problems(entry, corpus, today)
    ]


def write_canonically(path: Path) -> bool:
    """Write a fixture in canonical form. Returns whether that changed the file."""
    text = text_of(read_fixture(path))
    if path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text)
    return True


def stored_files(corpus: Path, refused: list[str] | None = None) -> list[Path]:
    """Every file of the fixture folders, in order of path. Raises CorpusError when there is none: a wrong folder.

    A folder that may not be read raises it too, unless there is a list for such lines.
    """
    files = [path for folder in FIXTURE_FOLDERS for path in files_below(corpus / folder, refused)]
    if not files and not refused:
        wanted = " and ".join(f"`{folder}`" for folder in FIXTURE_FOLDERS)
        raise CorpusError(f"no fixtures under {corpus}: name the folder that holds {wanted} with --corpus")
    return files


def unread_files(corpus: Path, corpora: Iterable[Path]) -> list[str]:
    """A line for each file beside the folders of cases that nothing reads, and for each folder that may not be read.

    Other targets' `corpora` may lie within.
    """
    others = [folder for folder in corpora if folder != corpus]
    refused: list[str] = []
    strays = [
        f"{path}: nothing reads it: move it or take it away"
        for path in files_below(corpus, refused)
        if path.relative_to(corpus).parts[0] not in FOLDERS
        and path.relative_to(corpus).as_posix() not in READ_BY_PEOPLE
        and not any(path.is_relative_to(other) for other in others)
    ]
    return [*refused, *strays]


def _entry_problems(entry: KnownDivergence, corpus: Path, today: datetime.date) -> list[str]:
    if entry.is_expired(today):
        return [
            f"expired on {entry.expires}: mend it and take the entry away, or say again why it stays and until when"
        ]
    path = corpus / entry.fixture
    if not path.resolve().is_relative_to(corpus.resolve()):
        return [f"fixture {entry.fixture} leads out of the corpus"]
    if not path.is_file():
        return [f"fixture {entry.fixture} is not there: bring it back, or take the entry away"]
    try:
        fixture = read_fixture(path)
    except DocumentError as error:
        return [str(error)]
    if fixture.verdict != INTENDED:
        return [f"fixture {entry.fixture} has the verdict {brief(fixture.verdict)}: a known divergence is {INTENDED!r}"]
    if not entry.covers(str(fixture.signature)):
        return [f"fixture {entry.fixture} shows {brief(fixture.signature, 200)}, which the entry does not cover"]
    return []


def _form_problems(fixture: Fixture, path: Path, target: Target) -> list[str]:
    problems = []
    if not FILE_NAME.fullmatch(path.name):
        problems.append(f"{path}: the file's name must be lower case letters, digits, `-`, `_` and `.`")
    if fixture.target != target.name:
        problems.append(f"{path}: target {fixture.target[:80]!r} is not {target.name!r}")
    if len(fixture.sentence.strip()) < SENTENCE_LENGTH_MIN:
        problems.append(f"{path}: its sentence {fixture.sentence!r} says too little: say what it pins and why")
    if not fixture.steps and not is_of_start(fixture.signature):
        problems.append(f"{path}: a case without steps proves nothing")
    if path.read_text(encoding="utf-8") != text_of(fixture):
        problems.append(f"{path}: not in canonical form: write it again with `corpus format`")
    return problems
