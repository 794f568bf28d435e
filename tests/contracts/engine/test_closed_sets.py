"""The closed sets of the engine: the same in docs/engine.md, in Python and in Rust, and every member in use.

Promises that no code, status, event type, intent type or outcome is known in one place only, and that none is
dead: each code is produced by some input on each backend, each status is shown, each type is applied.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from scenario import PAYLOADS, STATES, Session, order_in, split_steps, table

PAGE = (Path(__file__).parents[3] / "docs" / "engine.md").read_text(encoding="utf-8")

PRODUCED = """
# code                  | before                        | input
ok                      | -                             | no_op
duplicate_event         | cash key=k                    | cash key=k
idempotency_conflict    | cash key=k                    | cash key=k amount=2
sequence_regression     | cash seq=5                    | cash seq=5
time_regression         | timer time=5                  | timer time=4
unknown_order           | -                             | cancel
instrument_mismatch     | @accepted                     | fill 1 venue=W
duplicate_order_id      | place                         | place
price_mismatch          | -                             | place limit=null
trading_halted          | set_risk_flag                 | place
reduce_only_violation   | -                             | place reduce_only=true
order_closed            | @filled                       | cancel
cancel_already_pending  | @part+c                       | cancel
replace_already_pending | @part+r                       | replace quantity=11
nothing_to_change       | @part                         | replace
nothing_pending         | @part                         | cancel_rejected
illegal_transition      | @part                         | accepted
fill_before_acceptance  | @submitted                    | fill 1
fill_on_rejected        | @rejected                     | fill 1
overfill                | @filled                       | fill 1
out_of_range            | cash amount=1000000000000000000000 | cash
malformed_type          | -                             | place quantity=null
malformed_field         | -                             | place side=both
malformed_number        | -                             | place quantity=many
malformed_identifier    | -                             | place venue=a:b
"""

APPLIED = """
# type               | before        | input
order_submitted      | place         | submitted
order_accepted       | @submitted    | accepted
order_rejected       | @submitted    | rejected
order_triggered      | @accepted     | triggered
order_fill           | @accepted     | fill 1
order_cancel_pending | @accepted     | cancel_pending
order_cancelled      | @accepted     | cancelled
order_cancel_rejected | @accepted+c  | cancel_rejected
order_replace_pending | @accepted+r  | replace_pending
order_replaced       | @accepted+r   | replaced
order_replace_rejected | @accepted+r | replace_rejected
order_restated       | @accepted     | restated quantity=11
order_expired        | @accepted     | expired
trade                | -             | trade
bar                  | -             | bar
quote                | -             | quote
timer                | -             | timer
cash_adjustment      | -             | cash
risk_flag            | -             | risk_flag
place_order          | -             | place
cancel_order         | place         | cancel
replace_order        | place         | replace quantity=11
set_risk_flag        | -             | set_risk_flag
no_op                | -             | no_op
"""


def section(number: int) -> str:
    """The text of one numbered section of the page."""
    return PAGE.split(f"\n## {number}. ")[1].split("\n## ")[0]


def first_column(text: str) -> set[str]:
    """The names in the first column of the tables of a section."""
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def page_sets() -> dict[str, set[str]]:
    """The closed sets as the page names them."""
    outcomes = re.search(r"`outcome` \(`([a-z |]+)`", section(2))
    assert outcomes is not None
    return {
        "codes": set(re.findall(r"`(\w+)`", section(7).replace("`malformed_*`", ""))),
        "statuses": set(re.findall(r"`([A-Z_]{4,})`", section(4))),
        "event_types": first_column(section(5)) | set(re.findall(r"`([a-z_]+)` \(", section(5))),
        "intent_types": first_column(section(3)),
        "outcomes": set(outcomes[1].split(" | ")),
    }


def python_sets() -> dict[str, set[str]]:
    """The closed sets as the Python modules name them, each checked to hold no name twice."""
    from cracktrader.engine import domain, events, intents, results

    named = {
        "codes": (*results.CODES, *results.MALFORMED_CODES), "statuses": domain.STATUSES,
        "event_types": events.EVENT_TYPES, "intent_types": intents.INTENT_TYPES, "outcomes": results.OUTCOMES,
    }  # fmt: skip
    assert {key: len(set(names)) for key, names in named.items()} == {key: len(names) for key, names in named.items()}
    return {key: set(names) for key, names in named.items()}


def test_page_sets_are_found() -> None:
    """The page is read as meant: 25 codes, 10 statuses, 19 event types, 5 intent types, 3 outcomes."""
    assert {name: len(names) for name, names in page_sets().items()} == {
        "codes": 25, "statuses": 10, "event_types": 19, "intent_types": 5, "outcomes": 3,
    }  # fmt: skip


def test_python_sets_are_the_pages() -> None:
    """Codes, statuses, event types, intent types and outcomes in Python are those of the page."""
    assert python_sets() == page_sets()


def test_rust_sets_are_the_pages() -> None:
    """Codes, statuses, event types and intent types in the extension are those of the page."""
    from cracktrader.engine import _rust

    info = _rust.build_info()
    named = {name: info[name] for name in ("codes", "statuses", "event_types", "intent_types")}
    assert {name: sorted(names) for name, names in named.items()} == {name: sorted(page_sets()[name]) for name in named}


def test_malformed_codes_are_the_four() -> None:
    """The codes of malformed input are those that start with `malformed_`, and only they."""
    from cracktrader.engine.results import CODES, MALFORMED_CODES

    assert set(MALFORMED_CODES) == {code for code in page_sets()["codes"] if code.startswith("malformed_")}
    assert not set(CODES) & set(MALFORMED_CODES)


def test_tables_here_are_complete() -> None:
    """Every code of the page stands in `PRODUCED`, every type in `APPLIED` and among the default payloads."""
    sets = page_sets()
    assert [row[0] for row in table(PRODUCED)] == sorted({row[0] for row in table(PRODUCED)}, key=PRODUCED.index)
    assert {row[0] for row in table(PRODUCED)} == sets["codes"]
    assert {row[0] for row in table(APPLIED)} == set(PAYLOADS) == sets["event_types"] | sets["intent_types"]


@pytest.mark.parametrize(("code", "before", "step"), table(PRODUCED))
def test_code_is_produced(core_of: Any, code: str, before: str, step: str) -> None:
    """Each code is the answer to some input, on each backend."""
    from cracktrader.engine.error import MalformedInputError

    session = Session(core_of()).run(before)
    if not code.startswith("malformed_"):
        assert session.send(step)["code"] == code
        return
    with pytest.raises(MalformedInputError) as caught:
        session.send(step)
    assert caught.value.code == code


@pytest.mark.parametrize(("name", "before", "step"), table(APPLIED))
def test_type_is_applied(core_of: Any, name: str, before: str, step: str) -> None:
    """Each event type and intent type is applied in some state, on each backend."""
    session = Session(core_of()).run(before)
    sent = session.wire(*split_steps(step))
    assert sent.get("event_type", sent.get("intent_type")) == name
    assert session.send(step)["outcome"] == "applied"


def test_the_two_cores_are_two(core_of: Any, backend: str) -> None:
    """The backend that is asked for is the one that is built: no core stands in for another."""
    assert type(core_of()).__name__ == {"python": "DeterministicCore", "rust": "RustDeterministicCore"}[backend]


def test_every_status_is_shown(core_of: Any) -> None:
    """Each status of the page is the status of some order, and no order shows another."""
    assert {order_in(core_of(), label).order()["status"] for label in STATES} == page_sets()["statuses"]
