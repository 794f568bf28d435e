"""A bug that was judged and is not mended yet: every run counts and names it, and none keeps it; gone once mended."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import msgspec
import pytest
from tiny import HARNESS_TESTS, RIGHT, SETTINGS

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import read_finding, read_fixture, text_of

REASON = "A total is a number also after a nine, so none of it may go."
TODAY = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
TARGET = """
from dataclasses import replace

from counter import Counter
from tally import TALLY, Tally

SUBJECTS = {"right": Tally, "counter": Counter}
TINY = replace(TALLY, name="tiny", seats=tuple(SUBJECTS), subjects=SUBJECTS)
"""
COUNTER = """
from tally import Tally


class Counter(Tally):
    def step(self, step):
        known = step["name"] in self.totals
        outcome = super().step(step)
        asked = step["kind"], step["amount"]
        %s
        return outcome
"""
NINE = "if asked == ('add', '9'): return {**outcome, 'total': 'none'}"
THREE = "if asked == ('take', '3') and outcome['code'] == 'short': return {**outcome, 'code': 'three'}"
NINE_WHEN_KNOWN = "if asked == ('add', '9') and known: return {**outcome, 'total': 'none'}"
WRONG, TWICE_WRONG, WRONG_WHEN_KNOWN = (COUNTER % body for body in (NINE, f"{NINE}\n        {THREE}", NINE_WHEN_KNOWN))
SIGNATURE = "tiny/add/new/outcome.total/value/right~counter"


class Project:
    """Two tallies in a folder with its own corpus; the second one's source can be written anew."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.corpus = folder, folder / "corpus"
        (folder / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "target.py").write_text(TARGET, encoding="utf-8")
        shutil.copy(HARNESS_TESTS / "tally.py", folder)
        self.write(WRONG)

    def write(self, counter: str) -> None:
        """Write the second tally."""
        (self.folder / "counter.py").write_text(counter, encoding="utf-8")

    def fuzz(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """A command of the harness."""
        return self._run("cracktrader_fuzz", *arguments)

    def search(self, *options: str) -> tuple[int, dict[str, Any]]:
        """A run of every front end with few cases: its exit code and its document."""
        ended = self.fuzz("run", "--cases", "40", "--workers", "1", "--json", *options)
        assert ended.stdout, ended.stderr
        return ended.returncode, json.loads(ended.stdout)

    def judge(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Judge the one finding: the second tally is wrong."""
        (finding,) = self.findings()
        return self.fuzz("promote", finding, *(options or ("--verdict", "counter")), "--reason", REASON)

    def hold(self) -> subprocess.CompletedProcess[str]:
        """`pytest` on the corpus."""
        return self._run("pytest", "-q", "-p", "no:cacheprovider", "corpus")

    def findings(self) -> list[Path]:
        """What waits for a judgement."""
        return sorted((self.corpus / "findings").glob("*.json"))

    def fixtures(self) -> list[Path]:
        """What was judged."""
        return sorted((self.corpus / "regressions").glob("*.json"))

    def _run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # a source is written twice within a second
        command = [sys.executable, "-m", *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def found_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which a run has found the one bug; not to be changed."""
    project = Project(tmp_path_factory.mktemp("found"))
    code, facts = project.search()
    assert (code, list(facts["findings"]), facts["judged"]) == (1, [SIGNATURE], [])
    return project.folder


@pytest.fixture
def found(found_once: Path, tmp_path: Path) -> Project:
    """The same in a folder of the test's own."""
    folder = tmp_path / "project"
    shutil.copytree(found_once, folder)
    return Project(folder)


@pytest.fixture
def judged(found: Project) -> Project:
    """The same, with the finding judged."""
    ended = found.judge()
    assert ended.returncode == 0, ended.stderr
    return found


def line_of(project: Project) -> str:
    """How every command names the judgement."""
    (fixture,) = project.fixtures()
    return f"judged on {TODAY}: counter is wrong, {fixture}, not mended yet"


def test_every_run_names_it_and_finds_nothing(judged: Project) -> None:
    """Three runs end with 4, name it once each, keep nothing and call nothing a problem; then nothing waits."""
    for seed in ("0", "1", "2"):
        ended = judged.fuzz("run", "--cases", "40", "--workers", "1", "--seed", seed)
        assert ended.returncode == 4, ended.stdout + ended.stderr
        assert ended.stdout.count(line_of(judged)) == 1
        assert "0 new signatures, 1 judged and not mended yet and nothing else: " in ended.stdout
        assert ("problem  " in ended.stdout, judged.findings()) == (False, [])
    assert judged.fuzz("promote", "--pending").returncode == 0


def test_documents_have_it(judged: Project) -> None:
    """The document counts it and the fixture that fails for it; JUnit skips it, SARIF suppresses it."""
    code, facts = judged.search("--junit", "junit.xml", "--sarif", "run.sarif")
    (fixture,) = judged.fixtures()
    (seen,) = facts["judged"]
    assert (code, facts["findings"], facts["fixtures"]) == (4, {}, {"run": 1, "problems": []})
    assert seen.pop("seen") > 1
    assert seen == {
        "fixture": str(fixture),
        "signature": SIGNATURE,
        "verdict": "counter",
        "date": TODAY,
        "reason": REASON,
        "fixtures": [str(fixture)],
    }
    skipped = Xml.parse(judged.folder / "junit.xml").findall(".//testcase/skipped")
    assert [each.attrib["message"].startswith(line_of(judged)) for each in skipped] == [True]
    (result,) = json.loads((judged.folder / "run.sarif").read_text())["runs"][0]["results"]
    assert (result["level"], result["suppressions"][0]["status"]) == ("note", "accepted")


def test_night_has_it(judged: Project) -> None:
    """`nightly` ends with 4 as well, and its total counts it."""
    ended = judged.fuzz("nightly", "--cases", "40", "--workers", "1", "--json", "--front-end", "soak")
    night = json.loads(ended.stdout)
    assert (ended.returncode, night["total"]["judged"], night["total"]["new"]) == (4, 1, 0)
    assert [each["signature"] for each in night["targets"]["tiny"]["judged"]] == [SIGNATURE]


def test_once_mended_it_is_gone(judged: Project) -> None:
    """With the right tally in its place a run ends with 0 and says nothing of it."""
    judged.write(RIGHT)
    code, facts = judged.search()
    assert (code, facts["judged"], facts["findings"], facts["fixtures"]["run"]) == (0, [], {}, 1)


def test_other_bug_beside_it_is_new(judged: Project) -> None:
    """Of two bugs the one that was not judged is new, alone: the run ends with 1 and keeps it."""
    judged.write(TWICE_WRONG)
    code, facts = judged.search()
    assert (code, [each["signature"] for each in facts["judged"]]) == (1, [SIGNATURE])
    assert [each.split("/")[1] for each in facts["findings"]] == ["take"]
    assert len(judged.findings()) == 1


def test_signature_comes_back_after_the_mend(judged: Project) -> None:
    """Where the fixture holds, the family of its signature is new again: another bug, which no one has judged."""
    judged.write(WRONG_WHEN_KNOWN)
    code, facts = judged.search()
    assert (code, facts["judged"]) == (1, [])
    assert list(facts["findings"]) == [SIGNATURE.replace("/new/", "/known/")]


def test_verdicts_that_blame_no_subject(found: Project) -> None:
    """`both` and `harness` are judgements as well: there is no trace to hold, and the difference is not new."""
    assert found.judge("--verdict", "both").returncode == 0
    (fixture,) = found.fixtures()
    for verdict, words in (("both", "both are wrong"), ("harness", "the harness is wrong")):
        fixture.write_text(text_of(msgspec.structs.replace(read_fixture(fixture), verdict=verdict)))
        ended = found.fuzz("run", "--cases", "40", "--workers", "1")
        assert (ended.returncode, found.findings()) == (4, []), ended.stdout
        assert f"judged on {TODAY}: {words}, {fixture}, not mended yet" in ended.stdout


def test_checks_fail_and_say_when_it_was_judged(judged: Project) -> None:
    """A fixture fails until it is mended: the check and the tests do so, and name the day; so does `repro`."""
    checked, tested = judged.fuzz("corpus", "check"), judged.hold()
    assert (checked.returncode, tested.returncode) == (1, 1)
    assert f"diverges: {SIGNATURE}; judged on {TODAY}: counter is wrong" in checked.stdout
    assert f"judged on {TODAY}: counter is wrong, " in tested.stdout
    shown = judged.fuzz("repro", judged.fixtures()[0])
    assert f"ledger     {line_of(judged)}" in shown.stdout
    judged.write(RIGHT)
    assert (judged.fuzz("corpus", "check").returncode, judged.hold().returncode) == (0, 0)


def test_judged_twice(found: Project) -> None:
    """The same case again: the fixture is named, the finding goes, 0. Another verdict on it is refused."""
    (finding,) = found.findings()
    text = finding.read_text()
    assert found.judge().returncode == 0
    (fixture,) = found.fixtures()
    kept = fixture.read_text()
    finding.write_text(text)
    other = found.judge("--verdict", "right")
    assert (other.returncode, finding.read_text()) == (2, text)
    assert f"{fixture} judged this case on {TODAY}: counter is wrong, and now 'right'" in other.stderr
    again = found.judge()
    assert (again.returncode, found.findings(), fixture.read_text()) == (0, [], kept), again.stderr
    assert f"judged already on {TODAY}: {fixture}" in again.stdout


def test_second_case_of_a_judged_signature(found: Project) -> None:
    """Another case of the signature is a second fixture, and the first one is named."""
    (finding,) = found.findings()
    text = finding.read_text()
    assert found.judge().returncode == 0
    (first,) = found.fixtures()
    finding.write_text(text)
    whole = read_finding(finding)
    steps = [{**each, "name": "n2"} for each in whole.steps]
    assert steps != whole.steps
    finding.write_text(
        text_of(msgspec.structs.replace(whole, steps=steps, hash=content_hash(whole.case.with_steps(steps))))
    )
    ended = found.judge()
    assert ended.returncode == 0, ended.stderr
    assert len(found.fixtures()) == 2
    assert f"note: {first} judged this signature on {TODAY}" in ended.stdout
