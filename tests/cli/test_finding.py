"""The life of a finding: reproduced by every name it has, shrunk, judged, and from then on held against everybody."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import msgspec
import pytest
from program import CANARY, FINDING_SEED, REASON, REBATE, ROOT, SEATS, TARGETS, call, run, told

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import read_finding, read_fixture, text_of
from cracktrader_fuzz.corpus.store import FindingStore, write_atomically


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


def judge(path: Path, corpus: Path, *arguments: str) -> list[str]:
    """The arguments of a promotion."""
    return ["promote", str(path), "--verdict", CANARY, "--reason", REASON, *arguments, "--corpus", str(corpus)]


def test_finding_is_certified(found: Path) -> None:
    """What the run kept is minimal, has its certificate, and says where it came from."""
    finding = read_finding(found)
    assert (len(finding.steps), finding.subjects) == (4, ["python", CANARY])
    assert finding.certificate is not None
    assert finding.provenance.found_by.startswith(f"soak {FINDING_SEED}/")
    assert found.name.startswith("order-fill-accepted-outcome-cash-delta-value-")
    assert found.name.endswith(f"-{finding.hash[:8]}.json")


@pytest.mark.parametrize("name", ["{path}", "{file}", "{stem}", "order-fill-acc", "{hash8}", "{hash5}"])
def test_finding_is_reproduced(found: Path, corpus: Path, name: str) -> None:
    """By its path, its file's name or the beginning of it, or the beginning of its hash; without naming subjects."""
    hashed = read_finding(found).hash
    named = name.format(path=found, file=found.name, stem=found.stem, hash8=hashed[:8], hash5=hashed[:5])
    ended = call("repro", named, "--json", corpus=corpus)
    assert ended.returncode == 1
    shown = json.loads(ended.stdout)
    assert shown["signature"] == read_finding(found).signature
    assert (shown["subjects"], shown["steps"], shown["step"]) == (["python", CANARY], 4, 3)
    assert (shown["path"], shown["left"] == shown["right"]) == (["outcome", "cash_delta"], False)


def test_origin_is_reproduced(found: Path, corpus: Path) -> None:
    """SEED/INDEX of the finding's origin generates a case that shows the same difference."""
    finding = read_finding(found)
    for name in (finding.provenance.found_by, finding.provenance.found_by.removeprefix("soak ")):
        ended = call("repro", name, "--subjects", SEATS, "--json", corpus=corpus)
        assert ended.returncode == 1
        assert without_context(json.loads(ended.stdout)["signature"]) == without_context(finding.signature)


def without_context(signature: str) -> list[str]:
    """A signature without the status that the step met, which shrinking may change."""
    target, kind, _, *rest = signature.split("/")
    return [target, kind, *rest]


def test_repro_is_readable(found: Path, corpus: Path) -> None:
    """Each step with both answers, the difference with both values, and the commands that go on from here."""
    ended = call("repro", found, corpus=corpus)
    lines = ended.stdout.splitlines()
    assert ended.returncode == 1
    assert lines[0].split() == ["step", "python", CANARY]
    assert [line.split()[0] for line in lines[1:9:2]] == ["0", "1", "2", "3"]
    assert lines[8].startswith(">>")
    place = lines.index("step 3: outcome.cash_delta: value")
    assert lines[place + 1].startswith("  python: '")
    assert lines[place + 2] == f"  {CANARY}: '0'"
    assert f"signature  {read_finding(found).signature}" in lines
    assert f"reproduce  python -m cracktrader_fuzz repro {found} --corpus {corpus} --subjects {SEATS}" in lines
    assert f"shrink     python -m cracktrader_fuzz shrink {found} --corpus {corpus} --subjects {SEATS}" in lines
    promote = f'promote    python -m cracktrader_fuzz promote {found} --corpus {corpus} --verdict WHO --reason "WHY"'
    assert lines[-1] == promote


def test_repro_of_agreement(corpus: Path) -> None:
    """Subjects that agree on a case end it with 0, every step shown, as text and as JSON."""
    text, facts = call("repro", REBATE, corpus=corpus), call("repro", REBATE, "--json", corpus=corpus)
    assert (text.returncode, facts.returncode) == (0, 0)
    assert text.stdout.splitlines()[-1] == "agree: 4 steps, 4 applied, python and rust"
    assert json.loads(facts.stdout).items() >= {"target": "cracktrader", "steps": 4, "agrees": True}.items()
    assert json.loads(facts.stdout).items() >= dict.fromkeys(("signature", "step", "path", "left", "right")).items()
    assert json.loads(facts.stdout)["subjects"] == ["python", "rust"]


def test_only_a_finding_is_offered_for_promotion(found: Path, corpus: Path) -> None:
    """A fixture and a generated case that diverge are not: `promote` would take neither."""
    for name in (REBATE, read_finding(found).provenance.found_by.removeprefix("soak ")):
        ended = call("repro", name, "--subjects", SEATS, corpus=corpus)
        assert ended.returncode == 1
        assert f"shrink {name} --corpus {corpus}" in ended.stdout
        assert "promote" not in ended.stdout


def test_shrink_from_the_origin(found: Path, corpus: Path, tmp_path: Path) -> None:
    """Shrinking the generated case gives the finding that the run gave."""
    origin = read_finding(found).provenance.found_by
    ended = call("shrink", origin, "--subjects", SEATS, "--json", corpus=tmp_path / "other")
    shown = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert (shown["steps"], shown["certified"]) == (4, True)
    assert shown["steps_before"] > 4
    finding, again = read_finding(found), read_finding(Path(shown["path"]))
    assert (again.case, again.signature, again.certificate) == (finding.case, finding.signature, finding.certificate)
    assert (again.hash, again.provenance.found_by) == (finding.hash, finding.provenance.found_by)


def test_shrink_again_changes_nothing(found: Path, corpus: Path) -> None:
    """A certified finding cannot get smaller; its file stays as it is."""
    before = found.read_bytes()
    ended = call("shrink", found, corpus=corpus)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[0] == "4 steps -> 4, certified minimal"
    assert ended.stdout.splitlines()[-1] == f"file       {found}"
    assert {path: path.read_bytes() for path in found.parent.iterdir()} == {found: before}


def test_promotion(found: Path, corpus: Path) -> None:
    """The fixture holds the right trace and the judgement, the finding is gone, and nothing else was written."""
    finding = read_finding(found)
    ended = call(*judge(found, corpus, "--json"))
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(ended.stdout)
    (judged,) = shown["judged"]
    path = Path(judged["fixture"])
    assert judged == {"fixture": str(path), "signature": finding.signature, "verdict": CANARY, "earlier": None}
    assert [each for each in corpus.rglob("*") if each.is_file()] == [path] == [corpus / "regressions" / found.name]
    fixture = read_fixture(path)
    assert (fixture.sentence, fixture.verdict, fixture.fails_on) == (REASON, CANARY, CANARY)
    assert (fixture.case, fixture.certificate) == (finding.case, finding.certificate)
    assert fixture.signature == finding.signature
    assert fixture.provenance.found_by == finding.provenance.found_by
    assert fixture.expected is not None
    assert fixture.expected.outcomes[-1]["cash_delta"] != "0"


def test_promoted_is_held_against_everybody(found: Path, corpus: Path) -> None:
    """`corpus check` fails while the wrong subject sits in a seat, and passes, certificate and all, without it."""
    assert call(*judge(found, corpus)).returncode == 0
    failing = call("corpus", "check", "--subjects", SEATS, corpus=corpus)
    assert failing.returncode == 1
    diverges, answers, summary = failing.stdout.splitlines()
    assert "diverges: cracktrader/order_fill/" in diverges
    assert f"{CANARY} answers '0' where " in answers
    assert summary == "1 fixtures, 4 steps, 1 certificates verified: 2 problems"
    for seats in ("python,rust", "rust,python"):
        passing = call("corpus", "check", "--subjects", seats, corpus=corpus)
        assert (passing.returncode, passing.stdout) == (0, "1 fixtures, 4 steps, 1 certificates verified: 0 problems\n")


@pytest.mark.parametrize("verdict", ["python", "both"])
def test_other_verdicts(found: Path, corpus: Path, verdict: str) -> None:
    """The reference may be wrong, and so may both: who is right is expected, and if nobody is, nothing is."""
    ended = call("promote", found, "--verdict", verdict, "--reason", REASON, corpus=corpus)
    assert ended.returncode == 0, ended.stderr
    (path,) = (corpus / "regressions").iterdir()
    fixture = read_fixture(path)
    assert (fixture.verdict, fixture.fails_on) == (verdict, None if verdict == "both" else verdict)
    assert (fixture.expected is None) == (verdict == "both")
    checked = json.loads(call("corpus", "check", "--json", corpus=corpus).stdout)
    assert checked["certificates"] == 0, "no subject is known to stay wrong, so none can show the difference for ever"
    assert len(checked["problems"]) == (0 if verdict == "both" else 2), "both plain seats answer as the reference does"


def test_uncertified_finding_is_shrunk_first(found: Path, corpus: Path) -> None:
    """A finding without a certificate, as a killed run leaves one, is promoted as its minimum."""
    origin = read_finding(found).provenance.found_by
    smallest = read_finding(found).hash
    raw = large_finding(found, corpus)
    assert call("repro", raw, corpus=corpus).returncode == 1
    ended = call(*judge(raw, corpus))
    assert ended.returncode == 0, ended.stderr
    (path,) = (corpus / "regressions").iterdir()
    fixture = read_fixture(path)
    assert (fixture.hash, len(fixture.steps), fixture.provenance.found_by) == (smallest, 4, origin)
    assert fixture.certificate is not None
    assert not raw.exists()


def large_finding(found: Path, corpus: Path) -> Path:
    """The finding as it was before it was shrunk, by itself in a corpus."""
    finding = read_finding(found)
    no_op = {"intent_type": "no_op", "payload": {}, "strategy_id": "s1"}
    case = finding.case.with_steps([no_op, *finding.steps])
    raw = msgspec.structs.replace(finding, certificate=None, steps=case.steps, hash=content_hash(case))
    found.unlink()
    path = corpus / "findings" / "raw.json"
    write_atomically(path, text_of(raw))
    assert FindingStore(path.parent).paths() == [path]
    return path


# what                | arguments after `promote`                                     | words in the line
REFUSED = """
unknown verdict       | {finding} --verdict cobol --reason "{reason}"                 | unknown verdict 'cobol': known are python, {canary}, both
misspelt verdict      | {finding} --verdict harnes --reason "{reason}"                | unknown verdict 'harnes': did you mean 'harness'?
verdict of no subject | {finding} --verdict rust --reason "{reason}"                  | unknown verdict 'rust'
empty verdict         | {finding} --verdict "" --reason "{reason}"                    | unknown verdict ''
no verdict            | {finding} --reason "{reason}"                                 | Missing option '--verdict'
empty reason          | {finding} --verdict {canary} --reason ""                      | the reason '' says too little
blank reason          | {finding} --verdict {canary} --reason "                     " | says too little
reason of a word      | {finding} --verdict {canary} --reason "because it is"         | the reason 'because it is' says too little
no reason             | {finding} --verdict {canary}                                  | Missing option '--reason'
a fixture             | {fixture} --verdict {canary} --reason "{reason}"              | is a fixture already
no such finding       | nobody --verdict {canary} --reason "{reason}"                 | no case 'nobody'
a generated case      | 1/8 --verdict {canary} --reason "{reason}"                    | no case '1/8'
an empty name         | "" --verdict {canary} --reason "{reason}"                     | no case ''
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", REFUSED.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_promotion_is_refused(found: Path, corpus: Path, row: str) -> None:
    """A promotion without a judgement, or of something else, is a usage error that leaves every file as it was."""
    names = {"finding": found, "fixture": REBATE, "canary": CANARY, "reason": REASON}
    _, arguments, words = (cell.strip().format(**names) for cell in row.split("|"))
    before = found.read_bytes()
    ended = call("promote", *shlex.split(arguments), corpus=corpus)
    assert ended.returncode == 2
    assert words in told(ended)
    assert {path: path.read_bytes() for path in corpus.rglob("*.json")} == {found: before}


def test_nothing_is_overwritten(found: Path, corpus: Path) -> None:
    """A fixture is no finding, and a case whose name another fixture has is refused; both files stay as they are."""
    text = found.read_text()
    assert call(*judge(found, corpus)).returncode == 0
    (fixture,) = (corpus / "regressions").iterdir()
    again = call(*judge(fixture, corpus))
    assert again.returncode == 2
    assert "is a fixture already" in told(again)
    found.write_text(text)
    other = read_fixture(REBATE)
    kept_of_another = text_of(other)
    fixture.write_text(kept_of_another)
    third = call(*judge(found, corpus))
    assert third.returncode == 2
    assert told(third).startswith(f"{fixture} is there already: ")
    assert (found.read_text(), fixture.read_text()) == (text, kept_of_another)


def test_finding_that_no_longer_shows(found: Path, corpus: Path) -> None:
    """A finding whose subjects agree by now is not promoted: there is nothing to judge."""
    found.write_text(found.read_text().replace(CANARY, "canary-cash-as-float"))
    ended = call("promote", found, "--verdict", "both", "--reason", REASON, corpus=corpus)
    assert ended.returncode == 2
    assert "a fresh process shows no divergence, the finding says cracktrader/" in told(ended)
    assert found.exists()


def test_own_target_from_run_to_fixture(corpus: Path) -> None:
    """A target that no settings name goes all the way with `--target`, and the printed commands carry it."""
    target, variables = ("--target", "odd_targets:OWN"), {"PYTHONPATH": str(TARGETS)}
    asked = f"run --front-end soak --cases 10 --seed {FINDING_SEED}".split()
    ended = run(*asked, *target, corpus=corpus, **variables)
    assert ended.returncode == 1, ended.stderr
    path = min((corpus / "findings").iterdir())
    assert f"repro {path} --target odd_targets:OWN --corpus {corpus} --subjects {SEATS}\n" in ended.stdout
    assert run("repro", path, *target, **variables).returncode == 1
    promoted = run(*judge(path, corpus, *target), **variables)
    assert promoted.returncode == 0, promoted.stderr
    assert not path.exists()
