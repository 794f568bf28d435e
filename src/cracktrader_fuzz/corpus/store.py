"""Files of the corpus: written to a temporary name and renamed, so that none is ever seen half written.

Findings lie under `findings/`, one for each signature, the smallest. Many processes may write at once, and any of them
may be killed at any moment: no finding is lost, and none is torn. Cost: two `fsync` a file.
"""

import contextlib
import os
import re
import secrets
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import (
    FORMAT,
    Finding,
    Fixture,
    Provenance,
    SeenDifference,
    read_document_of,
    read_finding,
    text_of,
)
from cracktrader_fuzz.errors import CorpusError, DocumentError
from cracktrader_fuzz.lockstep.verdict import Divergence
from cracktrader_fuzz.shrink.certificate import Certificate
from cracktrader_fuzz.text import brief, suggestion

# A writer needs its temporary file for less than a second. Ten minutes spare one that a full disk or a stopped process
# holds up; what is older was left by a process that was killed.
STALE_SECONDS = 600.0


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all; it is on the disk when this returns. Raises CorpusError.

    A new file has the mode that the umask leaves it, a file that was there keeps its own; a symbolic link stays, and
    what it leads to is written. What is no regular file (a pipe, a device, an output of this process) is never
    replaced: it is written through.
    """
    through = False
    try:
        present = _status(path)
        through = present is not None and (not stat.S_ISREG(present.st_mode) or _is_output(present))
        if present is not None and through:
            _write_through(path, text, present)
        else:
            _replace(Path(os.path.realpath(path)), text, present)
    except OSError as error:
        end = "" if through else "; what was written before is intact"
        raise CorpusError(f"{path}: cannot be written: {error.strerror or error}{end}") from error


def _replace(path: Path, text: str, present: os.stat_result | None) -> None:
    """Write a regular file to a temporary name beside it, and rename that; `present` is what is there now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}")
    try:
        # Not `mkstemp`, whose files only their owner may read: a build server reads a report as another user.
        with temporary.open("x", encoding="utf-8") as stream:
            if present is not None:
                temporary.chmod(stat.S_IMODE(present.st_mode))
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except BaseException:  # Ctrl-C too
        temporary.unlink(missing_ok=True)
        raise


def _write_through(path: Path, text: str, present: os.stat_result) -> None:
    """Write to a pipe or a device; an output of this process is written behind what stands in it."""
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        if _is_open_as(present, number):
            stream.flush()
            with os.fdopen(os.dup(number), "w", encoding="utf-8") as output:
                output.write(text)
            return
    with path.open("w", encoding="utf-8") as output:
        output.write(text)


def _status(path: Path) -> os.stat_result | None:
    """What the name leads to; None where there is nothing yet."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_output(present: os.stat_result) -> bool:
    """Whether a file is one that this process prints to: `/dev/stdout` may be a regular file as well."""
    return _is_open_as(present, 1) or _is_open_as(present, 2)


def _is_open_as(present: os.stat_result, number: int) -> bool:
    try:
        return os.path.samestat(present, os.fstat(number))
    except OSError:  # closed
        return False


def _sync_folder(folder: Path) -> None:
    """Put the folder's entries on the disk, or a renamed file may be lost with the power; Windows cannot do this."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def files_below(folder: Path, refused: list[str] | None = None) -> list[Path]:
    """Every file below a folder, in order of path; none where there is no such folder.

    A folder that may not be read is never left out in silence: `refused` gets a line for it, or CorpusError is raised.
    """

    def refuse(error: OSError) -> None:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return
        line = f"{error.filename}: cannot be read: {error.strerror}: grant the right to read it, or move it away"
        if refused is None:
            raise CorpusError(line) from error
        refused.append(line)

    return sorted(Path(place, name) for place, _, names in os.walk(folder, onerror=refuse) for name in names)


def finding_of(
    case: Case,
    divergence: Divergence,
    certificate: Certificate | None,
    provenance: Provenance,
    opinions: Sequence[str] = (),
) -> Finding:
    """The document for a divergence; `opinions` are the oracles' lines on it."""
    difference = divergence.difference
    return Finding(
        format=FORMAT,
        signature=str(divergence.signature),
        subjects=list(divergence.subjects),
        target=case.target,
        provenance=provenance,
        seen=SeenDifference(
            divergence.index, divergence.signature.path, brief(difference.left, 200), brief(difference.right, 200)
        ),
        certificate=certificate,
        hash=content_hash(case),
        config=case.config,
        steps=case.steps,
        opinions=list(opinions),
    )


class FindingStore:
    """The folder of findings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def require_writable(self) -> None:
        """Raise CorpusError if no finding could be written here: better before a long run than at its first finding."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.folder).close()
            self._sweep()
        except OSError as error:
            cause = error.strerror or error
            raise CorpusError(f"{self.folder}: no finding can be kept here: {cause}: name another --corpus") from error

    def keep(self, finding: Finding, slug: str) -> Path:
        """Write the finding unless a smaller one of its signature is there. Returns the file of the one that is kept.

        Larger ones are taken away. Another process may write at the same time: each looks again afterwards, and all
        agree on which one stays.
        """
        smallest = None
        while smallest is None:  # another process may take away what was there a moment ago
            known = self.kept(finding.signature)
            if known is None or _weight(finding) <= _weight(known[1]):
                sightings = finding.sightings if known is None else known[1].sightings
                counted = msgspec.structs.replace(finding, sightings=sightings)
                write_atomically(self.folder / f"{slug}-{finding.hash[:8]}.json", text_of(counted))
            smallest = self._only_smallest(finding.signature)
        return smallest

    def kept(self, signature: str) -> tuple[Path, Finding] | None:
        """The smallest finding of a signature."""
        return next(iter(self._by_weight(signature)), None)

    def tally(self, signature: str, seen: int) -> None:
        """Add a run's count to the finding that is kept of a signature."""
        kept = self.kept(signature)
        if kept is not None:
            path, finding = kept
            write_atomically(path, text_of(msgspec.structs.replace(finding, sightings=finding.sightings + seen)))
            self._only_smallest(signature)

    def drop(self, signature: str, by: Finding) -> None:
        """Take away the uncertified findings of a signature that shrank into another one, `by`."""
        for path, known in self._of_signature(signature):
            if known.certificate is None and len(known.steps) >= len(by.steps):
                path.unlink(missing_ok=True)

    def paths(self) -> list[Path]:
        """Every finding's file, in order of name. Raises CorpusError where the folder may not be read."""
        found = (path for path in files_below(self.folder) if path.parent == self.folder and path.suffix == ".json")
        return [path for path in found if not path.name.startswith(".")]

    def findings(self) -> Iterator[tuple[Path, Finding]]:
        """Every finding that can be read, in order of its file's name."""
        for path in self.paths():
            with contextlib.suppress(DocumentError):  # `corpus check` reports it; a run must not end for it
                yield path, read_finding(path)

    def _sweep(self) -> None:
        """Take away temporary files of processes that were killed."""
        for path in self.folder.glob(".*"):
            with contextlib.suppress(OSError):  # another run may sweep at the same time
                if path.is_file() and time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink()

    def _only_smallest(self, signature: str) -> Path | None:
        """Take away all findings of a signature but the smallest, which is returned."""
        paths = [path for path, _ in self._by_weight(signature)]
        for path in paths[1:]:
            path.unlink(missing_ok=True)
        return paths[0] if paths else None

    def _by_weight(self, signature: str) -> list[tuple[Path, Finding]]:
        return sorted(self._of_signature(signature), key=lambda each: _weight(each[1]))

    def _of_signature(self, signature: str) -> list[tuple[Path, Finding]]:
        return [(path, known) for path, known in self.findings() if known.signature == signature]


def _weight(finding: Finding) -> tuple[bool, int, int, str, str]:
    """Certified before uncertified, then fewer steps, then less text; hash and origin, so that no two are equal."""
    origin = finding.provenance.found_by
    # Without the count, which grows with each run: two processes must agree on which of two files is smaller.
    length = len(text_of(msgspec.structs.replace(finding, sightings=0)))
    return finding.certificate is None, len(finding.steps), length, finding.hash, origin


HASH_AT_END = re.compile(r"-([0-9a-f]{8})\Z")  # as `FindingStore.keep` and `promote` name their files
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
    files = [path for folder in FOLDERS for path in files_below(corpus / folder) if path.suffix == ".json"]
    fitting = [path for path in files if path.stem == name] or [path for path in files if _begins(path, name)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        meant = suggestion(name, [*(path.stem for path in files), *_hashes(files)])
        place = f"neither a file nor the beginning of a name or hash under {corpus}"
        raise CorpusError(f"no case {name[:80]!r}: {place}{'; ' if meant else ''}{meant}")
    raise CorpusError(f"{name[:80]!r} fits {len(fitting)} cases: {', '.join(map(str, fitting[:5]))}")


def _hashes(files: list[Path]) -> list[str]:
    """The hashes at the end of the files' names."""
    return [hashed[1] for path in files if (hashed := HASH_AT_END.search(path.stem))]


def _begins(path: Path, name: str) -> bool:
    """Whether the file's name begins so, or the hash at its end."""
    hashed = HASH_AT_END.search(path.stem)
    return bool(name) and (path.name.startswith(name) or bool(hashed and hashed[1].startswith(name)))
