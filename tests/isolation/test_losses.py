"""Workers that are lost: what they had is done again, what they found is kept, the sums are those of a quiet run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from misfits import MARK_VARIABLE
from program import run

HERE = str(Path(__file__).parent)


def counted(corpus: Path, mark: Path) -> dict[str, Any]:
    """A run of 30 cases of a subject that is killed once, unless the mark is there."""
    asked = ("run", "--target", "misfits:MISFITS", "--front-end", "soak", "--cases", "30", "--seed", "1", "--json")
    ended = run(*asked, corpus=corpus, PYTHONPATH=HERE, **{MARK_VARIABLE: str(mark)})
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_killed_worker_loses_no_case(tmp_path: Path) -> None:
    """A worker that somebody kills in the middle of a case costs nothing but time: the same sums, and a remark."""
    mark = tmp_path / "mark"
    mark.touch()
    quiet = counted(tmp_path / "one", mark)
    mark.unlink()
    killed = counted(tmp_path / "two", mark)
    assert mark.exists()
    assert (killed["total"], killed["reached"]) == (quiet["total"], quiet["reached"])
    (remark,) = killed["front_ends"]["soak"]["remarks"]
    assert "died:SIGKILL in a worker, and by itself, isolated, the case agrees" in remark
    assert quiet["front_ends"]["soak"]["remarks"] == []


def test_fixture_that_takes_a_process_along(tmp_path: Path) -> None:
    """A fixture on which a subject dies fails as it was judged, and says so; the run goes on to the others."""
    corpus = tmp_path / "corpus"
    limits = ("--case-seconds", "0.3", "--memory-mib", "128")
    asked = ("--target", "demonstration:COUNTER", "--front-end", "soak", "--cases", "7", "--seed", "231", *limits)
    ended = run("run", *asked, "--subjects", "plain,abort", corpus=corpus, PYTHONPATH=HERE)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    (finding,) = (corpus / "findings").iterdir()
    judged = ("--verdict", "abort", "--reason", "A count of three is nothing to die of, and never was.")
    promoted = run(
        "promote", str(finding), "--target", "demonstration:COUNTER", *judged, corpus=corpus, PYTHONPATH=HERE
    )
    assert promoted.returncode == 0, promoted.stdout + promoted.stderr
    asked = ("--target", "demonstration:COUNTER", "--front-end", "corpus", "--subjects", "plain,abort", "--json")
    ended = run("run", *asked, corpus=corpus, PYTHONPATH=HERE)
    assert ended.returncode == 4, ended.stdout + ended.stderr
    document = json.loads(ended.stdout)
    assert document["fixtures"] == {"run": 1, "problems": []}
    (judged_again,) = document["judged"]
    assert judged_again["signature"] == "counter/abort/-/outcome.code/not_added~died:SIGABRT/plain~abort"
