"""The commit that brought a difference in: `git bisect` over a clone in a temporary folder.

Each commit is built, and runs the case in a process of its own (see `probe`). It is bad when the case shows the same
signature there, good when the subjects agree, and skipped when it cannot be built, cannot run the case, or shows
something else. Costs a build and a run for about log2 of the commits, and for the two ends.
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
    """One search. `root` is the folder of the settings; `report` takes a line for each commit that was tried."""

    def __init__(
        self, *, root: Path, question: Question, signature: str, build: str | None, report: Callable[[str], None]
    ) -> None:
        self._question, self._signature, self._report = question, signature, report
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
            return self._commit(self._search(good, bad))

    def _search(self, good: str, bad: str) -> str:
        output = git(self._probe.clone, "bisect", "start", bad, good)
        while (found := FIRST_BAD.search(output)) is None:
            verdict, _ = self._try()
            output = git(self._probe.clone, "bisect", verdict)
            if "only 'skip'ped commits left" in output:
                raise ProbeError(f"every commit that is left was skipped: {' '.join(output.split())[:300]}")
        return found[1]

    def _require(self, commit: str, wanted: str) -> None:
        self._probe.check_out(commit)
        verdict, reason = self._try()
        if verdict != wanted:
            role = "GOOD" if wanted == AGREES else "BAD"
            raise ProbeError(f"{role} {commit[:12]} is not {wanted}: {reason}: name another range")

    def _try(self) -> tuple[str, str]:
        """The verdict on the commit that is checked out, and the reason for it."""
        self._tried += 1
        verdict, reason = self._judge()
        self._report(f"{git(self._probe.clone, 'rev-parse', 'HEAD')[:12]} {verdict:<4} {reason}")
        return verdict, reason

    def _judge(self) -> tuple[str, str]:
        answer = self._probe.ask(self._question)
        if answer.failed:
            return SKIPPED, answer.failed
        if answer.signature is None:
            return AGREES, "the subjects agree"
        # Another difference says nothing about this one: it may hide it.
        return (
            (SHOWN, "the same signature")
            if answer.signature == self._signature
            else (SKIPPED, f"shows {answer.signature}")
        )

    def _commit(self, sha: str) -> Commit:
        shown = git(self._probe.clone, "show", "--no-patch", "--format=%s%n%an%n%as", sha)
        subject, author, date = shown.split("\n")
        return Commit(sha, subject, author, date, self._tried)
