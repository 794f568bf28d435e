"""Files of the corpus: written to a temporary name and renamed, so that none is ever seen half.

Findings lie under `findings/`, one a signature, the smallest. Writers may be many processes: each writes its own
temporary file, and the last rename wins with a whole file.
"""

import os
import tempfile
from pathlib import Path

from cracktrader_fuzz.case.codec import DocumentError, content_hash
from cracktrader_fuzz.case.model import Case
from cracktrader_fuzz.corpus.documents import FORMAT, Finding, Provenance, Seen, read_finding, text_of
from cracktrader_fuzz.lockstep.verdict import Divergence, brief
from cracktrader_fuzz.shrink.certificate import Certificate


class CorpusError(ValueError):
    """The corpus cannot be used as asked; the message names the path and the way out."""


def write_atomically(path: Path, text: str) -> None:
    """Write a file whole or not at all; it is on the disk when this returns."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written: {error.strerror or error}") from error


def finding_of(case: Case, divergence: Divergence, certificate: Certificate | None, provenance: Provenance) -> Finding:
    """The document for a divergence."""
    difference = divergence.difference
    return Finding(
        format=FORMAT,
        signature=str(divergence.signature),
        subjects=list(divergence.subjects),
        target=case.target,
        provenance=provenance,
        seen=Seen(
            divergence.index, divergence.signature.path, brief(difference.left, 200), brief(difference.right, 200)
        ),
        certificate=certificate,
        hash=content_hash(case),
        config=case.config,
        steps=case.steps,
    )


class FindingStore:
    """The folder of findings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, finding: Finding, slug: str) -> Path:
        """Write the finding unless a smaller one of its signature is there, take larger ones away; the kept one."""
        path = self.folder / f"{slug}-{finding.hash[:8]}.json"
        for other, known in self._of_signature(finding.signature):
            if other != path and _weight(known) < _weight(finding):
                return other
        write_atomically(path, text_of(finding))
        for other, known in self._of_signature(finding.signature):
            if other != path and _weight(known) > _weight(finding):
                other.unlink(missing_ok=True)
        return path

    def kept(self, signature: str) -> tuple[Path, Finding] | None:
        """The smallest finding of a signature."""
        found = sorted(self._of_signature(signature), key=lambda each: _weight(each[1]))
        return found[0] if found else None

    def drop(self, signature: str, by: Finding) -> None:
        """Take away the uncertified findings of a signature that shrank into another one, `by`."""
        for path, known in self._of_signature(signature):
            if known.certificate is None and len(known.steps) >= len(by.steps):
                path.unlink(missing_ok=True)

    def paths(self) -> list[Path]:
        """Every finding's file, in order of name."""
        return sorted(path for path in self.folder.glob("*.json") if not path.name.startswith("."))

    def _of_signature(self, signature: str) -> list[tuple[Path, Finding]]:
        found = []
        for path in self.paths():
            try:
                known = read_finding(path)
            except DocumentError:
                continue  # not ours to judge here: `corpus check` reports it
            if known.signature == signature:
                found.append((path, known))
        return found


def _weight(finding: Finding) -> tuple[bool, int, int, str]:
    """Certified before uncertified, then fewer steps, then less text; the hash, so that no two weigh the same."""
    return finding.certificate is None, len(finding.steps), len(text_of(finding)), finding.hash
