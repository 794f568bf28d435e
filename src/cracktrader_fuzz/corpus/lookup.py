"""Cases by name: a file, the beginning of a file's name or of its hash, or `SEED/INDEX` of the soak."""

import re
from pathlib import Path

from cracktrader_fuzz.corpus.documents import Finding, Fixture, read_document_of
from cracktrader_fuzz.corpus.store import CorpusError

SOAK_CASE = re.compile(r"(?:soak )?([0-9]{1,18})/([0-9]{1,18})")
FOLDERS = ("findings", "regressions", "fixtures")


def find_document(corpus: Path, name: str) -> tuple[Path, Finding | Fixture]:
    """The one stored case of that name. Raises CorpusError when none or several fit, DocumentError for a bad file."""
    path = Path(name)
    if not path.is_file():
        path = _by_beginning(corpus, name)
    return path, read_document_of(path)


def _by_beginning(corpus: Path, name: str) -> Path:
    files = sorted(path for folder in FOLDERS for path in (corpus / folder).rglob("*.json"))
    fitting = [path for path in files if name and (path.name.startswith(name) or path.stem.endswith(f"-{name}"))]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise CorpusError(f"no case {name[:80]!r}: neither a file nor the beginning of a name under {corpus}")
    raise CorpusError(f"{name[:80]!r} fits {len(fitting)} cases: {', '.join(path.name for path in fitting[:5])}")
