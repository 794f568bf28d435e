"""Stored cases by name: a file, or the beginning of a file's name or of its hash."""

import re
from pathlib import Path

from cracktrader_fuzz.corpus.documents import Finding, Fixture, read_document_of
from cracktrader_fuzz.corpus.store import CorpusError

HASH_AT_END = re.compile(r"-([0-9a-f]{8})\Z")
FOLDERS = ("findings", "regressions", "fixtures")


def find_document(corpus: Path, name: str) -> tuple[Path, Finding | Fixture]:
    """The one stored case of that name. Raises CorpusError when none or several fit, DocumentError for a bad file."""
    path = Path(name)
    if not _is_file(path):
        path = _by_beginning(corpus, name)
    return path, read_document_of(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for the system is no file
        return False


def _by_beginning(corpus: Path, name: str) -> Path:
    files = sorted(path for folder in FOLDERS for path in (corpus / folder).rglob("*.json"))
    fitting = [path for path in files if path.stem == name] or [path for path in files if _begins(path, name)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise CorpusError(f"no case {name[:80]!r}: neither a file nor the beginning of a name or hash under {corpus}")
    raise CorpusError(f"{name[:80]!r} fits {len(fitting)} cases: {', '.join(map(str, fitting[:5]))}")


def _begins(path: Path, name: str) -> bool:
    """Whether the file's name begins so, or the hash at its end."""
    hashed = HASH_AT_END.search(path.stem)
    return bool(name) and (path.name.startswith(name) or bool(hashed and hashed[1].startswith(name)))
