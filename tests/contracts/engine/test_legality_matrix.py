"""The full legality matrix: every state of an order against every order event and every order intent.

How to read it: a cell in capitals is the status after an applied input, a cell in small letters the refusal;
both are abbreviated as in `CELLS`. Rows are the states of `scenario.ORDER_STATES` and `absent`, where no
order exists. Columns are inputs; `COLUMNS` spells out those whose name is not the input itself. Expectations
come from docs/engine.md 3 to 5.
"""

from __future__ import annotations

from typing import Any

import pytest
from scenario import INTENT_TYPES, PAYLOADS, STATES, order_in, table, type_of

CELLS = {
    "CREA": "CREATED", "SUBM": "SUBMITTED", "ACCE": "ACCEPTED", "PART": "PARTIALLY_FILLED", "FILL": "FILLED",
    "CPEN": "CANCEL_PENDING", "RPEN": "REPLACE_PENDING", "CANC": "CANCELLED",
    "REJE": "REJECTED", "EXPI": "EXPIRED",
    "illegal": "illegal_transition", "closed": "order_closed", "nothing": "nothing_pending",
    "price": "price_mismatch",
    "early": "fill_before_acceptance", "onrej": "fill_on_rejected", "over": "overfill",
    "unknown": "unknown_order",
    "taken": "duplicate_order_id", "same": "nothing_to_change",
    "c-pend": "cancel_already_pending", "r-pend": "replace_already_pending",
}  # fmt: skip

COLUMNS = {
    "trigger": "triggered",
    "res_12": "restated quantity=12", "res_4": "restated quantity=4", "res_3": "restated quantity=3",
    "cxl_pend": "cancel_pending", "cxl_rej": "cancel_rejected", "rpl_pend": "replace_pending",
    "repl_12": "replaced quantity=12", "repl_2": "replaced quantity=2", "repl_stop": "replaced stop=99",
    "rpl_rej": "replace_rejected",
    "fill1": "fill 1", "fill6": "fill 6", "fill10": "fill 10", "fill11": "fill 11",
    "place": "place type=stop_limit stop=101",
    "repl12": "replace quantity=12", "repl10": "replace quantity=10", "replstop": "replace stop=99",
}  # fmt: skip

PHASE_REPORTS = """
order          | submitted | accepted | rejected | trigger | res_12  | res_4   | res_3   | expired | cancelled
absent         | unknown   | unknown  | unknown  | unknown | unknown | unknown | unknown | unknown | unknown
created        | SUBM      | illegal  | REJE     | illegal | illegal | illegal | illegal | illegal | illegal
created+c      | CPEN      | illegal  | REJE     | illegal | illegal | illegal | illegal | illegal | illegal
created+r      | RPEN      | illegal  | REJE     | illegal | illegal | illegal | illegal | illegal | illegal
created+cr     | CPEN      | illegal  | REJE     | illegal | illegal | illegal | illegal | illegal | illegal
submitted      | illegal   | ACCE     | REJE     | illegal | illegal | illegal | illegal | illegal | CANC
submitted+c    | illegal   | CPEN     | REJE     | illegal | illegal | illegal | illegal | illegal | CANC
submitted+r    | illegal   | RPEN     | REJE     | illegal | illegal | illegal | illegal | illegal | CANC
submitted+cr   | illegal   | CPEN     | REJE     | illegal | illegal | illegal | illegal | illegal | CANC
accepted       | illegal   | illegal  | REJE     | ACCE    | ACCE    | ACCE    | ACCE    | EXPI    | CANC
accepted+c     | illegal   | illegal  | REJE     | CPEN    | CPEN    | CPEN    | CPEN    | EXPI    | CANC
accepted+r     | illegal   | illegal  | REJE     | RPEN    | RPEN    | RPEN    | RPEN    | EXPI    | CANC
accepted+cr    | illegal   | illegal  | REJE     | CPEN    | CPEN    | CPEN    | CPEN    | EXPI    | CANC
triggered      | illegal   | illegal  | REJE     | illegal | ACCE    | ACCE    | ACCE    | EXPI    | CANC
limit          | illegal   | illegal  | REJE     | illegal | ACCE    | ACCE    | ACCE    | EXPI    | CANC
limit+r        | illegal   | illegal  | REJE     | illegal | RPEN    | RPEN    | RPEN    | EXPI    | CANC
market         | illegal   | illegal  | REJE     | illegal | ACCE    | ACCE    | ACCE    | EXPI    | CANC
market+r       | illegal   | illegal  | REJE     | illegal | RPEN    | RPEN    | RPEN    | EXPI    | CANC
part           | illegal   | illegal  | illegal  | PART    | PART    | FILL    | illegal | EXPI    | CANC
part+c         | illegal   | illegal  | illegal  | CPEN    | CPEN    | CPEN    | illegal | EXPI    | CANC
part+r         | illegal   | illegal  | illegal  | RPEN    | RPEN    | RPEN    | illegal | EXPI    | CANC
part+cr        | illegal   | illegal  | illegal  | CPEN    | CPEN    | CPEN    | illegal | EXPI    | CANC
filled         | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
filled+c       | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | illegal | FILL
filled+r       | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | illegal | FILL
filled+cr      | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | illegal | FILL
cancelled      | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
cancelled-part | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
cancelled-full | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
rejected       | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
expired        | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
expired-part   | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
expired-full   | illegal   | illegal  | illegal  | illegal | illegal | illegal | illegal | closed  | closed
"""

PENDING_REPORTS = """
order          | cxl_pend | cxl_rej | rpl_pend | replaced | repl_12 | repl_2  | repl_stop | rpl_rej
absent         | unknown  | unknown | unknown  | unknown  | unknown | unknown | unknown   | unknown
created        | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
created+c      | CPEN     | CREA    | nothing  | nothing  | nothing | nothing | nothing   | nothing
created+r      | CPEN     | nothing | RPEN     | CREA     | CREA    | CREA    | CREA      | CREA
created+cr     | CPEN     | RPEN    | CPEN     | CPEN     | CPEN    | CPEN    | CPEN      | CPEN
submitted      | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
submitted+c    | CPEN     | SUBM    | nothing  | nothing  | nothing | nothing | nothing   | nothing
submitted+r    | CPEN     | nothing | RPEN     | SUBM     | SUBM    | SUBM    | SUBM      | SUBM
submitted+cr   | CPEN     | RPEN    | CPEN     | CPEN     | CPEN    | CPEN    | CPEN      | CPEN
accepted       | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
accepted+c     | CPEN     | ACCE    | nothing  | nothing  | nothing | nothing | nothing   | nothing
accepted+r     | CPEN     | nothing | RPEN     | ACCE     | ACCE    | ACCE    | ACCE      | ACCE
accepted+cr    | CPEN     | RPEN    | CPEN     | CPEN     | CPEN    | CPEN    | CPEN      | CPEN
triggered      | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
limit          | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
limit+r        | CPEN     | nothing | RPEN     | ACCE     | ACCE    | ACCE    | price     | ACCE
market         | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
market+r       | CPEN     | nothing | RPEN     | ACCE     | ACCE    | ACCE    | price     | ACCE
part           | CPEN     | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
part+c         | CPEN     | PART    | nothing  | nothing  | nothing | nothing | nothing   | nothing
part+r         | CPEN     | nothing | RPEN     | PART     | PART    | FILL    | PART      | PART
part+cr        | CPEN     | RPEN    | CPEN     | CPEN     | CPEN    | CPEN    | CPEN      | CPEN
filled         | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
filled+c       | CPEN     | FILL    | nothing  | nothing  | nothing | nothing | nothing   | nothing
filled+r       | CPEN     | nothing | RPEN     | FILL     | PART    | FILL    | FILL      | FILL
filled+cr      | CPEN     | RPEN    | CPEN     | CPEN     | CPEN    | CPEN    | CPEN      | CPEN
cancelled      | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
cancelled-part | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
cancelled-full | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
rejected       | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
expired        | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
expired-part   | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
expired-full   | closed   | nothing | nothing  | nothing  | nothing | nothing | nothing   | nothing
"""

FILLS_AND_INTENTS = """
order          | fill1   | fill6   | fill10  | fill11  | place | cancel  | repl12  | repl10  | replstop
absent         | unknown | unknown | unknown | unknown | CREA  | unknown | unknown | unknown | unknown
created        | early   | early   | early   | early   | taken | CPEN    | RPEN    | same    | RPEN
created+c      | early   | early   | early   | early   | taken | c-pend  | c-pend  | c-pend  | c-pend
created+r      | early   | early   | early   | early   | taken | CPEN    | r-pend  | r-pend  | r-pend
created+cr     | early   | early   | early   | early   | taken | c-pend  | c-pend  | c-pend  | c-pend
submitted      | early   | early   | early   | early   | taken | CPEN    | RPEN    | same    | RPEN
submitted+c    | early   | early   | early   | early   | taken | c-pend  | c-pend  | c-pend  | c-pend
submitted+r    | early   | early   | early   | early   | taken | CPEN    | r-pend  | r-pend  | r-pend
submitted+cr   | early   | early   | early   | early   | taken | c-pend  | c-pend  | c-pend  | c-pend
accepted       | PART    | PART    | FILL    | over    | taken | CPEN    | RPEN    | same    | RPEN
accepted+c     | CPEN    | CPEN    | CPEN    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
accepted+r     | RPEN    | RPEN    | RPEN    | over    | taken | CPEN    | r-pend  | r-pend  | r-pend
accepted+cr    | CPEN    | CPEN    | CPEN    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
triggered      | PART    | PART    | FILL    | over    | taken | CPEN    | RPEN    | same    | RPEN
limit          | PART    | PART    | FILL    | over    | taken | CPEN    | RPEN    | same    | price
limit+r        | RPEN    | RPEN    | RPEN    | over    | taken | CPEN    | r-pend  | r-pend  | r-pend
market         | PART    | PART    | FILL    | over    | taken | CPEN    | RPEN    | same    | price
market+r       | RPEN    | RPEN    | RPEN    | over    | taken | CPEN    | r-pend  | r-pend  | r-pend
part           | PART    | FILL    | over    | over    | taken | CPEN    | RPEN    | same    | RPEN
part+c         | CPEN    | CPEN    | over    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
part+r         | RPEN    | RPEN    | over    | over    | taken | CPEN    | r-pend  | r-pend  | r-pend
part+cr        | CPEN    | CPEN    | over    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
filled         | over    | over    | over    | over    | taken | closed  | closed  | closed  | closed
filled+c       | over    | over    | over    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
filled+r       | over    | over    | over    | over    | taken | CPEN    | r-pend  | r-pend  | r-pend
filled+cr      | over    | over    | over    | over    | taken | c-pend  | c-pend  | c-pend  | c-pend
cancelled      | CANC    | CANC    | CANC    | over    | taken | closed  | closed  | closed  | closed
cancelled-part | CANC    | CANC    | over    | over    | taken | closed  | closed  | closed  | closed
cancelled-full | over    | over    | over    | over    | taken | closed  | closed  | closed  | closed
rejected       | onrej   | onrej   | onrej   | onrej   | taken | closed  | closed  | closed  | closed
expired        | EXPI    | EXPI    | EXPI    | over    | taken | closed  | closed  | closed  | closed
expired-part   | EXPI    | EXPI    | over    | over    | taken | closed  | closed  | closed  | closed
expired-full   | over    | over    | over    | over    | taken | closed  | closed  | closed  | closed
"""

MATRICES = (PHASE_REPORTS, PENDING_REPORTS, FILLS_AND_INTENTS)


def cells() -> list[tuple[str, str, str]]:
    """Every (order state, column, cell) of the three tables."""
    found = []
    for text in MATRICES:
        (_, *columns), *rows = table(text)
        found += [(label, *pair) for label, *row in rows for pair in zip(columns, row, strict=True)]
    return found


@pytest.mark.parametrize(("label", "column", "cell"), cells(), ids=str)
def test_cell(core_of: Any, label: str, column: str, cell: str) -> None:
    """An input to an order gives the status or the refusal of its cell; a refusal changes nothing."""
    session = order_in(core_of(), label)
    before, digest = session.core.snapshot()["orders"].get("o1"), session.core.state_digest()
    result = session.send(COLUMNS.get(column, column))
    if cell.isupper():
        after = session.order()
        (step,) = result["transitions"]
        assert (result["outcome"], result["code"], step["to"]) == ("applied", "ok", CELLS[cell])
        assert step == {
            "order_id": "o1", "from": before and before["status"], "to": after["status"],
            "cumulative": after["cumulative"], "leaves": after["leaves"],
        }  # fmt: skip
    else:
        assert (result["outcome"], result["code"], result["transitions"]) == ("rejected", CELLS[cell], [])
        assert session.core.state_digest() == digest


@pytest.mark.parametrize("label", STATES)
def test_row_starts_where_it_says(core_of: Any, label: str) -> None:
    """An order driven into a state reports that state's status, and leaves only while its phase is live."""
    order = order_in(core_of(), label).order()
    assert order["status"] == STATES[label][2]
    open_phase = order["phase"] in ("created", "submitted", "working")
    assert int(order["leaves"]) == (int(order["quantity"]) - int(order["cumulative"]) if open_phase else 0)


def test_rows_are_all_the_states_an_order_can_be_in(core_of: Any) -> None:
    """The rows reach each phase with each pending flag and fill level that the page allows, once each."""

    def state(label: str) -> tuple[str, str, bool, bool]:
        order = order_in(core_of(), label).order()
        level = {"0": "none", order["quantity"]: "all"}.get(order["cumulative"], "part")
        return order["phase"], level, order["cancel_pending"], order["replace_pending"]

    pendings = [(cancel, replace) for cancel in (False, True) for replace in (False, True)]
    live = [
        ("created", "none"),
        ("submitted", "none"),
        ("working", "none"),
        ("working", "part"),
        ("working", "all"),
    ]
    closed = [(phase, level) for phase in ("cancelled", "expired") for level in ("none", "part", "all")]
    expected = {(*pair, *flags) for pair in live for flags in pendings}
    expected |= {(*pair, False, False) for pair in (*closed, ("rejected", "none"))}
    by_type = (
        "triggered",
        "limit",
        "limit+r",
        "market",
        "market+r",
    )  # as `accepted`, but for the type's own rules
    assert sorted(state(label) for label in STATES if label not in by_type) == sorted(expected)


def test_matrix_is_complete() -> None:
    """Each table has every row, and together they have every order event and every order intent."""
    rows = ["absent", *STATES]
    assert [[row[0] for row in table(text)[1:]] for text in MATRICES] == [rows] * len(MATRICES)
    tried = {type_of(COLUMNS.get(column, column).split()[0]) for _, column, _ in cells()}
    orders = {name for name in PAYLOADS if "order_id" in PAYLOADS[name]}
    assert tried == orders and {name for name in INTENT_TYPES if "order" in name} < tried
