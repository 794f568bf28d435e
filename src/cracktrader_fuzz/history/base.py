"""The quick lane of a pull request: which of the new signatures does the base show too?

Each new finding is run on the base by `probe`. A signature that shows there is no fault of the change; one that does
not show, or whose case the base cannot run, is. Costs nothing where nothing was found, else a build of the base.
"""

from collections.abc import Callable
from pathlib import Path

from cracktrader_fuzz.campaign.summary import BaseComparison, Summary
from cracktrader_fuzz.corpus.documents import read_finding, text_of
from cracktrader_fuzz.errors import DocumentError, ProbeError
from cracktrader_fuzz.history.probe import Answer, Probe, Question


class BaseLane:
    """A revision to compare with; `report` takes a line for each finding. Raises ProbeError if there is none such."""

    def __init__(self, root: Path, revision: str, build: str | None, report: Callable[[str], None]) -> None:
        if not revision or revision.startswith("-"):
            raise ProbeError(f"{revision[:80]!r} is no revision: name a commit, a branch or a tag")
        self._revision, self._report = revision, report
        self._probe = Probe(root, build)
        self._commit = self._probe.commit(revision)

    def judge(self, summary: Summary, target: str) -> None:
        """Run on the base every case whose signature is not judged yet, and add the answers to the summary."""
        answers: dict[str, str] = {}
        shown: list[str] = []
        if summary.unjudged:
            with self._probe:
                self._probe.check_out(self._commit)
                for signature, sighting in summary.unjudged.items():
                    answer = self._answer(sighting.path, target)
                    answers[signature] = _description(answer, signature)
                    if answer.signature == signature:
                        shown.append(signature)
                    self._report(f"{self._revision} {self._commit[:12]}: {answers[signature]}: {signature}")
        summary.base = BaseComparison(self._revision, self._commit, shown, answers)

    def _answer(self, path: str, target: str) -> Answer:
        try:
            finding = read_finding(Path(path))
        except DocumentError as error:
            return Answer(failed=str(error))
        return self._probe.ask(Question(text_of(finding), target, tuple(finding.subjects)))


def _description(answer: Answer, signature: str) -> str:
    if answer.failed:
        return f"no answer: {answer.failed}"
    if answer.signature is None:
        return "the subjects agree"
    return "it shows as well" if answer.signature == signature else f"it shows {answer.signature}"
