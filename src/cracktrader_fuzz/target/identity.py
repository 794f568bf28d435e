"""Which build of a subject ran: module, version, profile, and the SHA-256 of the files that were loaded."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cracktrader_fuzz.target.protocol import BuildIdentity


def identity_of(subject: str, module: str, version: str, profile: str, files: Iterable[Path]) -> BuildIdentity:
    """The identity of a subject that was loaded from these files."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode("utf-8"))
        digest.update(path.read_bytes())
    return BuildIdentity(subject, module, version, profile, digest.hexdigest())
