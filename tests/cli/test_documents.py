"""`--json`: in each of its usual outcomes a command prints one valid document, and after a mistake none at all."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from documents import printed, stored
from program import CANARY, FINDING_SEED, REASON, REBATE, ROOT, SEATS, TARGETS, call, run, told

from cracktrader_fuzz.corpus.documents import read_fixture, text_of
from cracktrader_fuzz.corpus.ledger import LEDGER_NAME
from cracktrader_fuzz.corpus.store import write_atomically
from cracktrader_fuzz.report.documents import json_value

TODAY = ("--today", "2026-11-22")


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def fixtures(corpus: Path) -> Path:
    """A corpus with the fixtures of one area."""
    shutil.copytree(ROOT / "corpus" / "fixtures" / "money", corpus / "fixtures" / "money")
    return corpus


# command                                    | exit code | name of the document
OF_FIXTURES = """
corpus check                                 | 0 | corpus-check
corpus check --subjects {seats}              | 1 | corpus-check
corpus format                                | 0 | corpus-format
corpus liveness                              | 0 | corpus-liveness
corpus minimise                              | 0 | corpus-minimise
corpus minimise --apply {away} --hand        | 0 | corpus-minimise
corpus stats                                 | 0 | corpus-stats
promote                                      | 0 | promote-pending
promote --pending                            | 0 | promote-pending
promote --all --reject                       | 0 | promote
repro {rebate}                               | 0 | repro
repro {rebate} --subjects {seats}            | 1 | repro
repro {rebate} --emit pytest                 | 0 | repro-emit
repro {rebate} --emit rust                   | 0 | repro-emit
"""


@pytest.mark.parametrize("row", OF_FIXTURES.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_commands_on_fixtures(fixtures: Path, tmp_path: Path, row: str) -> None:
    """What is stored, looked at, and run."""
    line, code, name = (cell.strip() for cell in row.split("|"))
    arguments = shlex.split(line.format(seats=SEATS, rebate=REBATE, away=tmp_path / "away"))
    ended = call(*arguments, "--json", corpus=fixtures)
    assert ended.returncode == int(code), ended.stderr
    printed(ended.stdout, name)


# command                                                                           | exit code | name of the document
OF_A_FINDING = """
promote                                                                             | 1 | promote-pending
promote --pending                                                                   | 1 | promote-pending
promote {found} --verdict {canary} --reason "{reason}"                              | 0 | promote
promote --all --verdict both --reason "{reason}"                                    | 0 | promote
promote {found} --owner us --ledger-until 2027-02-01 --reason "{reason}" {today}    | 0 | promote
promote {found} --reject                                                            | 0 | promote
repro {found}                                                                       | 1 | repro
shrink {found}                                                                      | 1 | shrink
"""


@pytest.mark.parametrize("row", OF_A_FINDING.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_commands_on_a_finding(found: Path, corpus: Path, row: str) -> None:
    """What a run has found, looked at, made small and judged; the finding's file is valid as well."""
    stored(found, "finding")
    line, code, name = (cell.strip() for cell in row.split("|"))
    words = {"found": found, "canary": CANARY, "reason": REASON, "today": " ".join(TODAY)}
    ended = call(*shlex.split(line.format(**words)), "--json", corpus=corpus)
    assert ended.returncode == int(code), ended.stderr
    printed(ended.stdout, name)
    for path in (corpus / "regressions").glob("*.json"):
        stored(path, "fixture")


def test_run_of_every_outcome(found: Path, corpus: Path) -> None:
    """Nothing new, a new finding, a fixture that fails, known divergences only, and a harness that is broken."""
    soak = ("--front-end", "soak", "--workers", "1", "--json")
    assert run_document(run("run", *soak, "--cases", "2", corpus=corpus), 0)["findings"] == {}
    search = ("run", *soak, "--cases", "20", "--seed", FINDING_SEED, "--subjects", SEATS, *TODAY)
    assert len(run_document(run(*search, corpus=corpus), 1)["findings"]) == 1
    ledger = ("--owner", "us", "--ledger-until", "2027-02-01", "--reason", REASON, *TODAY)
    assert call("promote", "--all", *ledger, corpus=corpus).returncode == 0
    known = corpus / LEDGER_NAME
    known.write_text(known.read_text(encoding="utf-8").replace("/ACCEPTED/", "/*/"), encoding="utf-8")
    assert len(run_document(run(*search, corpus=corpus), 4)["known"]) == 1
    (fixture,) = (corpus / "regressions").glob("*.json")
    edited = msgspec.structs.replace(
        read_fixture(fixture), signature=f"cracktrader/a/b/c/d/{'~'.join(SEATS.split(','))}"
    )
    write_atomically(fixture, text_of(edited))
    stale = run("run", "--front-end", "corpus", "--json", "--subjects", SEATS, *TODAY, corpus=corpus)
    assert run_document(stale, 1)["fixtures"]["problems"]
    odd = ("--cases", "2", "--target", "odd_targets:CANARY_OF_OTHER_SIZE")
    assert run_document(run("run", *soak, *odd, corpus=corpus, PYTHONPATH=str(TARGETS)), 3)["broken"]


def run_document(ended: Any, code: int) -> dict[str, Any]:
    """The valid document of a run that ended with this code, which it says itself."""
    assert ended.returncode == code, ended.stdout + ended.stderr
    document = printed(ended.stdout, "run")
    assert document["exit_code"] == code
    return document


def test_doctor(fixtures: Path) -> None:
    """What works here, and a ledger that cannot be read."""
    assert printed(call("doctor", "--json", corpus=fixtures).stdout, "doctor")["works"] is True
    (fixtures / LEDGER_NAME).write_text("known = 1", encoding="utf-8")
    ended = call("doctor", "--json", corpus=fixtures)
    assert (ended.returncode, printed(ended.stdout, "doctor")["works"]) == (3, False)


def test_init_and_oracles(tmp_path: Path) -> None:
    """A new target's files; the opinions of a target that has one, and of one that has none."""
    assert printed(call("init", tmp_path, "--json").stdout, "init")["package"] == "fuzzing"
    assert list(printed(call("oracles", "--json").stdout, "oracles")["oracles"]) == ["nautilus"]
    none = printed(call("oracles", "--target", "sequencer", "--json").stdout, "oracles")
    assert (none["target"], none["oracles"]) == ("sequencer", {})


def test_format_says_what_it_wrote(fixtures: Path) -> None:
    """The file that was not in canonical form, once; the next time none."""
    path = fixtures / "fixtures" / "money" / REBATE.name
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    for written in ([str(path)], []):
        ended = call("corpus", "format", "--json", corpus=fixtures)
        assert (ended.returncode, printed(ended.stdout, "corpus-format")["written"]) == (0, written)
    assert path.read_bytes() == REBATE.read_bytes()


def test_emitted_test_is_in_its_file_or_in_the_document(corpus: Path, tmp_path: Path) -> None:
    """What was written, whether it passes, and the text itself where there is no file; only pytest's are run."""
    inside = printed(call("repro", REBATE, "--emit", "pytest", "--json", corpus=corpus).stdout, "repro-emit")
    file = tmp_path / "test_it.py"
    ended = call("repro", REBATE, "--emit", "pytest", "--output", file, "--json", corpus=corpus)
    beside = printed(ended.stdout, "repro-emit")
    assert (ended.returncode, inside["result"], beside["result"]) == (0, "passes", "passes")
    assert (inside["file"], beside["file"], beside["text"]) == (None, str(file), None)
    assert inside["text"] == file.read_text(encoding="utf-8")
    rust = printed(call("repro", REBATE, "--emit", "rust", "--json", corpus=corpus).stdout, "repro-emit")
    assert (rust["result"], rust["signature"], rust["subjects"]) == ("not_run", None, ["python", "rust"])


def test_what_was_judged_before_a_mistake_is_printed(found: Path, corpus: Path) -> None:
    """A judgement on all that fails at the second finding: the document has the first, and the line says why."""
    torn = found.with_name("zz.json")
    torn.write_text(found.read_text(encoding="utf-8").replace(CANARY, "canary-cash-as-float"), encoding="utf-8")
    ended = call("promote", "--all", "--verdict", "both", "--reason", REASON, "--json", corpus=corpus)
    assert ended.returncode == 2
    assert [each["verdict"] for each in printed(ended.stdout, "promote")["judged"]] == ["both"]
    assert ended.stderr.startswith("cracktrader_fuzz: ")


# command                                        | exit code
MISTAKES = """
run --seconds soon                               | 2
run --target nowhere                             | 2
run --target odd_targets:UNBUILT                 | 3
repro nothing                                    | 2
repro {rebate} --emit cobol                      | 2
repro {rebate} --bisect HEAD..HEAD               | 2
repro 1/8 --target odd_targets:UNBUILT           | 3
shrink {rebate}                                  | 2
promote nothing --reject                         | 2
promote {found} --verdict cobol --reason {reason} | 2
corpus check                                     | 2
corpus format                                    | 2
corpus liveness                                  | 2
corpus minimise                                  | 2
corpus stats                                     | 2
init {rebate}                                    | 2
oracles --target nowhere                         | 2
doctor --today soon                              | 2
list subjects --target nowhere                   | 2
"""


@pytest.mark.parametrize("row", MISTAKES.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_mistakes_print_no_document(found: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, row: str) -> None:
    """A mistake is the line on standard error; standard output is empty, so that no program reads half a document."""
    monkeypatch.syspath_prepend(str(TARGETS))
    line, code = (cell.strip() for cell in row.split("|"))
    arguments = shlex.split(line.format(rebate=REBATE, found=found, reason=shlex.quote(REASON)))
    named = None if arguments[0] in ("init", "list", "oracles") else corpus
    ended = call(*arguments, "--json", corpus=named)
    assert ended.returncode == int(code), ended.stderr
    assert told(ended)


def test_values_that_json_does_not_have() -> None:
    """A subject may answer anything; the document is JSON all the same."""
    endless: list[Any] = []
    endless.append(endless)
    for value in (float("nan"), [float("inf")], {"a": object}, endless):
        assert isinstance(json_value(value), str)
    assert json_value({"a": [1, "x", None, True, 0.5]}) == {"a": [1, "x", None, True, 0.5]}
