"""The workflows call nothing that `make` does not, name their actions by full version, and ask for few rights.

A release asks for more, and is held to it by name: the one script that runs where there is no `make`, two actions that
are not GitHub's own, and the right to publish, in the one job that does.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tree import ROOT, tracked

WORKFLOWS = tuple(path for path in tracked(".yml", ".github") if path.parent.name == "workflows")
MAKE = re.compile(r"make ([a-z]+)")
ACTION = re.compile(r"actions/(checkout|setup-python|upload-artifact|github-script)@v\d+\.\d+\.\d+")
RELEASE = "release"
# Actions of others by commit, since a tag of theirs can be moved; the version stands in a comment beside it.
RELEASE_ACTION = re.compile(
    r"actions/download-artifact@v\d+\.\d+\.\d+|(PyO3/maturin-action|pypa/gh-action-pypi-publish)@[0-9a-f]{40}"
)
NAMED_VERSION = re.compile(r"uses: (\S+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$", re.MULTILINE)
SMOKE = "python scripts/smoke_test.py dist"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def workflow(path: Path) -> dict[str, Any]:
    """The document."""
    document: dict[str, Any] = YAML(typ="safe").load(path)
    return document


def steps(path: Path) -> list[dict[str, Any]]:
    """Every step of every job."""
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


def of_release() -> dict[str, Any]:
    """The workflow that publishes."""
    return workflow(next(path for path in WORKFLOWS if path.stem == RELEASE))


def test_all_four_are_there() -> None:
    """Push, pull request, nightly and release, each on its own event; a tag is pushed to the release alone."""
    events = {path.name: set(workflow(path)["on"]) for path in WORKFLOWS}
    assert events == {
        "push.yml": {"push"},
        "pull-request.yml": {"pull_request"},
        "nightly.yml": {"schedule", "workflow_dispatch"},
        "release.yml": {"push", "workflow_dispatch"},
    }
    pushed = {path.stem: workflow(path)["on"]["push"] for path in WORKFLOWS if "push" in workflow(path)["on"]}
    assert pushed == {"push": {"branches": ["**"]}, RELEASE: {"tags": ["v*"]}}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_only_make_is_called(path: Path) -> None:
    """Whatever runs is one `make` target that exists, or, in a release, what `make smoke` runs."""
    runs = [step["run"].strip() for step in steps(path) if "run" in step]
    called = [MAKE.fullmatch(text) for text in runs if path.stem != RELEASE or text != SMOKE]
    assert called
    assert all(called)
    assert {found[1] for found in called if found} <= TARGETS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned(path: Path) -> None:
    """Whatever is used is an action that is listed above, by its full version; a step uses or runs, never neither."""
    used = [step["uses"] for step in steps(path) if "uses" in step]
    allowed = (ACTION, RELEASE_ACTION) if path.stem == RELEASE else (ACTION,)
    assert used
    assert [name for name in used if not any(each.fullmatch(name) for each in allowed)] == []
    by_commit = [name for name in used if not re.search(r"@v[\d.]+$", name)]
    assert NAMED_VERSION.findall(path.read_text(encoding="utf-8")) == by_commit
    assert all(("uses" in step) != ("run" in step) for step in steps(path))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_few(path: Path) -> None:
    """A workflow reads the contents and no more; nightly writes issues, and the job that publishes is trusted to."""
    document = workflow(path)
    assert document["permissions"] == {"contents": "read"}
    exceptions = {
        ("nightly", "fuzz"): {"contents": "read", "issues": "write"},
        (RELEASE, "publish"): {"id-token": "write"},
    }
    for name, job in document["jobs"].items():
        assert job["timeout-minutes"] <= 360
        more = job.get("permissions", {"contents": "read"})
        assert more == exceptions.get((path.stem, name), {"contents": "read"})


def test_nothing_is_published_untried() -> None:
    """Only a pushed tag publishes, after every other job, and each job that builds wheels tries them."""
    jobs = of_release()["jobs"]
    publish = jobs.pop("publish")
    assert publish["if"] == "github.event_name == 'push'"
    assert sorted(publish["needs"]) == sorted(jobs)
    assert publish["environment"] == "pypi-${{ matrix.distribution }}"
    assert publish["strategy"]["matrix"] == {"distribution": ["engine", "fuzz"]}
    uploads = [
        name for name, job in jobs.items() if any("upload-artifact" in step.get("uses", "") for step in job["steps"])
    ]
    assert uploads == ["sources", "wheel"]
    for name in uploads:
        order = [step.get("run") or step["uses"].partition("@")[0] for step in jobs[name]["steps"]]
        assert set(order[: order.index("actions/upload-artifact")]) & {SMOKE, "make smoke"}
    assert re.search(rf"^smoke:.*\n\t\$\(BIN\)/{re.escape(SMOKE)}$", MAKEFILE, re.MULTILINE)


def test_every_supported_python_is_installed() -> None:
    """Where CI runs `make test` there is each version that the classifiers name, so that `make pythons` misses none."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = {text.rpartition(" :: ")[2] for text in document["project"]["classifiers"]}
    supported = {text for text in named if re.fullmatch(r"\d+\.\d+", text)}
    running = [
        (path.stem, set(str(step["with"]["python-version"]).split()))
        for path in WORKFLOWS
        for job in workflow(path)["jobs"].values()
        if any(step.get("run") == "make test" for step in job["steps"])
        for step in job["steps"]
        if "setup-python" in step.get("uses", "")
    ]
    assert running == [("push", supported), (RELEASE, supported)]


def test_the_check_lints_them() -> None:
    """`make check`, which `make test` begins with, gives every workflow to both linters."""
    check = re.search(r"^check:.*?(?=^\S)", MAKEFILE, re.DOTALL | re.MULTILINE)
    assert check is not None
    assert "check-jsonschema --builtin-schema vendor.github-workflows $(wildcard .github/workflows/*.yml)" in check[0]
    assert "check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml" in check[0]
    assert "zizmor --offline --quiet .github\n" in check[0]
    assert re.search(r"^test:.*\bcheck\b", MAKEFILE, re.MULTILINE)
