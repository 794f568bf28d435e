"""No page uses a word of our own that `docs/glossary.md` does not have, nor one that was given up.

A word of our own may be any word out of the harness's class names, front ends and summary lines; most are plain English
and stand in `ORDINARY`. What a page sets in bold to define it is one as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tree import ROOT, short, syntax, tracked

from cracktrader_fuzz.campaign.front_ends import FRONT_ENDS
from cracktrader_fuzz.report import summary_text

GLOSSARY = ROOT / "docs" / "glossary.md"
FENCED = re.compile(r"^\s*```.*?^\s*```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`]*`")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
ENTRY = re.compile(r"^\*\*([a-z -]+)\*\*: (.+)$", re.MULTILINE)
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
TERM_WORDS_MAX = 3  # more of them in bold are a phrase to be noticed, not a name
HEAD_IN_THE_TEXT = (".", "?", ":", "!")  # a bold sentence, which begins a paragraph and defines nothing
LINE_OF_THE_SUMMARY = re.compile(r'f"([a-z]+) +\{')

# The engine's pages have their own words, history keeps those of its time, and two pages are written by a program.
OTHER_PAGES = (
    *("docs/engine.md", "docs/runtime.md", "docs/schemas.md", "rust/README.md"),
    *("CHANGELOG.md", "docs/reference/api.md"),
)
OTHER_FOLDERS = ("docs/plans/", "docs/findings/")
WRITTEN_ELSEWHERE = (
    "docs/from-bug-to-fixture.md",
    "docs/performance.md",
    "docs/releasing.md",
)  # tutorial, figures, a list

PLAIN_ENGLISH = """
answer area argument base build call changes check command checkpoint choice commit comparison convention count
death decimal
decision detector difference document draw edge end entry error expected failure features field file folder
front fuzz generator group guide help input integer isolated item known last limits lost missing mutator name
never nightly no note objects offer one options output owner path pending plan planned pool problem python
question reach reached reading recorded recording report request result review run search searches seen session
settings shared shim shrink skeleton slice slot spoiled subjects summary swap table unable usage view
"""
ORDINARY = set(PLAIN_ENGLISH.split())

RETIRED = {
    # a word that was given up                     and what is said today
    r"crews?":                                     "worker pool",
    r"lanes?":                                     "worker, quick check",
    r"stocks?":                                    "parents",
    r"breed(er|s|ing)?|bred":                      "mutation",
    r"meddl(ed|es|ing)":                           "aliasing",
    r"replayed":                                  "run again",
    r"hand(ed)?over|handovers":                     "hot swap",
    r"words? of twelve bytes":                     "draw bytes",
    r"ways? (through|of) (a step|Rust|Python)":    "path",
    r"tells?|told":                                "says, message",
    r"somebody|nobody|whom|thereby":               "a user, a person, no one",
}  # fmt: skip


def pages() -> list[Path]:
    """The pages of the harness, but for the glossary itself."""
    return [
        page
        for page in tracked(".md")
        if page != GLOSSARY and not short(page).startswith((*OTHER_PAGES, *OTHER_FOLDERS, *WRITTEN_ELSEWHERE))
    ]


def prose(text: str) -> str:
    """A page without code, and without where its links lead."""
    return LINK_TARGET.sub("]", CODE.sub("", FENCED.sub("", text)))


def glossary() -> dict[str, str]:
    """Each word with its sentence."""
    return dict(ENTRY.findall(GLOSSARY.read_text(encoding="utf-8")))


def own_words() -> set[str]:
    """What may be a word of our own: parts of class names, front ends, and what begins a line of the summary."""
    classes = (
        node.name
        for path in tracked(".py", "src/cracktrader_fuzz")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ClassDef)
    )
    parts = {part.lower() for name in classes for part in re.findall(r"[A-Z][a-z]+", name)}
    lines = LINE_OF_THE_SUMMARY.findall(Path(summary_text.__file__).read_text(encoding="utf-8"))
    return parts | {name.replace("-", " ") for name in FRONT_ENDS} | set(lines)


def singular(word: str) -> str:
    """The form under which a word stands in the glossary."""
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


def unexplained(text: str, known: set[str]) -> set[str]:
    """The words of our own in a text that are neither explained nor ordinary, and what it sets in bold."""
    plain = prose(text)
    used = set(re.findall(r"[a-z]+", plain.lower()))
    ours = {word for word in own_words() if word in used or f"{word}s" in used}
    bold = [each.lower() for each in BOLD.findall(plain) if not each.strip().endswith(HEAD_IN_THE_TEXT)]
    defined = {each for each in bold if len(each.split()) <= TERM_WORDS_MAX}
    explained = known | {singular(word) for word in known} | {part for word in known for part in word.split()}
    return {word for word in ours | defined if not {word, singular(word)} & (explained | ORDINARY)}


def retired(text: str) -> Iterator[str]:
    """The words in a text that were given up, each with what is said today."""
    for pattern, today in RETIRED.items():
        for found in re.finditer(rf"\b({pattern})\b", prose(text), re.IGNORECASE):
            yield f"{found[0]}: say {today}"


@pytest.mark.parametrize("page", pages(), ids=short)
def test_every_word_of_our_own_is_explained(page: Path) -> None:
    """What a page calls by a word of ours, or defines in bold, has an entry."""
    assert unexplained(page.read_text(encoding="utf-8"), set(glossary())) == set()


@pytest.mark.parametrize("page", [*pages(), GLOSSARY], ids=short)
def test_no_page_uses_a_word_that_was_given_up(page: Path) -> None:
    """One thing has one name, in plain English."""
    assert list(retired(page.read_text(encoding="utf-8"))) == []


def test_entries_are_sentences_in_order() -> None:
    """Alphabetical, no word twice, one sentence each, and each word stands on a page or is one of the code's own."""
    words = ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))
    names = [name for name, _ in words]
    assert names == sorted(set(names))
    assert len(names) >= 40
    assert [name for name, said in words if not said.endswith(".") or re.search(r"[.!?] [A-Z]", said)] == []
    everything = " ".join(page.read_text(encoding="utf-8") for page in pages()).lower()
    assert [name for name in names if not re.search(rf"\b{name[:-1]}", everything)] == []


def test_ordinary_words_are_needed() -> None:
    """None of them is explained as well, and each is a word that the code has."""
    assert ORDINARY & set(glossary()) == set()
    assert ORDINARY - own_words() == set()


def test_these_tests_can_fail() -> None:
    """A made-up term, a word of the code's without an entry, and a word that was given up are all seen."""
    assert unexplained("The **gremlin** is a subject.", set(glossary())) == {"gremlin"}
    assert unexplained("An opinion of a canary.", set(glossary()) - {"opinion"}) == {"opinion"}
    assert unexplained("**Note.** Opinions are in `**code**`.", set(glossary())) == set()
    assert list(retired("The crew told nobody.")) == [
        "crew: say worker pool",
        "told: say says, message",
        "nobody: say a user, a person, no one",
    ]
    assert list(retired("`crew`, and\n```\nlane\n```\n")) == []
