"""`repro`: what its options show, what its footer offers, and how it ends."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cases import CANARY, ROOT, SEATS, SIGNATURE
from program import call

from cracktrader_fuzz.corpus.documents import read_fixture, text_of
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, KnownDivergence, entry_text

FIXTURE = ROOT / "corpus" / "fixtures" / "fills" / "late-after-cancel.json"
pytestmark = pytest.mark.usefixtures("in_repository")


def steps_shown(text: str) -> list[str]:
    """The numbers of the steps in a timeline."""
    head = text.split("\n\n")[0].splitlines()[1:]
    return [line[:4].strip() for line in head if line[:4].strip().isdigit()]


@pytest.mark.parametrize(
    ("options", "shown", "focus"),
    [
        ([], "0 1 2 3", "state changed by step 3, 8 places"),
        (["--until", "1"], "0 1", "state changed by step 1, 3 places"),
        (["--step", "0"], "0 1 2", ""),
        (["--step", "3"], "1 2 3", "state changed by step 3, 8 places"),
        (["--step", "1", "--until", "1"], "0 1", "state changed by step 1, 3 places"),
    ],
)
def test_window(overfill: Path, options: list[str], shown: str, focus: str) -> None:
    """`--step` shows two steps on either side and that step's change of state, `--until` ends the timeline."""
    ended = call("repro", overfill, *options)
    assert ended.returncode == 1
    assert steps_shown(ended.stdout) == shown.split()
    assert focus in ended.stdout


def test_past_the_difference() -> None:
    """`--until` goes on after the first difference when it is asked to."""
    ended = call("repro", FIXTURE, "--subjects", "python,canary-late-fill-not-counted", "--until", "4")
    assert (ended.returncode, len(steps_shown(ended.stdout))) == (1, 5)


def test_whole_state(overfill: Path) -> None:
    """`--state` shows all of both states after the last step shown."""
    shown = call("repro", overfill, "--state").stdout
    for name, cash in (("python", "1000"), (CANARY, "998.99999999")):
        assert f'state of {name} after step 3\n  cash = "{cash}"\n' in shown
    assert 'state of python after step 0\n  cash = "1000"' in call("repro", overfill, "--state", "--until", "0").stdout


def test_explanation(overfill: Path) -> None:
    """`--explain` names the rule of the step's kind and those of both codes."""
    lines = call("repro", overfill, "--explain").stdout.splitlines()
    rules = [line.removeprefix("rule       ") for line in lines if line.startswith("rule ")]
    assert rules == json.loads(call("repro", overfill, "--json").stdout)["rules"]
    assert [rule.split(":")[0] for rule in rules] == ["docs/engine.md section 5"] * 2
    assert "`overfill`, whatever the status; nothing is booked" in rules[1]


@pytest.mark.parametrize("option", ["--step", "--until"])
def test_step_that_is_not_there(overfill: Path, option: str) -> None:
    """A step past the end is told with the steps that there are."""
    ended = call("repro", overfill, option, "4")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"{option} 4 is not there: the case has steps 0 to 3" in ended.stderr


def test_debugger(overfill: Path) -> None:
    """`--pdb` stops before the step, once in each subject; the state can be asked for, and the timeline follows."""
    command = [sys.executable, "-m", "cracktrader_fuzz", "repro", str(overfill), "--pdb"]
    asked = "p subject.observe()['orders']['o1']['status']\nc\n"
    ended = subprocess.run(command, cwd=ROOT, input=2 * asked, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.count("(Pdb) 'ACCEPTED'") == 2
    assert [name for name in ("python", CANARY) if f"step 3, {name}: `s` goes in" in ended.stdout] == SEATS.split(",")
    assert f"signature  {SIGNATURE}" in ended.stdout


def test_footer(overfill: Path) -> None:
    """The facts and the commands to go on with, each on a line to copy; the repository has judged this signature."""
    (fixture,) = (ROOT / "corpus" / "regressions").glob("order-fill-accepted-*.json")
    day = read_fixture(fixture).provenance.date
    told = call("repro", overfill).stdout.split("\n\n")[-1].splitlines()
    lines = [line for line in told if not line.startswith("oracle ")]  # there or not, as NautilusTrader is
    assert lines == [
        f"case       {overfill}",
        f"verdict    python and {CANARY} differ at step 3, at outcome.code",
        f"signature  {SIGNATURE}",
        f"ledger     judged on {day}: {CANARY} is wrong, {fixture}, not mended yet",
        f"reproduce  python -m cracktrader_fuzz repro {overfill} --subjects {SEATS}",
        f"shrink     python -m cracktrader_fuzz shrink {overfill} --subjects {SEATS}",
        f'promote    python -m cracktrader_fuzz promote {overfill} --verdict WHO --reason "WHY"',
    ]


def test_footer_knows_the_ledger(overfill: Path, tmp_path: Path) -> None:
    """An entry of the ledger is told with its last day, and as expired after it."""
    day = datetime.date(2026, 1, 1)
    reason = "The venue books it as well, and is being asked."
    entry = KnownDivergence("overfill", SIGNATURE, reason, "me", day, day, "regressions/none.json")
    (tmp_path / LEDGER_NAME).write_text(entry_text(entry), encoding="utf-8")
    for today, state in (("2026-01-01", "known until"), ("2026-01-02", "expired")):
        shown = call("repro", overfill, "--today", today, corpus=tmp_path).stdout
        assert f"ledger     {state} 2026-01-01: overfill, me: {reason}" in shown


def test_fixture_that_nobody_answers(tmp_path: Path) -> None:
    """Subjects that agree and both leave a fixture's expected trace are shown against it, and end with 1."""
    fixture = read_fixture(FIXTURE)
    assert fixture.expected is not None
    wrong = msgspec.structs.replace(fixture.expected, digest="0" * 64)
    path = tmp_path / "wrong.json"
    path.write_text(text_of(msgspec.structs.replace(fixture, expected=wrong)), encoding="utf-8")
    ended = call("repro", path)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[0].split() == ["step", "expected", "python"]
    assert "step 4: digest: value\n  expected: '000" in ended.stdout
    assert "verdict    python answers otherwise than the fixture expects, at digest" in ended.stdout
    facts = json.loads(call("repro", path, "--json").stdout)
    assert (facts["agrees"], facts["unexpected"]) == (True, {"subject": "python", "path": ["digest"]})
