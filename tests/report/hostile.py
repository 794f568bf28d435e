"""A target whose wrong subjects answer with text that a terminal or a build server would obey, if printed as it is."""

from __future__ import annotations

from dataclasses import replace

from tally import TALLY, Tally

from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.target.target import Target

TEXTS = {
    "escape": "\x1b[2J\x07\x9b31m",
    "directions": "\u202ekcart\u2066",
    "lines": "ok\n::error::one\r\n##[error]two",
    "command": "::error::applied",
    "wrapped-command": "x" * 55 + " ::error::applied",
    "old-command": "##[error]one",
    "surrogate": "\ud800",
    "separators": "a\u2028::error::b\x85::error::c",
}


def _answers(text: str) -> type[Tally]:
    class Answers(Tally):
        def step(self, step: Step) -> Outcome:
            outcome = super().step(step)
            return {**outcome, "code": text} if step["amount"] == "7" else outcome

    return Answers


def _raises(text: str) -> type[Tally]:
    class Raises(Tally):
        def step(self, step: Step) -> Outcome:
            if step["amount"] == "7":
                raise type(f"Odd{text}", (Exception,), {})(text)
            return super().step(step)

    return Raises


NAMES_OF_CLASSES = [name for name in TEXTS if name != "surrogate"]  # Python takes no surrogate as a class's name
SUBJECTS = {
    **{name: _answers(text) for name, text in TEXTS.items()},
    **{f"raises-{name}": _raises(TEXTS[name]) for name in NAMES_OF_CLASSES},
}
HOSTILE: Target = replace(TALLY, name="hostile", seats=("right", "escape"), subjects={"right": Tally, **SUBJECTS})
