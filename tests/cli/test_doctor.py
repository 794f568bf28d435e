"""`doctor` where a user is: two versions over each other, a package from elsewhere, a canary that cannot be made."""

from __future__ import annotations

import json
import os
import tomllib
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest
from program import ROOT, TARGETS, call

from cracktrader_fuzz.cli.doctor import PYTHON_MIN
from cracktrader_fuzz.cli.support.installation import Installation, judge_installation

REINSTALL = "`python -m pip uninstall cracktrader-fuzz` until pip finds none, then install one version"


def installed(folder: Path, version: str, origin: dict[str, object] | None = None) -> Distribution:
    """The metadata of an installed version in a folder of packages, as pip writes it."""
    place = folder / f"cracktrader_fuzz-{version}.dist-info"
    place.mkdir(parents=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: cracktrader-fuzz\nVersion: {version}\n")
    if origin is not None:
        (place / "direct_url.json").write_text(json.dumps(origin))
    return PathDistribution(place)


def judged(package: Path, *found: Distribution, version: str = "1.0", pythonpath: str = "") -> Installation:
    """The judgement on a package of version 1.0."""
    package.mkdir(parents=True, exist_ok=True)
    return judge_installation(package, version, found, pythonpath)


def test_one_version(tmp_path: Path) -> None:
    """A package beside the metadata of its own version is sound."""
    found = judged(tmp_path / "site" / "cracktrader_fuzz", installed(tmp_path / "site", "1.0"))
    assert (found.problem, found.is_installed) == ("", True)


def test_two_versions_over_each_other(tmp_path: Path) -> None:
    """Two pieces of metadata are a problem that names both versions, both places and the way out."""
    site = tmp_path / "site"
    found = judged(site / "cracktrader_fuzz", installed(site, "0.9"), installed(site, "1.0"))
    assert found.problem.startswith("two versions are installed over each other: 0.9 at ")
    assert f"1.0 at {site / 'cracktrader_fuzz-1.0.dist-info'}" in found.problem
    assert found.problem.endswith(REINSTALL)


def test_metadata_twice_on_the_path_is_one_version(tmp_path: Path) -> None:
    """A folder that stands twice on the import path does not make two versions."""
    site = tmp_path / "site"
    once = installed(site, "1.0")
    assert (
        judged(site / "cracktrader_fuzz", once, PathDistribution(site / "cracktrader_fuzz-1.0.dist-info")).problem == ""
    )


def test_other_version_than_the_metadata(tmp_path: Path) -> None:
    """Metadata of another version than the package's own is a problem."""
    found = judged(tmp_path / "site" / "cracktrader_fuzz", installed(tmp_path / "site", "0.9"))
    assert "but the package is 1.0: " in found.problem
    assert found.problem.endswith(REINSTALL)


def test_package_from_elsewhere(tmp_path: Path) -> None:
    """A package that is imported from another folder than the installed one is a problem with both places."""
    found = judged(tmp_path / "clone" / "cracktrader_fuzz", installed(tmp_path / "site", "1.0"))
    assert f"but {tmp_path / 'clone' / 'cracktrader_fuzz'} is imported" in found.problem


def test_editable_install(tmp_path: Path) -> None:
    """An editable install is sound below its own sources, also where their folder has a space, and nowhere else."""
    sources = tmp_path / "my clone"
    origin: dict[str, object] = {"dir_info": {"editable": True}, "url": sources.as_uri()}
    distribution = installed(tmp_path / "site", "1.0", origin)
    assert judged(sources / "src" / "cracktrader_fuzz", distribution).problem == ""
    assert "is imported" in judged(tmp_path / "other" / "cracktrader_fuzz", distribution).problem


@pytest.mark.parametrize("found", [(), ("0.9",), ("0.9", "1.0")], ids=["none", "another", "two"])
def test_package_of_pythonpath(tmp_path: Path, found: tuple[str, ...]) -> None:
    """A package that PYTHONPATH leads to is there on purpose; what it stands in front of is named."""
    distributions = [installed(tmp_path / "site", version) for version in found]
    path = os.pathsep.join(("", str(tmp_path / "elsewhere"), str(tmp_path / "clone")))
    result = judged(tmp_path / "clone" / "cracktrader_fuzz", *distributions, pythonpath=path)
    assert (result.problem, result.is_installed) == ("", False)
    assert [version for version in found if f"{version} at {tmp_path / 'site'}" not in result.detail] == []


def test_package_that_is_not_installed(tmp_path: Path) -> None:
    """Without metadata there is nothing to disagree with."""
    found = judged(tmp_path / "cracktrader_fuzz")
    assert (found.problem, found.is_installed) == ("", False)


def test_problem_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is a `no` of the harness, with the way out, and the exit code 3."""
    monkeypatch.chdir(ROOT)
    broken = Installation("1.0 at here", is_installed=True, problem="two versions: uninstall one")
    monkeypatch.setattr("cracktrader_fuzz.cli.doctor.find_installation", lambda: broken)
    ended = call("doctor")
    assert ended.returncode == 3
    assert "no harness " in ended.stdout
    assert ended.stdout.endswith("\ndoes not work: harness\n")


def test_first_canary_is_needed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run begins with the target's first canary: where that cannot be made, `doctor` ends with 3."""
    monkeypatch.syspath_prepend(TARGETS)
    monkeypatch.chdir(ROOT)
    ended = call("doctor", "--target", "odd_targets:UNBUILT_CANARY", corpus=corpus)
    assert ended.returncode == 3
    assert "no canaries " in ended.stdout
    assert "can be made: subject 'canary-unbuilt' cannot be made: OSError: no such core" in ended.stdout


def test_lines_of_a_plain_target(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target without recordings and oracles has no line about them."""
    monkeypatch.syspath_prepend(TARGETS)
    monkeypatch.chdir(ROOT)
    ended = call("doctor", "--target", "sequencer", "--json", corpus=corpus)
    names = [item["name"] for item in json.loads(ended.stdout)["items"]]
    assert ended.returncode == 0, ended.stdout
    assert [name for name in names if name == "recordings" or name.startswith("oracle")] == []


def test_pytest_is_optional(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pytest the line names the extra, and nothing is broken."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("cracktrader_fuzz.cli.doctor.importlib.util.find_spec", lambda _: None)
    ended = call("doctor", "--json", corpus=corpus)
    (item,) = (item for item in json.loads(ended.stdout)["items"] if item["name"] == "pytest")
    assert (ended.returncode, item["state"]) == (0, "-")
    assert item["detail"].endswith('python -m pip install "cracktrader-fuzz[pytest]"')


def test_python_is_that_of_the_package() -> None:
    """The oldest Python that `doctor` accepts is the one that the package requires."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={'.'.join(map(str, PYTHON_MIN))}"
