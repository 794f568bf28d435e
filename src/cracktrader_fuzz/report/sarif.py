"""A run as SARIF 2.1.0: a result for each new signature, problem, known or judged difference, and breakage.

A finding's rule is its signature, which is also its fingerprint: the same bug is the same alert from run to run. A
known or judged difference is a result with an accepted suppression. Paths are relative to the folder that the run was
started in.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cracktrader_fuzz.campaign.summary import Summary
from cracktrader_fuzz.exits import EXIT_BROKEN
from cracktrader_fuzz.report.notice import Level, Notice
from cracktrader_fuzz.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"
_LEVELS = {Level.FAILED: "error", Level.BROKEN: "error", Level.KNOWN: "note"}


def sarif_text(summary: Summary, facts: list[Notice], here: Path) -> str:
    """The document."""
    results = [each for each in facts if each.level in _LEVELS]
    rules = sorted({_rule(each) for each in results})
    run = {
        "tool": {
            "driver": {
                "name": "cracktrader_fuzz",
                "version": __version__,
                "rules": [{"id": rule, "shortDescription": {"text": rule}} for rule in rules],
            }
        },
        "invocations": [
            {"executionSuccessful": summary.exit_code != EXIT_BROKEN, "exitCode": summary.exit_code},
        ],
        "results": [_result(each, rules, here) for each in results],
        "properties": {"target": summary.target, "seed": summary.seed},
    }
    return json.dumps({"$schema": SCHEMA, "version": VERSION, "runs": [run]}, indent=1) + "\n"


def _result(fact: Notice, rules: list[str], here: Path) -> dict[str, Any]:
    rule = _rule(fact)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": _LEVELS[fact.level],
        "message": {"text": fact.text},
        "partialFingerprints": {"signature/v1": fact.signature or fact.name},
    }
    if fact.file:
        artifact = {"uri": _uri(Path(fact.file), here)}
        result["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}}}]
    if fact.level is Level.KNOWN:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": fact.text}]
    return result


def _rule(fact: Notice) -> str:
    return fact.signature or fact.kind


def _uri(path: Path, here: Path) -> str:
    """A relative reference below `here`, else a file URI."""
    whole = here / path
    return quote(whole.relative_to(here).as_posix()) if whole.is_relative_to(here) else whole.as_uri()
