"""What `run` tells other programs: the same facts in three spellings, whose totals add up."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from program import call, told

from cracktrader_fuzz.campaign.canary import CanaryResult
from cracktrader_fuzz.campaign.job import Report, Sighting
from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.corpus.ledger import KnownDivergence, KnownDivergences
from cracktrader_fuzz.report.github import annotations
from cracktrader_fuzz.report.junit import junit_text
from cracktrader_fuzz.report.notice import Level, notices
from cracktrader_fuzz.report.sarif import sarif_text
from cracktrader_fuzz.target.protocol import BuildIdentity

HERE = Path("/somewhere/project")
NEW = "t/add/new/outcome.code/ok~crashed:Boom/one~other"
KNOWN = "t/take/known/state.totals.*/value:amount/one~other"
NASTY = 't/add/\x1b[31m\ud800\x00<b>&"%0A,:\r\n::error::/outcome.code/ok~no/one~other'
DAY = datetime.date(2026, 1, 1)


def summary_of(*signatures: str, broken: str = "") -> Summary:
    """A run that saw these signatures, with a known one among what its ledger lists, and one fixture that fails."""
    report = Report("soak", cases=3, steps=30, applied=20)
    for signature in signatures:
        report.sight(signature, Sighting(str(HERE / "corpus" / "findings" / "a b.json"), 2, True, "soak 1/2"))
    summary = Summary("t", 7, [BuildIdentity("one", "m", "1", "test", "0" * 64)], reports=[report])
    summary.canary = CanaryResult("bird", 3, 10, 2, "t/x", "not found in 3 cases" if broken else "")
    summary.fixture_problems = [f"{HERE}/corpus/fixtures/x.json: diverges: {NEW}"]
    reason = "Both ways are right until the page decides."
    summary.ledger = KnownDivergences([KnownDivergence("later", KNOWN, reason, "me", DAY, DAY, "regressions/x.json")])
    summary.broken = [broken] if broken else []
    summary.seconds = 1.5
    return summary


SUMMARIES = [
    summary_of(),
    summary_of(NEW),
    summary_of(NEW, KNOWN),
    summary_of(NASTY, KNOWN),
    summary_of(NEW, broken="one: two\nthree"),
]


@pytest.mark.parametrize("summary", SUMMARIES)
def test_junit_totals_add_up(summary: Summary) -> None:
    """The counts of the document are those of its testcases, at both levels, and those of the run."""
    facts = notices(summary)
    root = Xml.fromstring(junit_text((summary, facts)))
    cases = root.findall("testsuite/testcase")
    told = Counter(child.tag for case in cases for child in case if child.tag != "properties")
    for element in (root, root[0]):
        counts = {name: int(element.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
        assert counts == {
            "tests": len(cases),
            "failures": told["failure"],
            "errors": told["error"],
            "skipped": told["skipped"],
        }
    assert told["failure"] == len(summary.new) + len(summary.problems)
    assert told["skipped"] == len(summary.known)
    assert (told["error"] > 0) == bool(summary.broken)
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)


def test_junit_carries_the_signature() -> None:
    """A finding's testcase has its signature and its file as properties, and fails with what to do."""
    summary = summary_of(NEW)
    root = Xml.fromstring(junit_text((summary, notices(summary))))
    (case,) = root.findall("testsuite/testcase[@classname='cracktrader_fuzz.finding']")
    properties = {each.attrib["name"]: each.attrib["value"] for each in case.findall("properties/property")}
    assert properties == {"signature": NEW, "file": str(HERE / "corpus" / "findings" / "a b.json")}
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib["message"].startswith("2 steps, certified minimal, seen 1 times, first by soak 1/2. Look: ")


@pytest.mark.parametrize("summary", SUMMARIES)
def test_sarif_has_its_structure(summary: Summary) -> None:
    """The required properties of SARIF 2.1.0 are there, with its own words, and each result names a rule by place."""
    document = json.loads(sarif_text(summary, notices(summary), HERE))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "cracktrader_fuzz"
    identifiers = [rule["id"] for rule in driver["rules"]]
    assert len(set(identifiers)) == len(identifiers)
    (invocation,) = run["invocations"]
    assert invocation == {"executionSuccessful": not summary.broken, "exitCode": summary.exit_code}
    for result in run["results"]:
        assert identifiers[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert all(type(value) is str for value in result["partialFingerprints"].values())
        for location in result.get("locations", ()):
            physical = location["physicalLocation"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", physical["artifactLocation"]["uri"])
            assert physical["region"] == {"startLine": 1}
    failing = [each for each in run["results"] if each["level"] == "error"]
    assert len(failing) == sum(fact.level in (Level.FAILED, Level.BROKEN) for fact in notices(summary))


def test_sarif_suppresses_what_is_known() -> None:
    """A known divergence is a note with an accepted suppression; a new one is found again by its signature."""
    summary = summary_of(NEW, KNOWN)
    results = json.loads(sarif_text(summary, notices(summary), HERE))["runs"][0]["results"]
    by_rule = {result["ruleId"]: result for result in results}
    assert by_rule[KNOWN]["suppressions"][0]["status"] == "accepted"
    assert "suppressions" not in by_rule[NEW]
    assert by_rule[NEW]["partialFingerprints"] == {"signature/v1": NEW}
    (location,) = by_rule[NEW]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "corpus/findings/a%20b.json"


@pytest.mark.parametrize("summary", SUMMARIES)
def test_annotations_are_one_line_each(summary: Summary) -> None:
    """A line for each fact that is no pass; nothing in a name or a path ends it or begins another command."""
    facts = notices(summary)
    lines = annotations(facts, ["a note\nof two lines"], HERE)
    assert len(lines) == 1 + sum(fact.level is not Level.PASSED for fact in facts)
    for line in lines:
        command, properties, _ = re.fullmatch(r"::(error|notice|warning) ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]
        assert "\n" not in line
        assert "\r" not in line
        assert all(part.partition("=")[0] in {"title", "file"} for part in properties.split(",")), command
    assert lines[-1] == "::warning title=cracktrader_fuzz::a note%0Aof two lines"


def test_annotation_names_its_file() -> None:
    """Paths are relative to where the run was started, as GitHub wants them; `:` and `,` are escaped in properties."""
    facts = notices(summary_of(NEW))
    finding = next(line for line in annotations(facts, [], HERE) if "title=finding" in line)
    title = NEW.replace(":", "%3A").replace(",", "%2C")
    assert finding.startswith(f"::error title=finding {title},file=corpus/findings/a b.json::2 steps, ")


def test_run_writes_them(corpus_of_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run writes both files and, inside Actions, annotates on standard error where JSON has standard output."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    junit, sarif = tmp_path / "run.xml", tmp_path / "run.sarif"
    seats = ("--subjects", "python,canary-rebate-not-paid", "--front-end", "corpus", "--front-end", "soak")
    ended = call("run", *seats, "--cases", "1", "--json", "--junit", junit, "--sarif", sarif, corpus=corpus_of_one)
    shown = json.loads(ended.stdout)
    assert (ended.returncode, len(shown["fixtures"]["problems"])) == (1, 2)
    results = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
    failures = int(Xml.parse(junit).getroot().attrib["failures"])
    errors = [line for line in ended.stderr.splitlines() if line.startswith("::error ")]
    assert failures == len(results) == len(errors) == 2 + len(shown["findings"])
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["run.sarif", "run.xml"]


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A file that could not be written is told before the run, not after it."""
    file = tmp_path / "nowhere" / "run.xml"
    ended = call("run", "--cases", "1", "--junit", file, corpus=tmp_path)
    assert ended.returncode == 2
    assert f"{file}: cannot be written: there is no folder {file.parent}" in told(ended)
