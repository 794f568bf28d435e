"""Files that are not what they should be: each command says which file, where and why, and changes nothing.

`corpus check` goes on and reports them as problems (1); all other commands end with 2 and one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from program import CANARY, REASON, REBATE, ROOT, call, run, told

from cracktrader_fuzz.case.codec import content_hash
from cracktrader_fuzz.corpus.documents import FILE_NAME, Fixture, read_fixture, text_of

GOOD = REBATE
TEXT = GOOD.read_text(encoding="utf-8")


def changed(old: str, new: str) -> bytes:
    """The good fixture with one thing changed."""
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode("utf-8")


def rehashed(**changes: object) -> bytes:
    """The good fixture with other content, and the hash that belongs to it."""
    fixture: Fixture = msgspec.structs.replace(read_fixture(GOOD), **changes)
    return text_of(msgspec.structs.replace(fixture, hash=content_hash(fixture.case))).encode("utf-8")


DEEP = '{"format": 1, "config": ' + '{"a":' * 40 + "1" + "}" * 40 + "}"
DEEPER = "[" * 100_000

# what: bytes of the file, words of the line
BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ":1:1: not JSON: Expecting value"),
    "truncated": (TEXT.encode()[: len(TEXT) // 2], ": not JSON: "),
    "not-json": (b"seq_id = 1\n", ":1:1: not JSON: "),
    "two-documents": (b"{}\n{}", ":2:1: not JSON: Extra data"),
    "byte-order-mark": (b"\xef\xbb\xbf{}", "not JSON: Unexpected UTF-8 BOM"),
    "not-utf-8": (b'{"format": "\xff"}', ": not UTF-8 at byte 12"),
    "utf-16": (TEXT.encode("utf-16"), ": not UTF-8 at byte 0"),
    "a-list": (b"[]", ": a JSON object is expected, this is a list"),
    "a-text": (b'"steps"', ": a JSON object is expected, this is a str"),
    "null": (b"null", ": a JSON object is expected, this is a NoneType"),
    "duplicate-key": (changed('"format": 1,', '"format": 1, "format": 1,'), "key 'format' stands twice in one object"),
    "duplicate-key-inside": (changed('"seq_id": 1,', '"seq_id": 1, "seq_id": 2,'), "the key 'seq_id' stands twice"),
    "nan": (changed('"-0.1"', "NaN"), "NaN is not a JSON number"),
    "infinity": (changed('"-0.1"', "-Infinity"), "-Infinity is not a JSON number"),
    "too large for a number": (changed('"-0.1"', "1e999"), "1e999 is past what a number can hold"),
    "wide-integer": (changed('"-0.1"', "9" * 5_000), "Exceeds the limit"),
    "deep": (DEEP.encode(), "nested deeper than 32 levels"),
    "deeper": (DEEPER.encode(), "nested too deeply"),
    "no-format": (b"{}", "format None is not 1"),
    "format-2": (changed('"format": 1', '"format": 2'), "format 2 is not 1, the one this version reads"),
    "format-as-text": (changed('"format": 1', '"format": "1"'), "format '1' is not 1"),
    "format-true": (changed('"format": 1', '"format": true'), "Expected `int`, got `bool` - at `$.format`"),
    "unknown-field": (changed('"config":', '"colour": "red", "config":'), "unknown field `colour`"),
    "unknown-field-inside": (changed('"digest":', '"mood": 1, "digest":'), "unknown field `mood` - at `$.expected`"),
    "missing-field": (changed('"verdict": "specification",', ""), "missing required field `verdict`"),
    "steps-of-numbers": (b'{"format": 1, "sentence": "", "steps": [1]}', "not a fixture: "),
    "edited-step": (changed('"fee": "-0.1"', '"fee": "-0.2"'), "the case was edited: its hash is "),
    "edited-config": (changed('"initial_cash": "1000"', '"initial_cash": "1"'), "the case was edited: "),
    "edited-hash": (changed('"hash": "89', '"hash": "98'), "the file says '98"),
    "edited-target": (changed('"target": "cracktrader"', '"target": "other"'), "the case was edited: "),
    "config-unknown": (rehashed(config={"colour": "red"}), "python does not start with config {'colour': 'red'}"),
    "config-impossible": (rehashed(config={"initial_cash": "a\x1b[31mb"}), "python does not start with config "),
}
EVERY_FILE = pytest.mark.parametrize("what", BAD_FILES)


@pytest.fixture(autouse=True)
def in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that hold are the repository's."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def bad(corpus: Path, what: str) -> Path:
    """The bad file, as the one fixture of a corpus."""
    path = corpus / "fixtures" / f"{what}.json"
    path.parent.mkdir()
    path.write_bytes(BAD_FILES[what][0])
    return path


def test_the_file_that_is_changed_is_good(corpus: Path) -> None:
    """The fixture that the bad ones are made from passes, so each fails for what was changed."""
    copy = corpus / "fixtures" / "good.json"
    copy.parent.mkdir()
    copy.write_bytes(rehashed())
    assert copy.read_bytes() == GOOD.read_bytes()
    assert call("corpus", "check", corpus=corpus).returncode == 0


@EVERY_FILE
@pytest.mark.parametrize("arguments", [["repro"], ["shrink"], ["promote", "--verdict", CANARY, "--reason", REASON]])
def test_named_file_is_unreadable(bad: Path, corpus: Path, what: str, arguments: list[str]) -> None:
    """A command that is given the file ends with 2, and its line names the file and what is wrong with it."""
    readable = arguments[0] == "promote" and what.startswith("config-")
    words = "is a fixture already" if readable else BAD_FILES[what][1]
    ended = call(arguments[0], bad, *arguments[1:], corpus=corpus)
    line = told(ended)
    assert (ended.returncode, words in line, str(bad) in line) == (2, True, True), line
    assert [path for path in corpus.rglob("*") if path.is_file()] == [bad]


@EVERY_FILE
def test_check_reports_the_file(bad: Path, corpus: Path, what: str) -> None:
    """`corpus check` reports it as a problem and ends with 1, as text and as JSON."""
    words = BAD_FILES[what][1]
    text, facts = call("corpus", "check", corpus=corpus), call("corpus", "check", "--json", corpus=corpus)
    assert (text.returncode, facts.returncode, text.stderr) == (1, 1, "")
    problem, summary = text.stdout.splitlines()
    assert problem.startswith(str(bad))
    assert words in problem
    assert problem.isprintable()
    assert summary.endswith(": 1 problems")
    (same,) = json.loads(facts.stdout)["problems"]
    assert same.startswith(str(bad))


@EVERY_FILE
def test_format_leaves_the_file(bad: Path, corpus: Path, what: str) -> None:
    """`corpus format` rewrites nothing that it cannot read."""
    before = bad.read_bytes()
    ended = call("corpus", "format", corpus=corpus)
    if what.startswith("config-"):
        assert (ended.returncode, ended.stdout) == (0, "0 files changed\n")
    else:
        assert ended.returncode == 2
        assert BAD_FILES[what][1] in told(ended)
    assert bad.read_bytes() == before


@pytest.mark.parametrize("what", ["truncated", "edited-step", "config-unknown"])
def test_run_stops_at_the_file(bad: Path, corpus: Path, what: str) -> None:
    """A run does not pass over a fixture that it cannot read; nothing is searched."""
    ended = run("run", "--cases", "1", "--front-end", "corpus", corpus=corpus)
    assert ended.returncode == 2
    assert BAD_FILES[what][1] in told(ended)


SENTENCE = "A negative fee is a rebate and raises cash."

# what is wrong: name of the file, its bytes, words of the problem
UNSOUND: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "sentence": ("short.json", lambda: changed(SENTENCE, "A rebate."), "says too little"),
    "form": ("form.json", lambda: TEXT.replace("\n", "\n\n", 1).encode(), "not in canonical form"),
    "spaces": ("spaces.json", lambda: TEXT.replace('": ', '":').encode(), "not in canonical form"),
    "name": ("Über uns.json", lambda: TEXT.encode(), "the file's name must be lower case letters"),
    "escape": ("\x1b[31mred.json", lambda: TEXT.encode(), "the file's name must be lower case letters"),
    "suffix": ("notes.txt", lambda: b"to do", "only fixtures belong here"),
    "steps": ("steps.json", lambda: rehashed(steps=[]), "a case without steps proves nothing"),
    "outcome": ("outcome.json", lambda: changed('"-99.9", "pos', '"-9", "pos'), "answers '-99.9' where '-9'"),
    "state": ("state.json", lambda: changed('"cash": "900.1"', '"cash": "9"'), "answers '900.1' where '9' is expected"),
    "digest": ("digest.json", lambda: changed('"digest": "e', '"digest": "f'), "is expected, at digest"),
    "target": ("target.json", lambda: rehashed(target="other"), "target 'other' is not 'cracktrader'"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNSOUND)
def test_unsound_fixture_is_a_problem(corpus: Path, what: str) -> None:
    """A fixture that can be read and is wrong, or lies there under a wrong name, is told by `corpus check`."""
    name, content, words = UNSOUND[what]
    path = corpus / "regressions" / name
    path.parent.mkdir()
    path.write_bytes(content())
    ended = call("corpus", "check", corpus=corpus)
    problems = ended.stdout.splitlines()[:-1]
    assert ended.returncode == 1
    assert [words in line and line.isprintable() for line in problems].count(True) >= 1, ended.stdout


def test_same_case_twice_is_a_problem(corpus: Path) -> None:
    """The same case under two names is told, with both names."""
    folder = corpus / "fixtures"
    folder.mkdir()
    for name in ("a.json", "b.json"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    ended = call("corpus", "check", corpus=corpus)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[0] == f"{folder / 'b.json'}: the same case as {folder / 'a.json'}"


def test_format_writes_the_canonical_form(corpus: Path) -> None:
    """`corpus format` mends the form, says which file it wrote, and a second time there is nothing to do."""
    path = corpus / "fixtures" / "spaces.json"
    path.parent.mkdir()
    path.write_text(TEXT.replace('": ', '":'), encoding="utf-8")
    first, second = call("corpus", "format", corpus=corpus), call("corpus", "format", corpus=corpus)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == f"{path}: written in canonical form\n1 files changed\n"
    assert second.stdout == "0 files changed\n"
    assert path.read_text(encoding="utf-8") == TEXT


def called(corpus: Path, order_id: str) -> Path:
    """The good fixture with its order called so."""
    steps = json.loads(json.dumps(read_fixture(GOOD).steps).replace('"o1"', json.dumps(order_id)))
    path = corpus / "fixtures" / "hostile.json"
    path.parent.mkdir()
    path.write_bytes(rehashed(steps=steps, expected=None))
    return path


def test_controls_in_a_name_are_shown_escaped(corpus: Path) -> None:
    """Nothing that a case calls an order is obeyed by the terminal, or breaks a line."""
    path = called(corpus, "\x1b[31mred\r\n\x07\u202e\ud800")
    shown = call("repro", path, "--subjects", "python,rust", corpus=corpus)
    assert shown.returncode == 0, shown.stderr
    assert all(line.isprintable() and line.isascii() for line in shown.stdout.split("\n"))
    assert re.search(r"\\(x1b|u001b)\[31mred\\r\\n\\(x07|u0007)\\u202e\\ud800", shown.stdout)


@pytest.mark.parametrize("order_id", ["../../../x", "/etc/x", "<script>alert(1)</script>", "[red]x[/red]", "%s{0}$(x)"])
def test_name_of_an_order_names_no_file(corpus: Path, order_id: str) -> None:
    """An order called like a path, a tag or a command is shown as it is, and its finding lies where all of them lie."""
    path = called(corpus, order_id)
    shown = call("repro", path, "--subjects", f"python,{CANARY}", corpus=corpus)
    assert shown.returncode == 1, shown.stderr
    assert order_id in shown.stdout
    assert call("shrink", path, "--subjects", f"python,{CANARY}", corpus=corpus).returncode == 1
    (finding,) = (each for each in corpus.rglob("*.json") if each != path)
    assert finding.parent == corpus / "findings"
    assert FILE_NAME.fullmatch(finding.name)
