"""Whether the corpus is sound: every file read strictly, in canonical form, run, and its certificate verified again."""

from pathlib import Path

import msgspec

from cracktrader_fuzz.case.codec import DocumentError
from cracktrader_fuzz.corpus.documents import FILE_NAME, Fixture, read_fixture, text_of
from cracktrader_fuzz.corpus.replay import FIXTURE_FOLDERS, fixture_problems
from cracktrader_fuzz.corpus.store import CorpusError, write_atomically
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.settings import seat
from cracktrader_fuzz.shrink.certificate import verify
from cracktrader_fuzz.subjects.protocol import Target

SENTENCE_LENGTH_MIN = 20


class Checked(msgspec.Struct):
    """What was looked at, and what is wrong with it: a line each, with the file."""

    fixtures: int = 0
    steps: int = 0
    certificates: int = 0
    problems: list[str] = []


def check_corpus(target: Target, names: tuple[str, ...], corpus: Path) -> Checked:
    """Check every file of the fixture folders. Raises CorpusError when there is no corpus to read."""
    if not corpus.is_dir():
        raise CorpusError(f"no corpus at {corpus}: name its folder with --corpus")
    lockstep = Lockstep(target, seat(target, names))
    checked = Checked()
    hashes: dict[str, Path] = {}
    for path in _files(corpus):
        if path.suffix != ".json":
            checked.problems.append(f"{path}: only fixtures belong here: move it or take it away")
            continue
        try:
            _check_file(target, lockstep, path, hashes, checked)
        except DocumentError as error:
            checked.problems.append(str(error))
    return checked


def write_canonically(path: Path) -> bool:
    """Write a fixture in canonical form; whether that changed the file."""
    text = text_of(read_fixture(path))
    if path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text)
    return True


def _files(corpus: Path) -> list[Path]:
    return sorted(path for folder in FIXTURE_FOLDERS for path in (corpus / folder).rglob("*") if path.is_file())


def _check_file(target: Target, lockstep: Lockstep, path: Path, hashes: dict[str, Path], checked: Checked) -> None:
    fixture = read_fixture(path)
    checked.fixtures += 1
    checked.steps += len(fixture.steps)
    checked.problems += _form_problems(fixture, path, target)
    if fixture.hash in hashes:
        checked.problems.append(f"{path}: the same case as {hashes[fixture.hash]}")
    hashes.setdefault(fixture.hash, path)
    checked.problems += fixture_problems(lockstep, path)[0]
    if fixture.certificate is not None and fixture.fails_on is not None and fixture.fails_on in target.subjects:
        checked.certificates += 1
        against = Lockstep(target, seat(target, (lockstep.names[0], fixture.fails_on)))
        checked.problems += [
            f"{path}: certificate: {fault}" for fault in verify(against, fixture.case, fixture.certificate)
        ]


def _form_problems(fixture: Fixture, path: Path, target: Target) -> list[str]:
    problems = []
    if not FILE_NAME.fullmatch(path.name):
        problems.append(f"{path}: the file's name must be lower case letters, digits, `-`, `_` and `.`")
    if fixture.target != target.name:
        problems.append(f"{path}: target {fixture.target[:80]!r} is not {target.name!r}")
    if len(fixture.sentence.strip()) < SENTENCE_LENGTH_MIN:
        problems.append(f"{path}: its sentence {fixture.sentence!r} says too little: say what it pins and why")
    if not fixture.steps:
        problems.append(f"{path}: a case without steps proves nothing")
    if path.read_text(encoding="utf-8") != text_of(fixture):
        problems.append(f"{path}: not in canonical form: write it again with `corpus format`")
    return problems
