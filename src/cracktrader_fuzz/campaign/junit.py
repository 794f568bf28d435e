"""A run as JUnit XML: a testcase for the canary, each front end, each new signature, problem and known divergence.

Failed is a failure, broken an error, known a skip. Times are of the whole run: the single facts have none.
"""

from xml.etree import ElementTree as Xml

from cracktrader_fuzz.campaign.notice import Level, Notice
from cracktrader_fuzz.campaign.summary import Summary

SUITE = "cracktrader_fuzz"
_TAGS = {Level.FAILED: "failure", Level.BROKEN: "error", Level.KNOWN: "skipped"}


def junit_text(summary: Summary, facts: list[Notice]) -> str:
    """The document. Its counts are those of the testcases in it."""
    counts = {
        "tests": len(facts),
        "failures": _count(facts, Level.FAILED),
        "errors": _count(facts, Level.BROKEN),
        "skipped": _count(facts, Level.KNOWN),
    }
    totals = {**{name: str(count) for name, count in counts.items()}, "time": f"{summary.seconds:.3f}"}
    root = Xml.Element("testsuites", {"name": SUITE, **totals})
    suite = Xml.SubElement(root, "testsuite", {"name": f"{SUITE} {summary.target}", **totals})
    properties = Xml.SubElement(suite, "properties")
    _property(properties, "seed", str(summary.seed))
    for build in summary.builds:
        _property(properties, f"build {build.subject}", f"{build.version} ({build.profile}) sha256 {build.sha256}")
    for each in facts:
        _testcase(suite, each)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _testcase(suite: Xml.Element, fact: Notice) -> None:
    case = Xml.SubElement(suite, "testcase", {"classname": f"{SUITE}.{fact.kind}", "name": fact.name, "time": "0"})
    if fact.signature or fact.file:
        properties = Xml.SubElement(case, "properties")
        for name in ("signature", "file"):
            if value := getattr(fact, name):
                _property(properties, name, value)
    if fact.level in _TAGS:
        told = Xml.SubElement(case, _TAGS[fact.level], {"message": fact.text})
        told.text = fact.text


def _property(parent: Xml.Element, name: str, value: str) -> None:
    Xml.SubElement(parent, "property", {"name": _characters(name), "value": _characters(value)})


def _characters(text: str) -> str:
    """The text without what XML 1.0 has no way to write."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _count(facts: list[Notice], level: Level) -> int:
    return sum(each.level is level for each in facts)
