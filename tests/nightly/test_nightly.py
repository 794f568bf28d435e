"""`nightly`: what the folder holds when it ends on its budget, is interrupted, terminated, killed and resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from program import ROOT, environment, program, run
from project import SIGNATURE, counted, nightly, written

from cracktrader_fuzz.corpus.documents import read_finding

DEADLINE_SECONDS = 120.0
CASES = ("--minutes", "60", "--cases", "60")
OVERFILL = "rust-overfill-by-one-accepted"


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A night in a process group of its own."""
    return subprocess.Popen(
        program("nightly", "--front-end", "soak", *arguments),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - in the background it is ignored
    )


def wait_until(process: subprocess.Popen[str], ready: Callable[[], bool]) -> None:
    """Wait for something while the process goes on."""
    until = time.monotonic() + DEADLINE_SECONDS
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "it was never so"
        time.sleep(0.02)


def has_counted(folder: Path, findings: int = 0) -> bool:
    """Whether a night has told of cases and of so many signatures."""
    if not (folder / "nightly" / "summary.json").exists():
        return False
    total = written(folder)["total"]
    return bool(total["cases"] > 0 and total["new"] >= findings)


def test_totals_add_up(project: Path) -> None:
    """Text, JSON and JUnit tell the same counts, and each is the sum of what it tells of the targets."""
    ended = nightly(project, *CASES, code=1)
    told = written(project)
    total, targets = told["total"], told["targets"]
    assert sorted(targets) == ["well", "wrong"]
    for count in ("cases", "steps", "applied"):
        assert total[count] == sum(each["total"][count] for each in targets.values()) > 0
        parts = [part[count] for each in targets.values() for part in each["front_ends"].values()]
        assert total[count] == sum(parts)
    assert total["cases"] == 2 * 60
    assert total["steps"] == sum(cell["steps"] for each in targets.values() for cell in each["reached"])
    assert total["new"] == sum(len(each["findings"]) for each in targets.values()) == 1
    text = (project / "nightly" / "summary.txt").read_text(encoding="utf-8")
    assert ended.stdout == text
    said = f"{total['steps']:,} steps in {total['cases']:,} cases, 1 new signatures, 0 problems, seed 1, "
    assert text.splitlines()[-1].split(maxsplit=1)[1].startswith(said)
    root = Xml.parse(project / "nightly" / "junit.xml").getroot()
    assert int(root.attrib["failures"]) == total["new"] + total["problems"]
    for count in ("tests", "failures", "errors", "skipped"):
        assert int(root.attrib[count]) == sum(int(suite.attrib[count]) for suite in root)
    steps = [each.attrib["value"] for each in root.findall("testsuite/properties/property[@name='steps']")]
    assert sum(map(int, steps)) == total["steps"]


def test_missing_target_is_left_out_and_noted(project: Path) -> None:
    """A target whose package is missing is noted; named by the user, it is an error of its own."""
    nightly(project, *CASES, code=1)
    notes = [note for each in written(project)["targets"].values() for note in each["notes"]]
    assert "target absent left out: the other one is not installed: pip install other" in notes
    nightly(project, "--target", "absent", code=3)


def test_ends_on_its_budget(project: Path) -> None:
    """Without a limit of cases the budget of time ends it, and the state says that it is over."""
    nightly(project, "--minutes", "0.1", "--target", "wrong", code=1)
    state = written(project, "state.json")
    assert state["is_over"] is True
    assert written(project)["resume"] is None
    assert state["spent_seconds"] >= 0.9 * 6
    assert list(written(project)["targets"]["wrong"]["findings"]) == [SIGNATURE]


def test_seeds_advance(project: Path) -> None:
    """The first night has seed 1, each one after it the next; a seed that is named is the new beginning."""
    seeds = []
    for asked in ((), (), ("--seed", "7"), ()):
        nightly(project, "--cases", "1", "--target", "well", *asked, code=0)
        seeds.append((written(project)["seed"], written(project, "state.json")["plan"]["seed"]))
    assert seeds == [(1, 1), (2, 2), (7, 7), (8, 8)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(("target", "code"), [("well", 130), ("wrong", 1)])
def test_interrupted(project: Path, number: signal.Signals, target: str, code: int) -> None:
    """Ctrl-C and SIGTERM end it with a whole summary and the documented code; it can be resumed, and was not over."""
    process = started(project, "--minutes", "60", "--target", target)
    wait_until(process, lambda: has_counted(project, findings=code == 1))
    os.kill(process.pid, number)
    stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == code, stdout + stderr
    assert "Traceback" not in stderr
    told = written(project)
    assert told["interrupted"] is True
    assert told["exit_code"] == code
    assert stdout == (project / "nightly" / "summary.txt").read_text(encoding="utf-8")
    assert "; interrupted, nothing is lost" in stdout
    command = "python -m cracktrader_fuzz nightly --resume --output nightly"
    assert (told["seed"], told["resume"]) == (1, command)
    assert stdout.splitlines()[-2] == f"{'to go on':<12} {command}"
    assert ", seed 1, " in stdout.splitlines()[-1]
    assert written(project, "state.json")["is_over"] is False


def test_killed_and_resumed(project: Path, tmp_path: Path) -> None:
    """A night that is killed with -9 and resumed counts what an undisturbed one counts, and has the same findings."""
    plan = ("--minutes", "60", "--cases", "300")
    process = started(project, *plan)
    wait_until(process, lambda: has_counted(project, findings=1))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    killed = written(project)["total"]
    assert 0 < killed["cases"] < 600
    resumed = run("nightly", "--resume", cwd=project)
    assert resumed.returncode == 1, resumed.stdout + resumed.stderr
    told = written(project)
    nightly(project, *plan, "--seed", "1", "--output", tmp_path / "other", "--corpus", tmp_path / "corpus", code=1)
    (project / "nightly" / "summary.json").write_bytes((tmp_path / "other" / "summary.json").read_bytes())
    assert counted(told) == counted(written(project))
    (kept,) = (project / "corpus" / "findings").glob("*.json")
    finding = read_finding(kept)
    assert (finding.signature, finding.certificate is not None, len(finding.steps)) == (SIGNATURE, True, 1)
    assert finding.sightings == told["targets"]["wrong"]["findings"][SIGNATURE]["seen"]


def test_canary_in_the_rust_seat(tmp_path: Path) -> None:
    """With a planted bug in the Rust seat: exit 1, its signature, and one certified minimal case, after kill -9."""
    where = ("--corpus", str(tmp_path / "corpus"), "--output", str(tmp_path / "nightly"))
    plan = ("--minutes", "60", "--cases", "60", "--target", "cracktrader", "--subjects", f"python,{OVERFILL}")
    process = started(ROOT, *plan, *where)
    wait_until(process, lambda: bool(list((tmp_path / "corpus" / "findings").glob("*.json"))))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if not (tmp_path / "nightly" / "state.json").exists():
        pytest.fail("no state was written before the first finding")
    ended = run("nightly", "--resume", *where, cwd=ROOT)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = written(tmp_path)["targets"]["cracktrader"]["findings"]
    signature = f"cracktrader/order_fill/ACCEPTED/outcome.code/overfill~ok/python~{OVERFILL}"
    assert list(found) == [signature]
    assert (found[signature]["steps"], found[signature]["certified"]) == (4, True)
    (kept,) = (tmp_path / "corpus" / "findings").glob("*.json")
    assert read_finding(kept).signature == signature


def test_second_night_in_the_folder(project: Path) -> None:
    """While a night writes, another one there is refused, new or resumed; a night in another folder is not."""
    process = started(project, "--minutes", "60", "--target", "well")
    wait_until(process, lambda: has_counted(project))
    for asked in ((), ("--resume",)):
        ended = run("nightly", *asked, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        (line,) = ended.stderr.splitlines()
        assert line.startswith("cracktrader_fuzz: nightly: another night is still writing here")
    nightly(project, "--cases", "1", "--target", "well", "--output", "other", code=0)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    nightly(project, "--cases", "1", "--target", "well", code=0)


# what                       | before                | arguments                               | words of the line
REQUESTS = """
no night to resume           |                       | --resume                                | nothing to resume: nightly/state.json is not there
torn state                   | {"format": 1, "pl     | --resume                                | nightly/state.json:1:15: not JSON
torn state, next night       | {"format": 1, "pl     | --cases 1                               | move it away, and the next night starts anew
state of another version     | {"format": 2}         | --resume                                | format 2 is not 1
state of something else      | {"format": 1}         | --resume                                | no state of a night: Object missing required field
state that is a list         | []                    | --resume                                | a JSON object is expected
budget named twice           |                       | --minutes 1 --hours 1                   | --minutes and --hours are both given
plan named with a resume     |                       | --resume --minutes 1                    | leave out --minutes
limit named with a resume    |                       | --resume --case-seconds 1               | --resume goes on with the plan of that night: leave out --case-seconds
unknown target               |                       | --target cobol                          | unknown target 'cobol'
subjects of no target        |                       | --target well --subjects right,other    | --subjects: unknown target 'wrong': this night has well
unknown subject              |                       | --subjects right,cobol                  | unknown subject 'cobol'
weight of nothing            |                       | --weight luck=2                         | --weight NAME=W: unknown target or front end 'luck'
weight that is none          |                       | --weight soak=much                      | is no number
file for a folder            |                       | --output pyproject.toml                 | Directory 'pyproject.toml' is a file
weight of zero               |                       | --weight soak=0                         | must be above zero
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", REQUESTS.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_request_is_refused(row: str, project: Path) -> None:
    """What cannot be done is reported in one line with exit code 2, and the folder is as it was."""
    _, before, arguments, words = (cell.strip() for cell in row.split("|"))
    state = project / "nightly" / "state.json"
    if before:
        state.parent.mkdir()
        state.write_text(before, encoding="utf-8")
    ended = run("nightly", *arguments.split(), cwd=project)
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stdout
    (line,) = ended.stderr.splitlines()
    assert words in line
    assert (state.read_text(encoding="utf-8") if state.exists() else "") == before
    assert state.parent.exists() is bool(before), "a refused night leaves no folder"


def test_finished_night_is_not_resumed(project: Path) -> None:
    """A night that is over cannot be resumed: the message says which one it was."""
    nightly(project, "--cases", "1", "--target", "well", code=0)
    ended = run("nightly", "--resume", cwd=project)
    assert ended.returncode == 2
    assert "nothing to resume: the night of seed 1 in nightly is over" in ended.stderr


def test_floor_that_is_not_reached(project: Path) -> None:
    """A generator that no longer reaches what it must breaks the run, once it ran long enough; else that is a note."""
    ended = nightly(project, "--cases", "20", "--target", "small_targets:LOW", code=3)
    assert (
        "the generator no longer generates: 1 floors of the soak were not reached: add in ? answered gone"
        in ended.stdout
    )
    assert "never    1 cells: add in ?: gone" in ended.stdout
    ended = nightly(project, "--cases", "1", "--target", "small_targets:LOW", code=0)
    assert "floors are judged from 1,000 steps of the soak on: it ran 30" in ended.stdout
