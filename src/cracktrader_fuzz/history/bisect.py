"""The commit that brought a difference in: `git bisect` over a clone in a temporary folder.

Each commit is built and asked by a process of its own (see `probe`). It is bad when the case shows the same signature
there, good when the subjects agree, and skipped when it cannot be built, cannot run the case, or shows something else.

Costs a build and a run a commit, about log2 of their number plus the two ends.
"""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from cracktrader_fuzz.errors import ProbeError
from cracktrader_fuzz.history.probe import Probe, Question, git

RANGE = re.compile(r"(?P<good>[^.\s-][^\s]*?)\.\.(?P<bad>[^.\s-][^\s]*)")
FIRST_BAD = re.compile(r"^([0-9a-f]{40,64}) is the first bad commit", re.MULTILINE)
SHOWN, AGREES, SKIPPED = "bad", "good", "skip"


class Commit(msgspec.Struct, frozen=True):
    """The first bad commit of a search."""

    sha: str
    """Its full hash."""
    subject: str
    """The first line of its message."""
    author: str
    """Who wrote it."""
    date: str
    """The day on which it was written, as YYYY-MM-DD."""
    tried: int
    """How many commits were tried to find it."""


class Bisection:
    """One search. `root` is the folder of the settings; `tell` takes progress."""

    def __init__(
        self, *, root: Path, question: Question, signature: str, build: str | None, tell: Callable[[str], None]
    ) -> None:
        self._question, self._signature, self._tell = question, signature, tell
        self._probe = Probe(root, build)
        self._tried = 0

    def first_bad(self, commits: str) -> Commit:
        """The commit in `GOOD..BAD` with which the signature came in. Raises ProbeError."""
        named = RANGE.fullmatch(commits)
        if named is None:
            raise ProbeError(f"{commits[:80]!r} is not GOOD..BAD: name a commit without the difference and one with it")
        good, bad = (self._probe.commit(named[end]) for end in named.groupdict())
        with self._probe:
            self._require(good, AGREES)
            self._require(bad, SHOWN)
            return self._described(self._search(good, bad))

    def _search(self, good: str, bad: str) -> str:
        told = git(self._probe.clone, "bisect", "start", bad, good)
        while (found := FIRST_BAD.search(told)) is None:
            verdict, _ = self._ask()
            told = git(self._probe.clone, "bisect", verdict)
            if "only 'skip'ped commits left" in told:
                raise ProbeError(f"every commit that is left was skipped: {' '.join(told.split())[:300]}")
        return found[1]

    def _require(self, commit: str, wanted: str) -> None:
        self._probe.check_out(commit)
        verdict, why = self._ask()
        if verdict != wanted:
            role = "GOOD" if wanted == AGREES else "BAD"
            raise ProbeError(f"{role} {commit[:12]} is not {wanted}: {why}: name another range")

    def _ask(self) -> tuple[str, str]:
        """What the commit that is checked out says of the case, and why."""
        self._tried += 1
        verdict, why = self._asked()
        self._tell(f"{git(self._probe.clone, 'rev-parse', 'HEAD')[:12]} {verdict:<4} {why}")
        return verdict, why

    def _asked(self) -> tuple[str, str]:
        answer = self._probe.ask(self._question)
        if answer.failed:
            return SKIPPED, answer.failed
        if answer.signature is None:
            return AGREES, "the subjects agree"
        return (
            (SHOWN, "the same signature")
            if answer.signature == self._signature
            else (SKIPPED, f"shows {answer.signature}")
        )

    def _described(self, sha: str) -> Commit:
        shown = git(self._probe.clone, "show", "--no-patch", "--format=%s%n%an%n%as", sha)
        subject, author, date = shown.split("\n")
        return Commit(sha, subject, author, date, self._tried)
