"""`summary.json` and `state.json` of a short night are what their schemas say, and so is what `--json` prints."""

from __future__ import annotations

from pathlib import Path

from documents import faults, printed, stored
from project import SIGNATURE, nightly


def test_documents_of_a_night(project: Path) -> None:
    """The night prints its `summary.json`; the state and the finding it kept are valid as well."""
    ended = nightly(project, "--cases", "30", "--minutes", "60", "--workers", "1", "--json", code=1)
    folder = project / "nightly"
    assert ended.stdout == (folder / "summary.json").read_text(encoding="utf-8")
    night = printed(ended.stdout, "nightly")
    assert (night["exit_code"], night["resume"], night["total"]["new"]) == (1, None, 1)
    assert {name: list(each["findings"]) for name, each in night["targets"].items()} == {
        "wrong": [SIGNATURE],
        "well": [],
    }
    assert {each["schema"] for each in night["targets"].values()} == {"cracktrader-fuzz/run/1"}
    assert stored(folder / "state.json", "state")["is_over"] is True
    (finding,) = (project / "corpus" / "findings").iterdir()
    assert stored(finding, "finding")["signature"] == SIGNATURE


def test_night_without_news(project: Path) -> None:
    """A night that finds nothing has the same documents; a state or a summary with a word too many is none."""
    nightly(project, "--target", "well", "--cases", "5", "--workers", "1", code=0)
    night = stored(project / "nightly" / "summary.json", "nightly")
    state = stored(project / "nightly" / "state.json", "state")
    assert faults({**night, "note": "x"}, "nightly") != []
    assert faults({**night, "exit_code": None}, "nightly") != []
    assert faults({**state, "format": 2}, "state") != []
    assert faults({**state, "arms": [{**state["arms"][0], "note": "x"}]}, "state") != []


def test_mistake_prints_no_document(project: Path) -> None:
    """A night that cannot begin leaves standard output empty."""
    ended = nightly(project, "--target", "nowhere", "--json", code=2)
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)
