"""What cannot be done as it was asked: one line on standard error that quotes it, and the documented exit code."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from program import CANARY, REASON, REBATE, ROOT, SEATS, TARGETS, call, run, told

SOAK = "run --front-end soak --cases 2"
LONG = "x" * 300

# what                    | command                                             | exit | words in the line
REQUESTS = """
unknown command           | frobnicate                                          | 2 | No such command 'frobnicate'
unknown sub-command       | corpus burn                                         | 2 | No such command 'burn'
unknown option            | run --colour red                                    | 2 | No such option '--colour'
missing argument          | repro                                               | 2 | Missing argument 'FILE|ID|SEED/INDEX'
one argument too many     | repro 1/8 1/9                                       | 2 | Got unexpected extra argument
option without a value    | run --cases                                         | 2 | '--cases' requires an argument
no cases                  | run --cases 0                                       | 2 | 0 is not in the range
cases in words            | run --cases many                                    | 2 | 'many' is not a valid integer
negative budget           | run --seconds -1                                    | 2 | -1.0 is not in the range
negative seed             | run --seed -1                                       | 2 | -1 is not in the range
seed past those of repro  | run --seed 1000000000000000000                      | 2 | 1000000000000000000 is not in the range
no workers                | run --workers 0                                     | 2 | 0 is not in the range
unknown front end         | run --front-end telepathy                           | 2 | unknown front end 'telepathy': known are corpus, traffic, soak
misspelt front end        | run --front-end soke                                | 2 | unknown front end 'soke': did you mean 'soak'?
misspelt command          | reprow 1/8                                          | 2 | No such command 'reprow'; did you mean 'repro'?
misspelt list             | list subject                                        | 2 | No such command 'subject'; did you mean 'subjects'?
misspelt target           | run --target crackttrader                           | 2 | unknown target 'crackttrader': did you mean 'cracktrader'?
targets are listed by     | run --target cobol                                  | 2 | see `list targets`; any other is named module:attribute
misspelt subject          | run --subjects python,rusty                         | 2 | unknown subject 'rusty': did you mean 'rust'
subjects are listed by    | run --subjects python,cobol                         | 2 | and 81 more: see `list subjects`
misspelt subject, repro   | repro 1/8 --subjects pyton,rust                     | 2 | unknown subject 'pyton': did you mean 'python'
misspelt oracle           | run --oracle nautilis                               | 2 | did you mean 'nautilus'? cracktrader has nautilus: see `oracles`
misspelt kind of test     | repro 1/8 --emit pytset                             | 2 | unknown kind of test 'pytset': did you mean 'pytest'?
misspelt weight           | nightly --weight soka=2 --output {folder}/night     | 2 | unknown target or front end 'soka': did you mean 'soak'?
misspelt weight, target   | nightly --weight sequenzer=2 --output {folder}/night | 2 | did you mean 'sequencer'?
misspelt case             | repro late-after-cancle-completes --corpus {stored} | 2 | did you mean 'late-after-cancel-completes'
unknown revision          | run --base no-such-branch                           | 2 | unknown revision 'no-such-branch': no commit, branch or tag of
unknown target            | run --target cobol                                  | 2 | unknown target 'cobol': known are cracktrader
unknown target, repro     | repro 1/8 --target cobol                            | 2 | unknown target 'cobol'
module that is not there  | repro 1/8 --target nowhere.at_all:X                 | 2 | ModuleNotFoundError: No module named 'nowhere'
attribute not there       | repro 1/8 --target json:TARGET                      | 2 | target 'json:TARGET' cannot be loaded: AttributeError
no module                 | repro 1/8 --target :X                               | 2 | target ':X' cannot be loaded
relative module           | repro 1/8 --target ..x:y                            | 2 | target '..x:y' cannot be loaded
not a target              | repro 1/8 --target json:dumps                       | 2 | 'json:dumps' is a function, not a Target
not a target either       | repro 1/8 --target odd_targets:NO_TARGET            | 2 | 'odd_targets:NO_TARGET' is a object, not a Target
target with an escape     | repro 1/8 --target "\x1b[31mx"                      | 2 | unknown target '\\x1b[31mx'
unknown subject           | run --subjects python,cobol                         | 2 | unknown subject 'cobol': cracktrader has python, rust and 
unknown subject, repro    | repro 1/8 --subjects python,cobol                   | 2 | unknown subject 'cobol'
one subject only          | run --subjects python                               | 2 | 'python' cannot be compared alone: name two subjects or more
no subject                | run --subjects ""                                   | 2 | '' cannot be compared alone
a comma too many          | run --subjects python,                              | 2 | unknown subject ''
the same subject twice    | run --subjects python,python                        | 2 | subject 'python' is named twice
subject that fails        | repro 1/8 --target odd_targets:UNBUILT              | 3 | subject 'other' cannot be made: OSError: no such core
unsteady subject          | repro 1/8 --target odd_targets:FORGETFUL            | 3 | python and other differed on
no such case              | repro nobody                                        | 2 | no case 'nobody': neither a file nor the beginning of a name or hash under
no such case, shrink      | shrink nobody                                       | 2 | no case 'nobody'
empty name                | repro ""                                            | 2 | no case ''
name of a folder          | repro corpus                                        | 2 | no case 'corpus'
path out of the corpus    | repro ../x                                          | 2 | no case '../x'
name with an escape       | repro "\x1b[31mx"                                   | 2 | no case '\\x1b[31mx'
name too long for a file  | repro {long}                                        | 2 | no case 'xxxx
index past all numbers    | repro 1/1000000000000000000                         | 2 | no case '1/1000000000000000000'
index below zero          | repro 1/-1                                          | 2 | no case '1/-1'
name that fits several    | repro late- --corpus {stored}                       | 2 | 'late-' fits
nothing to shrink         | shrink 1/8                                          | 2 | nothing to shrink: python and rust agree on all
no corpus to check        | corpus check --corpus {folder}/none                 | 2 | no fixtures under {folder}/none: name the folder
no corpus to format       | corpus format --corpus {folder}/none                | 2 | no fixtures under {folder}/none: name the folder
empty corpus              | corpus check --corpus {folder}                      | 2 | no fixtures under {folder}: name the folder
a file for a corpus       | corpus check --corpus {file}                        | 2 | no fixtures under {file}
a file for a corpus, run  | {soak} --corpus {file}                              | 2 | {file}/findings: no finding can be kept here: Not a directory
a file for the findings   | {soak} --corpus {blocked}                           | 2 | {blocked}/findings: no finding can be kept here: File exists
the same, shrink          | shrink {rebate} --subjects {seats} --corpus {blocked} | 2 | cannot be written: 
corpus name too long      | corpus check --corpus {long}                        | 2 | {long}
corpus name too long, run | {soak} --corpus {long}                              | 2 | File name too long
"""  # noqa: E501, W291 - one row a line


def test_every_row_is_read() -> None:
    """The rows of the table are told apart by name."""
    names = [row.split("|")[0].strip() for row in REQUESTS.strip().splitlines()]
    assert len(set(names)) == len(names) > 40


@pytest.mark.parametrize("row", REQUESTS.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_request_is_refused(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command of the row ends with the row's code, and says the row's words."""
    monkeypatch.syspath_prepend(TARGETS)
    monkeypatch.chdir(ROOT)
    folder, file, blocked = tmp_path / "folder", tmp_path / "file", tmp_path / "blocked"
    folder.mkdir()
    blocked.mkdir()
    file.write_text("")
    (blocked / "findings").write_text("")
    paths = {"rebate": REBATE, "folder": folder, "file": file, "blocked": blocked, "stored": ROOT / "corpus"}
    names = {**paths, "long": LONG, "soak": SOAK, "seats": SEATS}
    _, command, code, words = row.split(" | ")
    ended = call(*shlex.split(command.format(**names)))
    line = told(ended)
    assert (ended.returncode, words.strip().format(**names) in line) == (int(code), True), line
    assert len(line) < 1_000
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {blocked / "findings", file}


def test_ambiguous_name_lists_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that several files share is refused with their paths, which name one each."""
    monkeypatch.chdir(ROOT)
    ended = call("repro", "acknowledged")
    line = told(ended)
    both = [str(ROOT / "corpus" / "fixtures" / area / "acknowledged.json") for area in ("cancels", "replaces")]
    assert line == f"'acknowledged' fits 2 cases: {', '.join(both)}"


def test_whole_name_comes_before_beginnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is one file's whole name and the beginning of another's means the first."""
    monkeypatch.chdir(ROOT)
    assert (ROOT / "corpus" / "fixtures" / "fills" / "late-after-cancel-completes.json").is_file()
    assert call("repro", "late-after-cancel", "--subjects", "python,rust").returncode == 0


def test_regressions_cannot_be_written(found: Path, corpus: Path) -> None:
    """A promotion that cannot be written ends with 2, and the finding stays."""
    (corpus / "regressions").write_text("")
    before = found.read_bytes()
    ended = run("promote", found, "--verdict", CANARY, "--reason", REASON, corpus=corpus)
    assert ended.returncode == 2
    assert f"{corpus / 'regressions' / found.name}: cannot be written: " in told(ended)
    assert found.read_bytes() == before


# what                    | pyproject.toml                                          | words in the line
SETTINGS = """
no settings at all        |                                                         | no target is named: `python -m cracktrader_fuzz init` writes a first one; or use --target module:attribute
other people's settings   | [tool.ruff]                                             | no target is named
no TOML                   | [tool                                                   | pyproject.toml: cannot be read: Expected ']'
not UTF-8                 | \xff                                                    | pyproject.toml: cannot be read: 'utf-8' codec
tool is no table          | tool = 1                                                | no target is named
targets and no default    | [tool.cracktrader-fuzz];targets.t = "u:V"               | no target is named: use --target with one of t, or set `target`
table is a number         | [tool];cracktrader-fuzz = 3                             | [tool.cracktrader-fuzz]: it is 3, a whole number, a table is expected
table is a list           | [[tool.cracktrader-fuzz]]                               | it is [{}], a list, a table is expected
unknown key               | [tool.cracktrader-fuzz];corpse = "x"                    | unknown key 'corpse': did you mean 'corpus'
path as a text            | [tool.cracktrader-fuzz];pythonpath = "strategies"       | pythonpath is 'strategies', a text, a list is expected
path of numbers           | [tool.cracktrader-fuzz];pythonpath = [3]                | pythonpath[0] is 3, a whole number, a text is expected
corpus as a number        | [tool.cracktrader-fuzz];corpus = 3                      | corpus is 3, a whole number, a text is expected; see docs/reference/configuration.md
recordings as a list      | [tool.cracktrader-fuzz];recordings = []                 | recordings is [], a list, a text is expected
target as a number        | [tool.cracktrader-fuzz];target = 3                      | target is 3, a whole number, a text is expected
wheels as a text          | [tool.cracktrader-fuzz];wheels = "src"                  | wheels is 'src', a text, a list is expected
wheels of tables          | [tool.cracktrader-fuzz];wheels = [{}]                   | wheels[0] is {}, a table, a text is expected
targets as a list         | [tool.cracktrader-fuzz];targets = []                    | targets is [], a list, a table is expected
target as a date          | [tool.cracktrader-fuzz];targets.t = 2027-02-01          | targets.t is datetime.date(2027, 2, 1), a date or time, a text is expected
target that is true       | [tool.cracktrader-fuzz];target = true                   | target is True, true or false, a text is expected
target without attribute  | [tool.cracktrader-fuzz];targets.t = "fuzzing"           | targets.t is 'fuzzing', a text, module:attribute is expected
corpus of no target       | [tool.cracktrader-fuzz];targets.tally = "t:T";corpora.taly = "x" | corpora.taly names the target 'taly', which is not in [tool.cracktrader-fuzz.targets]: did you mean 'tally'?
target that is not listed | [tool.cracktrader-fuzz];target = "x"                    | target names the target 'x', which is not in [tool.cracktrader-fuzz.targets]; see docs/reference/
target that is not there  | [tool.cracktrader-fuzz];target = "nowhere:X"            | target 'nowhere:X' cannot be loaded
target of another folder  | [tool.cracktrader-fuzz];target = "t";targets.t = "u:V"  | target 'u:V' cannot be loaded
"""  # noqa: E501 - one row a line


@pytest.mark.parametrize("row", SETTINGS.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_settings_are_refused(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `pyproject.toml` that cannot be used ends any command with 2, and the line names the file or the key."""
    _, text, words = (cell.strip() for cell in row.split(" | "))
    if text:
        (tmp_path / "pyproject.toml").write_bytes(text.replace(";", "\n").encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    ended = call("repro", "1/8")
    assert ended.returncode == 2
    assert words in told(ended)


def test_settings_of_a_folder_above_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder below, the nearest `pyproject.toml` with the table is the one that holds."""
    (tmp_path / "pyproject.toml").write_text('[tool.cracktrader-fuzz]\ntarget = "above"\n')
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.chdir(tmp_path / "below")
    assert "names the target 'above'" in call("repro", "1/8").stderr


BLOCKER = """
import sys

sys.modules["cracktrader.engine._rust"] = None
"""


@pytest.mark.parametrize("command", ["run --cases 2", "repro 1/8", "shrink 1/8", "corpus check"])
def test_missing_rust_core(command: str, tmp_path: Path) -> None:
    """Without the extension a command that needs it ends with 3, and its one line says how to build it."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER)
    ended = run(*command.split(), PYTHONPATH=str(tmp_path))
    line = told(ended)
    assert ended.returncode == 3, line
    assert "the Rust backend is not built" in line
    assert "`make env`" in line


def test_python_core_needs_no_rust(tmp_path: Path, corpus: Path) -> None:
    """Without the extension the reference can still be compared with what needs none."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER)
    ended = run("repro", "1/8", "--subjects", "python,canary-cash-as-float", PYTHONPATH=str(tmp_path))
    assert (ended.returncode, ended.stderr) == (1, "")


# what           | CRACKTRADER_CANARY_LIBRARY | words in the line
CANARY_BUILDS = """
not there        | {folder}/none.so           | test build is not at {folder}/none.so: build it with `make canary`
a folder         | {folder}                   | test build is not at {folder}: build it with `make canary`
no library       | {folder}/text.so           | {folder}/text.so
"""


@pytest.mark.parametrize("row", CANARY_BUILDS.strip().splitlines(), ids=lambda row: row.split("|")[0].strip())
def test_missing_canary_build(row: str, tmp_path: Path) -> None:
    """A Rust canary without its build ends the command with 3, and its one line names the path."""
    _, library, words = (cell.strip().format(folder=tmp_path) for cell in row.split("|"))
    (tmp_path / "text.so").write_text("no library")
    ended = run("repro", "1/8", "--subjects", "python,rust-late-fill-reopens", CRACKTRADER_CANARY_LIBRARY=library)
    line = told(ended)
    assert (ended.returncode, words in line) == (3, True), line


def test_unforeseen_failure_is_not_a_finding(corpus: Path) -> None:
    """What nobody foresaw, here a subject that cannot be named, ends with 3 and not with Python's own 1."""
    ended = run(*SOAK.split(), "--target", "odd_targets:NAMELESS", corpus=corpus, PYTHONPATH=str(TARGETS))
    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1] == "LookupError: no name"


def test_help_and_version() -> None:
    """Help names every command and every exit code; without a command it is shown, as an error."""
    asked, forgotten, version = run("--help"), run(), run("--version")
    assert (asked.returncode, forgotten.returncode, version.returncode) == (0, 2, 0)
    assert asked.stdout == forgotten.stderr
    for command in ("run", "repro", "shrink", "promote", "corpus", "init", "list", "doctor"):
        assert f"\n  {command} " in asked.stdout
    assert version.stdout.startswith("cracktrader_fuzz, version ")
