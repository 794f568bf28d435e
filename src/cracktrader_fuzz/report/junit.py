"""A run as JUnit XML: a testcase for the canary, each front end, each new signature and problem, and each known
or judged difference.

Failed is a failure, broken an error, known and judged are skips. Times are of the whole run: the single facts have
none. The counts of cases and steps are properties of the suite.
"""

from xml.etree import ElementTree as Xml

from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.report.notice import Level, Notice
from cracktrader_fuzz.text import printable

SUITE = "cracktrader_fuzz"
_TAGS = {Level.FAILED: "failure", Level.BROKEN: "error", Level.KNOWN: "skipped"}


def junit_text(*runs: tuple[Summary, list[Notice]]) -> str:
    """The document, with a suite for each target. Its counts are those of the testcases in it."""
    everything = [fact for _, facts in runs for fact in facts]
    seconds = max((summary.seconds for summary, _ in runs), default=0.0)
    root = Xml.Element("testsuites", {"name": SUITE, **_totals(everything, seconds)})
    for summary, facts in runs:
        _suite(root, summary, facts)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _suite(root: Xml.Element, summary: Summary, facts: list[Notice]) -> None:
    suite = Xml.SubElement(root, "testsuite", {"name": f"{SUITE} {summary.target}", **_totals(facts, summary.seconds)})
    properties = Xml.SubElement(suite, "properties")
    _property(properties, "seed", str(summary.seed))
    for name in ("cases", "steps", "applied"):
        _property(properties, name, str(getattr(summary.whole, name)))
    for build in summary.builds:
        _property(properties, f"build {build.subject}", f"{build.version} ({build.profile}) sha256 {build.sha256}")
    for each in facts:
        _testcase(suite, each)


def _totals(facts: list[Notice], seconds: float) -> dict[str, str]:
    levels = {"failures": Level.FAILED, "errors": Level.BROKEN, "skipped": Level.KNOWN}
    counts = {name: str(sum(each.level is level for each in facts)) for name, level in levels.items()}
    return {"tests": str(len(facts)), **counts, "time": f"{seconds:.3f}"}


def _testcase(suite: Xml.Element, fact: Notice) -> None:
    case = Xml.SubElement(suite, "testcase", {"classname": f"{SUITE}.{fact.kind}", "name": fact.name, "time": "0"})
    if fact.signature or fact.file:
        properties = Xml.SubElement(case, "properties")
        for name in ("signature", "file"):
            if value := getattr(fact, name):
                _property(properties, name, value)
    if fact.level in _TAGS:
        detail = Xml.SubElement(case, _TAGS[fact.level], {"message": fact.text})
        detail.text = fact.text


def _property(parent: Xml.Element, name: str, value: str) -> None:
    Xml.SubElement(parent, "property", {"name": printable(name), "value": printable(value)})
