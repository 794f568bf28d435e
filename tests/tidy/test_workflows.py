"""The workflows call nothing that `make` does not, name their actions by full version, and ask for few rights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tree import ROOT, tracked

WORKFLOWS = tuple(path for path in tracked(".yml", ".github") if path.parent.name == "workflows")
MAKE = re.compile(r"make ([a-z]+)")
ACTION = re.compile(r"actions/(checkout|setup-python|upload-artifact|github-script)@v\d+\.\d+\.\d+")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def workflow(path: Path) -> dict[str, Any]:
    """The document."""
    document: dict[str, Any] = YAML(typ="safe").load(path)
    return document


def steps(path: Path) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


def test_all_three_are_there() -> None:
    """Push, pull request and nightly, each on its own event."""
    events = {path.name: set(workflow(path)["on"]) for path in WORKFLOWS}
    assert events == {
        "push.yml": {"push"},
        "pull-request.yml": {"pull_request"},
        "nightly.yml": {"schedule", "workflow_dispatch"},
    }


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_only_make_is_called(path: Path) -> None:
    """Whatever runs is one `make` target that exists."""
    called = [MAKE.fullmatch(step["run"].strip()) for step in steps(path) if "run" in step]
    assert called
    assert all(called)
    assert {found[1] for found in called if found} <= TARGETS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned(path: Path) -> None:
    """Whatever is used is one of GitHub's own actions, by its full version tag; a step uses or runs, never neither."""
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [name for name in used if not ACTION.fullmatch(name)] == []
    assert all(("uses" in step) != ("run" in step) for step in steps(path))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_few(path: Path) -> None:
    """A workflow reads the contents and no more, the nightly's job writes issues; no job runs for ever."""
    document = workflow(path)
    assert document["permissions"] == {"contents": "read"}
    for job in document["jobs"].values():
        assert job["timeout-minutes"] <= 360
        more = job.get("permissions", {"contents": "read"})
        assert more == ({"contents": "read", "issues": "write"} if path.stem == "nightly" else {"contents": "read"})


def test_the_check_lints_them() -> None:
    """`make check`, which `make test` begins with, gives every workflow to both linters."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    check = re.search(r"^check:.*?(?=^\S)", makefile, re.DOTALL | re.MULTILINE)
    assert check is not None
    assert "check-jsonschema --builtin-schema vendor.github-workflows $(wildcard .github/workflows/*.yml)" in check[0]
    assert "zizmor --offline --quiet .github/workflows" in check[0]
    assert re.search(r"^test:.*\bcheck\b", makefile, re.MULTILINE)
