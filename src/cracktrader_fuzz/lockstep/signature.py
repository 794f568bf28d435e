"""The bucket of a divergence: it names the bug, not the case.

target / step kind / context before / path of the first difference / kind of difference / pair of subjects, where the
kind holds both codes for two codes and a class for two numbers. `family` leaves the context out: the shrinker may move
a divergence to a simpler context, never to another field or kind (docs/decisions/0002-family.md).
"""

import re

import msgspec

from cracktrader_fuzz.lockstep.compare import Difference
from cracktrader_fuzz.lockstep.number_class import number_class

SLUG_LENGTH_MAX = 100  # with the hash and the ending well under the 255 bytes that file systems allow


class Signature(msgspec.Struct, frozen=True, order=True):
    """Names a difference whatever the case that shows it: one bug, one signature.

    `path` is where the first difference is, `difference` how the two sides differ there, `pair` who differs, joined by
    `~`. `str()` joins the fields with `/`: the one form in which a signature is shown, stored and compared.
    """

    target: str
    step_kind: str
    context: str
    path: str
    difference: str
    pair: str

    def __str__(self) -> str:
        return "/".join((self.target, self.step_kind, self.context, self.path, self.difference, self.pair))

    @property
    def family(self) -> "Signature":
        """The signature in any context."""
        return msgspec.structs.replace(self, context="*")

    @property
    def slug(self) -> str:
        """For file names: lower case, words joined by `-`."""
        words = (self.step_kind, self.context, self.path, self.difference, self.pair)
        return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")[:SLUG_LENGTH_MAX]


def path_text(difference: Difference, keyed: frozenset[str]) -> str:
    """The path with identifiers and places taken out: `state.orders.*.leaves`, `outcome.transitions[].to`."""
    text = ""
    parent: str | int = ""
    for part in difference.path:
        # Identifiers and places in lists are left out, so that the same bug on another order is the same signature.
        if isinstance(part, int):
            text += "[]"
        else:
            text += f".{'*' if parent in keyed else part}"
        parent = part
    return text.removeprefix(".")


def difference_text(difference: Difference, scale: int | None = None) -> str:
    """The kind of difference; for two codes both, for two numbers their class, which depends on the field's `scale`."""
    if difference.path == ("outcome", "code"):
        return f"{difference.left}~{difference.right}"
    if difference.kind != "value":
        return difference.kind
    number = number_class(difference.left, difference.right, scale)
    return f"value:{number}" if number else "value"
