"""`corpus check`, `liveness`, `minimise`, `stats` and `doctor`: what each notices, and what it leaves alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from making import CANARIES, DAY, KNOWN_CANARY, REASON, UNTIL, call, known, make_known, snapshot, write_ledger
from terminal import ROOT

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import Fixture, read_fixture, text_of
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME, read_ledger
from cracktrader_fuzz.corpus.stats import corpus_stats
from cracktrader_fuzz.seating import LockstepPool
from cracktrader_fuzz.settings import read_settings
from cracktrader_strategies.target import CRACKTRADER

ALL_CANARIES = [*CRACKTRADER.canaries, *(each for some in CRACKTRADER.relations.canaries.values() for each in some)]
NOT_COMPILED = [each for each in ALL_CANARIES if not each.name.startswith("rust-")]
GOOD = "fixtures/market-data/trade.json"
KILLER = "fixtures/money/rebate.json"


@pytest.fixture
def stored(corpus: Path) -> Path:
    """A corpus of two sound fixtures; the second fails on a canary."""
    for name in (GOOD, KILLER):
        put(corpus, name, read_fixture(ROOT / "corpus" / name))
    return corpus


def put(corpus: Path, name: str, fixture: Fixture, **changes: object) -> Path:
    """Store a fixture with some fields changed, its hash made good."""
    changed: Fixture = msgspec.structs.replace(fixture, **changes)
    path = corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(msgspec.structs.replace(changed, hash=content_hash(changed.case))))
    return path


def problems(corpus: Path) -> list[str]:
    """What the check finds on the day of these tests."""
    ended = call("corpus", "check", "--json", "--today", DAY.isoformat(), corpus=corpus)
    found: list[str] = json.loads(ended.stdout)["problems"]
    assert ended.exit_code == bool(found)
    return found


def test_sound_corpus(stored: Path) -> None:
    """Nothing is found where nothing is wrong, so that every other test fails for what it changed."""
    for name in ("README.md", ".gitignore", "findings/half.json"):
        (stored / name).parent.mkdir(exist_ok=True)
        (stored / name).write_text("")
    assert problems(stored) == []


def test_known_divergence_is_sound(with_known: Path) -> None:
    """A fixture of the ledger passes while it diverges as it says; its certificate is verified against its own pair."""
    assert problems(with_known) == []


@pytest.mark.parametrize("name", ["notes.txt", "old/case.json", "fixtures.json", ".trade.json.x1y2z3"])
def test_file_that_nobody_reads(stored: Path, name: str) -> None:
    """A file beside the folders of cases is a mistake, a half-written one too."""
    (stored / name).parent.mkdir(exist_ok=True)
    (stored / name).write_text("{}")
    assert problems(stored) == [f"{stored / name}: nothing reads it: move it or take it away"]


def test_signature_of_subjects_that_are_none(stored: Path) -> None:
    """A fixture that names subjects which nobody has is a problem of its own; the others are checked all the same."""
    path = put(stored, GOOD, read_fixture(stored / GOOD), verdict="intended", signature="t/k/c/p/d/a~b")
    assert any(each.startswith(f"{path}: unknown subject 'a': ") for each in problems(stored))
    assert json.loads(call("corpus", "check", "--json", corpus=stored).stdout)["fixtures"] == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sentence": "it works"}, "says too little: say what it pins and why"),
        ({"verdict": "perhaps"}, "verdict 'perhaps' is neither a subject nor one of specification, both"),
        ({"verdict": "\x1b[31m<b>"}, "verdict '\\x1b[31m<b>' is neither a subject"),
        ({"expected": None}, "it expects nothing: only both and harness leave no trace"),
        ({"verdict": "intended", "signature": "t/k/c/p/d/a~b"}, "no entry of "),
    ],
    ids=["sentence", "verdict", "escape", "trace", "ledger"],
)
def test_fixture_that_is_not_sound(stored: Path, changes: dict[str, object], words: str) -> None:
    """Each has a sentence, a verdict that exists, a trace that goes with it, and an entry where it needs one."""
    path = put(stored, GOOD, read_fixture(stored / GOOD), **changes)
    (problem, *_) = problems(stored)
    assert problem.startswith(f"{path}: ")
    assert words in problem


def test_huge_fixture_is_refused_unread(stored: Path) -> None:
    """A file of 100 MB is a problem with its size and the limit, found without reading it."""
    with (stored / "fixtures" / "huge.json").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    (problem,) = problems(stored)
    assert (
        problem == f"{stored / 'fixtures' / 'huge.json'}: 104857600 bytes, more than the 67108864 a document may have"
    )


def test_ledger_fixture_must_fit_its_entry(with_known: Path) -> None:
    """An entry whose fixture shows something else, or was judged otherwise, does not hold."""
    (entry,) = read_ledger(with_known).known
    write_ledger(with_known, msgspec.structs.replace(entry, signature="t/k/c/p/d/a~b"))
    assert any("which the entry does not cover" in each for each in problems(with_known))
    write_ledger(with_known, msgspec.structs.replace(entry, fixture=GOOD))
    assert any(f"fixture {GOOD} has the verdict 'specification'" in each for each in problems(with_known))
    assert any("no entry of" in each for each in problems(with_known))


def test_ledger_fixture_cannot_leave_by_a_link(with_known: Path, tmp_path: Path) -> None:
    """A path that stays below the corpus by its words and not by its links is refused."""
    (entry,) = read_ledger(with_known).known
    outside = tmp_path / "outside.json"
    shutil.move(with_known / entry.fixture, outside)
    (with_known / entry.fixture).symlink_to(outside)
    assert any("leads out of the corpus" in each for each in problems(with_known))


def test_ledger_with_a_bad_entry_ends_the_check(stored: Path) -> None:
    """Exit code 2 and the place: without a ledger the check cannot tell what is known."""
    write_ledger(stored, known(fixture="../../elsewhere.json"))
    ended = call("corpus", "check", corpus=stored)
    assert ended.exit_code == 2
    assert f"{LEDGER_NAME}: entry 1: fixture '../../elsewhere.json' must be" in ended.stderr


def liveness(corpus: Path) -> tuple[int, dict[str, object]]:
    """What the liveness says, without the document's head."""
    ended = call("corpus", "liveness", "--json", corpus=corpus)
    return ended.exit_code, {name: value for name, value in json.loads(ended.stdout).items() if name != "schema"}


def test_alive(stored: Path) -> None:
    """A fixture that names a canary fails on it."""
    path = str(stored / KILLER)
    assert liveness(stored) == (
        0,
        {"unnamed": 1, "alive": {"canary-rebate-not-paid": [path]}, "dead": [], "not_tried": []},
    )


def test_dead(stored: Path) -> None:
    """A fixture that passes on the canary that it names, or names nobody who is there, ends with 1."""
    dead = put(stored, GOOD, read_fixture(stored / GOOD), fails_on="canary-rebate-not-paid")
    code, found = liveness(stored)
    assert (code, found["dead"]) == (
        1,
        [f"{dead}: dead: canary-rebate-not-paid passes it, so it does not hold what it says"],
    )
    put(stored, GOOD, read_fixture(stored / GOOD), fails_on="cobol")
    code, found = liveness(stored)
    assert (code, found["dead"]) == (1, [f"{dead}: fails_on 'cobol' is neither a subject of cracktrader nor a commit"])


def test_not_tried_here(stored: Path) -> None:
    """A commit and a side that was mended are told with the way to try them, and fail nothing."""
    commit = put(stored, GOOD, read_fixture(stored / GOOD), fails_on="0a1b2c3d")
    mended = put(stored, KILLER, read_fixture(stored / KILLER), fails_on="rust")
    code, found = liveness(stored)
    assert (code, found["dead"], found["alive"]) == (0, [], {})
    assert found["not_tried"] == [
        f"{commit}: fails on commit 0a1b2c3d: check it out, build it, `repro` this file there: it must end with 1",
        f"{mended}: rust has been mended: build what `rust` was, and `repro` this file there",
    ]


def test_minimise_reports_and_moves_nothing(stored: Path) -> None:
    """Of two that reach the same the longer can go, the one from a run before the one by hand; nothing is touched."""
    same = put(stored, "regressions/same.json", read_fixture(stored / GOOD), config={"initial_cash": "7"})
    write_run_origin(same)
    before = snapshot(stored)
    ended = call("corpus", "minimise", corpus=stored)
    assert (ended.exit_code, ended.stdout.splitlines()) == (
        0,
        [f"{same}: 1 steps, from a run", "1 fixtures are covered by the others, 0 moved"],
    )
    assert snapshot(stored) == before


def write_run_origin(path: Path) -> None:
    """Say that a run found it."""
    path.write_text(path.read_text().replace('"found_by": "hand"', '"found_by": "soak 1/0"'))


def test_minimise_moves_out(stored: Path, tmp_path: Path) -> None:
    """`--apply` moves what a run found; what was written by hand only with `--hand`; never over a file."""
    found = put(stored, "regressions/same.json", read_fixture(stored / GOOD), config={"initial_cash": "7"})
    write_run_origin(found)
    by_hand = put(stored, "fixtures/again.json", read_fixture(stored / GOOD), config={"initial_cash": "8"})
    away = tmp_path / "away"
    assert call("corpus", "minimise", "--apply", away, corpus=stored).exit_code == 0
    assert (found.exists(), by_hand.exists(), (away / "regressions/same.json").exists()) == (False, True, True)
    (away / "fixtures").mkdir()
    (away / "fixtures" / "again.json").write_text("mine")
    refused = call("corpus", "minimise", "--apply", away, "--hand", corpus=stored)
    assert (refused.exit_code, "is there already: nothing was moved" in refused.stderr) == (2, True)
    assert by_hand.exists()
    inside = call("corpus", "minimise", "--apply", stored / "fixtures" / "old", "--hand", corpus=stored)
    assert (inside.exit_code, "lies in the corpus" in inside.stderr) == (2, True)


def test_minimise_keeps_what_only_one_reaches_and_what_the_ledger_names(with_known: Path) -> None:
    """A canary that nobody else fails on is worth a fixture, and so is an entry of the ledger."""
    (entry,) = read_ledger(with_known).known
    put(with_known, "fixtures/copy.json", read_fixture(with_known / entry.fixture), config={"initial_cash": "9"})
    listed = json.loads(call("corpus", "minimise", "--json", corpus=with_known).stdout)
    assert [each["path"] for each in listed["subsumed"]] == [str(with_known / "fixtures/copy.json")]


def test_stats(stored: Path) -> None:
    """Counts by area that add up; the codes and canaries that no fixture shows are named."""
    ended = call("corpus", "stats", "--json", corpus=stored)
    facts = json.loads(ended.stdout)
    assert [(area["name"], area["fixtures"], area["by_hand"]) for area in facts["areas"]] == [
        ("fixtures/market-data", 1, 1),
        ("fixtures/money", 1, 1),
    ]
    assert facts["steps"] == sum(area["steps"] for area in facts["areas"]) == 5
    assert facts["cells"] == sum(area["only_here"] for area in facts["areas"])
    assert list(facts["codes"]) == ["ok"]
    assert facts["canaries"] == {"canary-rebate-not-paid": 1}
    assert set(facts["canaries_missing"]) == {each.name for each in CRACKTRADER.canaries} - {"canary-rebate-not-paid"}
    assert set(facts["codes_missing"]) == set(CRACKTRADER.generation.codes) - {"ok"}
    text = call("corpus", "stats", corpus=stored).stdout
    assert "2 fixtures, 5 steps, " in text
    assert "canaries: 1 of " in text


def test_stats_of_the_corpus_that_is_here() -> None:
    """Every code is produced by some fixture, and every canary is named by one."""
    found = corpus_stats(LockstepPool(read_settings(ROOT), None))
    assert (found.codes_missing, found.canaries_missing) == ([], [])


def test_fixtures_that_are_here_are_alive() -> None:
    """Each that names a canary fails on it."""
    code, found = liveness(ROOT / "corpus")
    assert (code, found["dead"]) == (0, [])


@pytest.mark.parametrize("name", ["liveness", "minimise", "stats", "check"])
def test_folder_without_fixtures(corpus: Path, name: str) -> None:
    """A wrong folder is a usage error that says so, not a corpus in which all is well."""
    ended = call("corpus", name, corpus=corpus)
    assert ended.exit_code == 2
    assert "no fixtures under" in ended.stderr


def doctor(corpus: Path, *options: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """The lines of the doctor, by name."""
    ended = call("doctor", "--json", "--today", DAY.isoformat(), *options, corpus=corpus)
    facts = json.loads(ended.stdout)
    assert facts["works"] is (ended.exit_code == 0)
    return ended.exit_code, {item["name"]: (item["state"], item["detail"]) for item in facts["items"]}


def test_doctor_of_a_sound_place(stored: Path) -> None:
    """All that a run needs is there, each core with its build; no tool of this repository's developers is named."""
    code, items = doctor(stored)
    assert code == 0
    wanted = ("python", "settings", "target", "subject python", "subject rust", "canaries", "pytest", "workers")
    assert {items[name][0] for name in wanted} == {"ok"}
    assert items["target"][1] == "cracktrader, cracktrader_strategies.target:CRACKTRADER"
    assert "sha256" in items["subject rust"][1]
    assert items["canaries"] == ("ok", f"{len(ALL_CANARIES)} can be made")
    assert items["fixtures"][1].startswith("2 under ")
    assert items["findings"] == ("ok", "none waits")
    assert items["coverage"] == ("ok", "can guide a search: `run --front-end coverage`")
    lines = call("doctor", corpus=stored).stdout.splitlines()
    assert lines[-1] == "all that a run needs works"
    assert len(lines) < 30
    assert not any(
        tool in line for line in lines for tool in ("ruff", "mypy", "maturin", "cargo", "zizmor", "make env")
    )


def test_doctor_of_a_broken_place(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run needs and is missing is named, and the exit code is 3; canaries that no run needs break nothing."""
    monkeypatch.setattr("cracktrader_strategies.subjects.rust_canary.load_canary_extension", missing_build)
    write_ledger(corpus, known(since=DAY.replace(year=2025), expires=DAY.replace(year=2025)))
    code, items = doctor(corpus)
    assert code == 3
    assert items["canaries"][0] == "-"
    assert items["canaries"][1].startswith(f"{len(NOT_COMPILED)} of {len(ALL_CANARIES)} can be made: ")
    assert items["canaries"][1].endswith("OSError: make it")
    assert items["fixtures"][0] == "-"
    assert items["ledger"][0] == "no"
    assert "expired on 2025-11-22" in items["ledger"][1]


def missing_build() -> None:
    """As where the Rust test build was never made."""
    raise OSError("make it")


def test_doctor_and_findings(three: Path) -> None:
    """Findings that wait are a line with the command and break nothing, and so are fixtures that are not there yet."""
    (three / "findings" / "torn.json").write_text("{")
    code, items = doctor(three)
    assert items["findings"] == ("-", "3 wait, 1 cannot be read: `promote` reviews them")
    assert (code, items["fixtures"][0]) == (0, "-")
    (three / "fixtures").mkdir()
    (three / "fixtures" / "torn.json").write_text("{")
    code, items = doctor(three)
    assert (code, items["fixtures"][0]) == (3, "no")


def test_doctor_of_an_unknown_target(stored: Path) -> None:
    """A target that does not load is a line, not an end."""
    code, items = doctor(stored, "--target", "nobody")
    assert code == 3
    assert "unknown target 'nobody'" in items["target"][1]


def test_makers_make_what_they_say(corpus: Path) -> None:
    """The known divergence of these tests is judged for the reason and until the day that they assume."""
    fixture = read_fixture(make_known(corpus, KNOWN_CANARY))
    (entry,) = read_ledger(corpus).known
    assert (fixture.sentence, entry.reason, entry.expires) == (REASON, REASON, UNTIL)
    assert KNOWN_CANARY not in CANARIES
