"""The declared space against the tables that the soak's own test worked out from the page, and against the soak."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from cracktrader.engine.results import CODES
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.search.soak import explore
from cracktrader_fuzz.target.target import Target
from cracktrader_strategies.invariants_target import INVARIANTS
from cracktrader_strategies.normalizer_target import NORMALIZER
from cracktrader_strategies.sequencer_target import SEQUENCER
from cracktrader_strategies.space import SPACE
from cracktrader_strategies.subjects.cores import RustCore
from cracktrader_strategies.target import CRACKTRADER

sys.path.insert(0, str(Path(__file__).parents[2] / "differential"))

from test_soak import legal_cells

CASES = 150
BEFORE_THE_ORDER = {"duplicate_event", "malformed_type", "malformed_field", "malformed_number", "malformed_identifier"}


def test_legal_cells_are_the_page_s() -> None:
    """What may be applied is what the table of the soak's test says, which was worked out on its own."""
    assert {(kind, context) for kind, context, code in SPACE.cells if code == "ok"} == legal_cells()


def test_every_legal_cell_has_a_floor() -> None:
    """No step that the page allows can go missing unnoticed, and floors stand under cells of the space only."""
    assert {cell for cell in SPACE.cells if cell[2] == "ok"} <= SPACE.floors.keys() <= SPACE.cells
    assert min(SPACE.floors.values()) > 0


def test_every_code_is_in_the_space() -> None:
    """Each code of the core can happen somewhere, but for those that do not depend on the state."""
    assert {code for _, _, code in SPACE.cells} == set(CODES) - BEFORE_THE_ORDER


def test_nothing_happens_outside() -> None:
    """Whatever a soak reaches lies in the space, but for duplicates and malformed input."""
    lockstep = Lockstep(CRACKTRADER, [("one", RustCore()), ("other", RustCore())])
    cells = Counter(cell for index in range(CASES) for cell in explore(lockstep, 11, index).cells)
    reached = {(*label, code) for label, code in cells if code not in BEFORE_THE_ORDER}
    assert len(reached) > 300
    assert sorted(reached - SPACE.cells) == []


@pytest.mark.parametrize("target", [SEQUENCER, INVARIANTS, NORMALIZER], ids=lambda target: target.name)
def test_spaces_of_the_others(target: Target) -> None:
    """Every kind of step of the targets around the core has a floor, in each context."""
    generation = target.generation
    space, kinds, contexts = generation.space, generation.kinds, generation.contexts
    assert space is not None
    assert {(kind, context) for kind, context, _ in space.floors} == {
        (kind, context) for kind in kinds if kind != "odd" for context in contexts
    }
