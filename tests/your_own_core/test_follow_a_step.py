"""`docs/follow-a-step.md` names the files that a step enters, all of them and no others, and counts them right."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from refresh_transcript import ROOT

PAGE = (ROOT / "docs" / "follow-a-step.md").read_text(encoding="utf-8")
FILE = re.compile(r"`([a-z_]+(?:/[a-z_]+)*\.py)`")
HALVES = {"run": ("In the process of the command", "Back in the process of the command"), "worker": ("In the worker",)}


def section(heading: str) -> str:
    """The text below a heading."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rooms(files: set[str]) -> set[str]:
    """The folders of the package, and the files beside them."""
    return {file.partition("/")[0] for file in files}


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The files that each half enters, by running it in a copy of the example."""
    found = {}
    for half in HALVES:
        place = tmp_path_factory.mktemp(half) / "example"
        shutil.copytree(ROOT / "examples" / "your_own_core", place)
        command = [sys.executable, str(Path(__file__).with_name("walk.py")), half]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=True)
        found[half] = set(json.loads(done.stderr.splitlines()[-1]))
    return found


def test_worker_enters_what_the_page_says(entered: dict[str, set[str]]) -> None:
    """The worker's half, file for file."""
    assert set(FILE.findall(section("In the worker"))) == entered["worker"]


def test_command_enters_what_the_page_says(entered: dict[str, set[str]]) -> None:
    """The whole page, file for file; what the canary's search enters is listed with the worker's."""
    named = {file for headings in HALVES.values() for heading in headings for file in FILE.findall(section(heading))}
    assert named == entered["run"] | entered["worker"]


def test_numbers_are_right(entered: dict[str, set[str]]) -> None:
    """Those of the last section."""
    both = entered["run"] | entered["worker"]
    counted = [
        (len(entered["worker"]), len(rooms(entered["worker"]))),
        (len(both), len(rooms(both))),
        (len(entered["run"]), len(rooms(entered["run"]))),
    ]
    found = re.findall(r"(\d+) files\s+in (\d+) rooms", section("How many rooms"))
    assert [(int(files), int(count)) for files, count in found] == counted
    only = re.search(r"of which (\d+) only there", section("How many rooms"))
    assert only is not None
    assert int(only[1]) == len(entered["run"] - entered["worker"])
