"""The golden fixtures cover the engine: every row of docs/engine.md that has an effect, every known class of bug.

Promises that each row of the two tables names a fixture whose stored trace really holds the step that the row is
about, so that neither the tables nor the fixtures can rot; that every code of the engine occurs; that every canary
has a fixture which fails on it; and that the table in corpus/README.md lists the areas there are.
Does not run the fixtures on the cores: the parity contract and `corpus check` do. The Rust canaries need a test
build, so here only their fixtures' presence is asked for. Costs a read of all fixtures, and a replay of some.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from scenario import table

from cracktrader.engine.domain import STATUSES
from cracktrader.engine.results import CODES, MALFORMED_CODES
from cracktrader_fuzz.corpus.documents import FILE_NAME, ExpectedTrace, Fixture, read_fixture
from cracktrader_fuzz.corpus.rerun import trace_difference
from cracktrader_fuzz.lockstep.run import answer
from cracktrader_strategies.grammar import EVENT_TYPES, INTENT_TYPES, REPORT_TYPES, step_kind
from cracktrader_strategies.orderbook import OrderBook
from cracktrader_strategies.subjects.canaries import MISTAKES, RUST_CANARIES, MistakenCore

CORPUS = Path(__file__).parents[3] / "corpus"
FIXTURES = sorted((CORPUS / "fixtures").rglob("*.json"))

#: A step of the fixture: its type, the status before it (`-`: it names no order), the status after it or the code.
#: What else holds: a field of the step's payload, result or transition, or, with points, a place in the final state.
EFFECTS = """
place_order              | lifecycle/placed                    | place_order UNKNOWN -> CREATED                     | leaves=10
cancel_order             | cancels/requested                   | cancel_order ACCEPTED -> CANCEL_PENDING            | leaves=10
replace_order            | replaces/requested                  | replace_order ACCEPTED -> REPLACE_PENDING          | leaves=10 quantity=12
set_risk_flag            | risk/flag-by-intent                 | set_risk_flag - -> ok                              | on=true risk_flags.halt=true
set_risk_flag            | risk/halt                           | set_risk_flag - -> ok                              | on=false risk_flags.halt=false
no_op                    | lifecycle/no-op                     | no_op - -> ok                                      | seq_id=null
order_submitted          | lifecycle/submitted                 | order_submitted CREATED -> SUBMITTED               |
order_accepted           | lifecycle/accepted                  | order_accepted SUBMITTED -> ACCEPTED               |
order_rejected           | lifecycle/rejected-by-venue         | order_rejected SUBMITTED -> REJECTED               | leaves=0
order_rejected           | lifecycle/rejected-before-submitted | order_rejected CREATED -> REJECTED                 |
order_rejected           | lifecycle/rejected-after-acceptance | order_rejected ACCEPTED -> REJECTED                |
order_rejected           | lifecycle/rejected-clears-pending   | order_rejected CANCEL_PENDING -> REJECTED          | orders.o1.cancel_pending=false
order_triggered          | lifecycle/triggered                 | order_triggered ACCEPTED -> ACCEPTED               | orders.o1.triggered=true
order_fill               | fills/part-then-complete            | order_fill ACCEPTED -> PARTIALLY_FILLED            | cumulative=4 leaves=6
order_fill               | fills/part-then-complete            | order_fill PARTIALLY_FILLED -> FILLED              | cumulative=10 leaves=0
order_fill               | fills/late-after-cancel             | order_fill CANCELLED -> CANCELLED                  | cumulative=4 leaves=0 cash_delta=-400
order_fill               | fills/late-after-expiry             | order_fill EXPIRED -> EXPIRED                      | cumulative=4 leaves=0 cash_delta=-400
order_fill               | lifecycle/untriggered-stop-fills    | order_fill ACCEPTED -> PARTIALLY_FILLED            | orders.o1.triggered=false
order_cancel_pending     | cancels/unsolicited-pending         | order_cancel_pending ACCEPTED -> CANCEL_PENDING    | orders.o1.cancel_pending=true
order_cancel_pending     | cancels/acknowledged                | order_cancel_pending CANCEL_PENDING -> CANCEL_PENDING |
order_cancelled          | cancels/confirmed                   | order_cancelled CANCEL_PENDING -> CANCELLED        | leaves=0 orders.o1.cancel_pending=false
order_cancelled          | cancels/unsolicited                 | order_cancelled SUBMITTED -> CANCELLED             | leaves=0
order_cancelled, no leaves | cancels/confirmed-with-nothing-left | order_cancelled CANCEL_PENDING -> FILLED         | orders.o1.cancel_pending=false
order_cancelled, no leaves | cancels/confirmed-with-nothing-left-of-a-replace | order_cancelled REPLACE_PENDING -> FILLED | orders.o1.replace_pending=false
order_cancel_rejected    | cancels/rejected                    | order_cancel_rejected CANCEL_PENDING -> ACCEPTED   | orders.o1.cancel_pending=false
order_replace_pending    | replaces/acknowledged               | order_replace_pending REPLACE_PENDING -> REPLACE_PENDING | leaves=10
order_replaced           | replaces/confirmed                  | order_replaced REPLACE_PENDING -> ACCEPTED         | leaves=12 orders.o1.replace_pending=false
order_replaced           | replaces/both-prices                | order_replaced REPLACE_PENDING -> ACCEPTED         | orders.o1.limit_price=79 orders.o1.stop_price=80
order_replaced           | replaces/nothing-named              | order_replaced REPLACE_PENDING -> ACCEPTED         | leaves=10
order_replace_rejected   | replaces/rejected                   | order_replace_rejected REPLACE_PENDING -> ACCEPTED | orders.o1.quantity=10
order_restated           | lifecycle/restated-up               | order_restated ACCEPTED -> ACCEPTED                | leaves=12
order_restated           | lifecycle/restated-to-cumulative    | order_restated PARTIALLY_FILLED -> FILLED          | leaves=0
order_expired            | lifecycle/expired                   | order_expired ACCEPTED -> EXPIRED                  | leaves=0
order_expired            | lifecycle/expired-clears-pending    | order_expired CANCEL_PENDING -> EXPIRED            | orders.o1.cancel_pending=false
trade                    | market-data/trade                   | trade - -> ok                                      | marks.v1:i1=100.5
bar                      | market-data/bar                     | bar - -> ok                                        | close=-3 marks.v1:i1=-3
quote                    | market-data/quote                   | quote - -> ok                                      | bid=99 ask=101 marks.v1:i1=100
timer                    | sequence-time/timer                 | timer - -> ok                                      | clock.timer:v1:i1=7
cash_adjustment          | money/deposit                       | cash_adjustment - -> ok                            | cash_delta=0.5 cash=1000.5
cash_adjustment          | money/withdrawal-is-signed-by-its-amount | cash_adjustment - -> ok                       | reason=withdrawal cash_delta=3
cash_adjustment          | money/funding                       | cash_adjustment - -> ok                            | reason=funding
risk_flag                | risk/flag-by-event                  | risk_flag - -> ok                                  | on=true
risk_flag                | risk/flag-off-by-event              | risk_flag - -> ok                                  | on=false risk_flags.halt=false
"""  # noqa: E501 - one row a line

BUG_CLASSES = """
duplicate                        | idempotency/duplicate-fill            | order_fill PARTIALLY_FILLED -> duplicate_event    | cash_delta=0 cash=600
duplicate, old sequence          | idempotency/duplicate-with-old-sequence | order_fill PARTIALLY_FILLED -> duplicate_event  | seq_id=3
same key, other content          | idempotency/same-key-other-content    | order_fill PARTIALLY_FILLED -> idempotency_conflict | last_quantity=5
same content, other spelling     | idempotency/same-content-other-spelling | order_fill PARTIALLY_FILLED -> duplicate_event  | last_quantity=0.50
refused key stays unused         | idempotency/refused-event-leaves-its-key-unused | order_fill ACCEPTED -> PARTIALLY_FILLED | idempotency_keys.k1=*
keys dropped                     | idempotency/keys-are-never-dropped    | timer - -> duplicate_event                        | seq_id=6
late fill after cancel           | fills/late-after-cancel-completes     | order_fill CANCELLED -> CANCELLED                 | cumulative=10 leaves=0
late fill after expiry           | fills/late-after-expiry               | order_fill EXPIRED -> EXPIRED                     | positions.v1:i1.quantity=4
overfill, working                | fills/overfill-on-working             | order_fill ACCEPTED -> overfill                   | last_quantity=10.00000001
overfill, filled                 | fills/overfill-on-filled              | order_fill FILLED -> overfill                     | last_quantity=0.00000001
overfill, cancelled              | fills/overfill-on-cancelled           | order_fill CANCELLED -> overfill                  | last_quantity=6.00000001
overfill, expired                | fills/overfill-on-expired             | order_fill EXPIRED -> overfill                    |
fill before acceptance           | fills/before-acceptance               | order_fill SUBMITTED -> fill_before_acceptance    |
fill of a created order          | fills/before-submission               | order_fill CREATED -> fill_before_acceptance      |
fill on rejected                 | fills/on-rejected                     | order_fill REJECTED -> fill_on_rejected           |
late second ack                  | lifecycle/late-second-ack             | order_accepted ACCEPTED -> illegal_transition     |
replace below cumulative         | replaces/below-cumulative             | order_replaced REPLACE_PENDING -> FILLED          | quantity=3 cumulative=4 orders.o1.quantity=4
replace at cumulative            | replaces/at-cumulative                | order_replaced REPLACE_PENDING -> FILLED          | quantity=4 cumulative=4
replace above cumulative         | replaces/above-cumulative             | order_replaced REPLACE_PENDING -> PARTIALLY_FILLED | quantity=6 cumulative=4 leaves=2
fill while replace pending       | replaces/fill-while-pending           | order_fill REPLACE_PENDING -> REPLACE_PENDING     | cumulative=4 leaves=6
overfill while replace pending   | replaces/overfill-while-pending       | order_fill REPLACE_PENDING -> overfill            | last_quantity=11
fill while cancel pending        | cancels/fill-while-pending            | order_fill CANCEL_PENDING -> CANCEL_PENDING       | cumulative=4 leaves=6
part, complete, cancel rejected  | cancels/part-then-complete-while-pending | order_cancel_rejected CANCEL_PENDING -> FILLED | cumulative=10
cancel rejected, complete fill   | cancels/rejected-after-complete-fill  | order_cancel_rejected CANCEL_PENDING -> FILLED    | cumulative=10 leaves=0
cancelled with leaves 0          | cancels/confirmed-with-nothing-left   | order_cancelled CANCEL_PENDING -> FILLED          | cumulative=10 leaves=0
cancel crosses the ack           | cancels/crosses-the-acknowledgement   | order_accepted CANCEL_PENDING -> CANCEL_PENDING   | orders.o1.status=CANCELLED
unsolicited cancel pending       | cancels/unsolicited-pending           | cancel_order CANCEL_PENDING -> cancel_already_pending |
flip through zero with fee       | money/flip-through-zero-with-fee      | order_fill ACCEPTED -> FILLED                     | cash_delta=549 realised_delta=20 positions.v1:i1.open_cost=-330
base fee on a buy                | money/base-fee-on-a-buy               | order_fill ACCEPTED -> FILLED                     | fee_asset=base position_delta=0.99
base fee on a sell               | money/base-fee-on-a-sell              | order_fill ACCEPTED -> FILLED                     | fee_asset=base position_delta=-1.01
base fee crosses zero            | money/base-fee-crosses-zero           | order_fill ACCEPTED -> FILLED                     | fee_asset=base realised_delta=-10 positions.v1:i1.open_cost=0
rebate                           | money/rebate                          | order_fill ACCEPTED -> FILLED                     | fee=-0.1 cash_delta=-99.9
other asset's fee back to zero   | money/other-asset-fee-back-to-zero    | order_fill PARTIALLY_FILLED -> FILLED             | fee=-0.1 fee_asset=BNB fees={}
reduce-only, by the order        | reduce-only/from-flat                 | place_order UNKNOWN -> reduce_only_violation      | reduce_only=true
reduce-only, by the flag         | reduce-only/by-flag                   | place_order UNKNOWN -> CREATED                    | order_id=o2 orders.o2.reduce_only=true
reduce-only, leaves of others    | reduce-only/leaves-of-others          | place_order UNKNOWN -> reduce_only_violation      | order_id=o3 quantity=5
reduce-only, wrong side          | reduce-only/wrong-side                | place_order UNKNOWN -> reduce_only_violation      | side=sell positions.v1:i1.quantity=-2
residue-free closing             | rounding/thirds-leave-no-residue      | order_fill PARTIALLY_FILLED -> FILLED             | realised_delta=-0.0000000033333333 positions.v1:i1.open_cost=0
half-even, down, long            | rounding/tie-down                     | order_fill ACCEPTED -> FILLED                     | realised_delta=0 positions.v1:i1.open_cost=0.0000000000000001
half-even, up, long              | rounding/tie-up                       | order_fill ACCEPTED -> FILLED                     | realised_delta=-0.0000000000000002
half-even, down, short           | rounding/tie-down-of-a-short          | order_fill ACCEPTED -> FILLED                     | realised_delta=0 positions.v1:i1.open_cost=-0.0000000000000001
half-even, up, short             | rounding/tie-up-of-a-short            | order_fill ACCEPTED -> FILLED                     | realised_delta=0.0000000000000002
half-even, middle of a quote     | market-data/quote-tie-up              | quote - -> ok                                     | marks.v1:i1=0.00000002
out of range, cash               | bounds/cash-by-adjustment             | cash_adjustment - -> out_of_range                 | cash=1000000000000000000000
out of range, cash of a fill     | bounds/cash-by-a-fill                 | order_fill ACCEPTED -> out_of_range               | idempotency_keys={}
out of range, position           | bounds/position                       | order_fill PARTIALLY_FILLED -> out_of_range       | positions.v1:i1.quantity=90000000000
sequence gap                     | sequence-time/gap                     | timer - -> ok                                     | seq_id=5 last_seq_id=5
sequence regression              | sequence-time/regression              | timer - -> sequence_regression                    | seq_id=4 last_seq_id=5
time regression                  | sequence-time/time-regression         | trade - -> time_regression                        | marks.v1:i1=100
equal time                       | sequence-time/equal-time              | quote - -> ok                                     | clock.market_data:v1:i1=2
instrument mismatch              | refusals/instrument-mismatch          | order_fill ACCEPTED -> instrument_mismatch        |
venue mismatch                   | refusals/venue-mismatch               | order_cancelled ACCEPTED -> instrument_mismatch   |
unknown order                    | refusals/unknown-order                | order_submitted UNKNOWN -> unknown_order          | order_id=o2
duplicate order id               | refusals/duplicate-order-id           | place_order CREATED -> duplicate_order_id         | orders.o1.side=buy
price mismatch, market           | refusals/price-mismatch-market        | place_order UNKNOWN -> price_mismatch             | order_type=market
price mismatch, limit            | refusals/price-mismatch-limit         | place_order UNKNOWN -> price_mismatch             | order_type=limit
price mismatch, stop             | refusals/price-mismatch-stop          | place_order UNKNOWN -> price_mismatch             | order_type=stop
price mismatch, stop_limit       | refusals/price-mismatch-stop-limit    | place_order UNKNOWN -> price_mismatch             | order_type=stop_limit
halt                             | risk/halt                             | place_order UNKNOWN -> trading_halted             | orders.o1.status=CREATED
malformed_type                   | malformed/type                        | timer - -> malformed_type                         | last_seq_id=1
malformed_field                  | malformed/field                       | place_order UNKNOWN -> malformed_field            | side=Buy
malformed_number                 | malformed/number                      | place_order UNKNOWN -> malformed_number           | quantity=0
malformed_identifier             | malformed/identifier                  | timer - -> malformed_identifier                   |
a venue with a colon             | malformed/venue-with-a-colon          | trade - -> malformed_identifier                   | marks.v1:i:1=100
malformed key stays unused       | malformed/changes-nothing             | timer - -> malformed_type                         | idempotency_keys.k1=* last_seq_id=1
"""  # noqa: E501 - one row a line

ROWS = [*table(EFFECTS), *table(BUG_CLASSES)]


@cache
def fixture_at(path: Path) -> Fixture:
    """The fixture in a file, read once; reading checks its form and its hash."""
    return read_fixture(path)


def read_all() -> list[tuple[Path, Fixture]]:
    """Every fixture, in order of path."""
    return [(path, fixture_at(path)) for path in FIXTURES]


def expected_of(fixture: Fixture) -> ExpectedTrace:
    """The expected trace, which a reviewed fixture always has."""
    assert fixture.expected is not None
    return fixture.expected


def traced(fixture: Fixture) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each step `TYPE STATUS -> ANSWER`, and every field that it, its result and its transition have."""
    book = OrderBook()
    for step, outcome in zip(fixture.steps, expected_of(fixture).outcomes, strict=True):
        before = book.context(step)
        book.observe(step, outcome)
        moves = outcome.get("transitions", [])
        after = moves[0]["to"] if moves else outcome["code"]
        yield (
            f"{step_kind(step)} {before} -> {after}",
            {**step["payload"], **outcome, **(moves[0] if moves else {})},
        )


def shown(value: Any) -> str:
    """A value as the tables write it: text as it is, all else as JSON."""
    return value if type(value) is str else json.dumps(value)


def holds(claim: str, fields: dict[str, Any], state: dict[str, Any]) -> bool:
    """Whether `name=value` holds of the step's fields, or `place.in.the.state=value` of the state; `*` is any value."""
    name, _, wanted = claim.partition("=")
    value: Any = fields
    if "." in name or name not in fields:
        value = state
    for part in name.split("."):
        if part not in value:
            return False
        value = value[part]
    return wanted in ("*", shown(value))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_row(row: list[str]) -> None:
    """The row's fixture has a step of that type, status before and answer, of which the rest of the row holds."""
    _, name, wanted, claims = row
    fixture = fixture_at(CORPUS / "fixtures" / f"{name}.json")
    state = expected_of(fixture).state
    steps = [(fields, text) for text, fields in traced(fixture) if text == wanted]
    assert steps, f"{name} has no step {wanted!r}, it has {[text for text, _ in traced(fixture)]}"
    missed = [[claim for claim in claims.split() if not holds(claim, fields, state)] for fields, _ in steps]
    assert [] in missed, f"{name}: of {wanted!r} these do not hold: {missed}"


def test_every_step_type_has_a_row() -> None:
    """The effect rows are those of sections 3 and 5: every type of step, and `order_cancelled` twice."""
    named = {row[0] for row in table(EFFECTS)}
    assert named == {*INTENT_TYPES, *EVENT_TYPES, "order_cancelled, no leaves"}
    applied = {row[2].split()[0] for row in table(EFFECTS) if row[2].split()[-1] in (*STATUSES, "ok")}
    assert applied == {*INTENT_TYPES, *EVENT_TYPES}


def test_rows_are_named_once() -> None:
    """No bug class stands twice, so a fixture cannot be lost behind another of its class."""
    named = [row[0] for row in table(BUG_CLASSES)]
    assert len(set(named)) == len(named)


def test_every_code_occurs() -> None:
    """Each code that the engine can answer with is the answer to some step of some fixture, and no other code is."""
    seen = {outcome["code"] for _, fixture in read_all() for outcome in expected_of(fixture).outcomes}
    assert seen == {*CODES, *MALFORMED_CODES}


def test_every_refusal_of_a_report_occurs() -> None:
    """Every type of broker report is refused by some fixture, not only applied."""
    steps = [text.split() for _, fixture in read_all() for text, _ in traced(fixture)]
    refused = {step_type for step_type, *_, code in steps if code in CODES}
    assert set(REPORT_TYPES) <= refused


def test_every_canary_has_a_fixture() -> None:
    """Each planted bug, in Python and in Rust, is named by a fixture that fails on it, and nothing else is named."""
    named = {fixture.fails_on for _, fixture in read_all()} - {None}
    assert named == {canary.name for canary in (*(mistake.canary for mistake in MISTAKES), *RUST_CANARIES)}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.canary.name)
def test_fixtures_fail_on_their_canary(mistake: Any) -> None:
    """A fixture that names a canary does fail on it: its trace can still tell right from wrong."""
    named = [(path, fixture) for path, fixture in read_all() if fixture.fails_on == mistake.canary.name]
    assert named, f"no fixture names {mistake.canary.name}"
    for path, fixture in named:
        subject = MistakenCore(mistake)
        subject.start(fixture.config)
        outcomes = [answer(subject, step) for step in fixture.steps]
        answered = ExpectedTrace(subject.observe(), subject.digest(), outcomes)
        assert trace_difference(expected_of(fixture), answered) is not None, f"{path} holds on {mistake.canary.name}"


def test_fixtures_are_plain() -> None:
    """Each fixture was judged by the page, says why in a sentence, applies a step, and lies under a plain name."""
    for path, fixture in read_all():
        assert fixture.target == "cracktrader" and fixture.verdict == "specification", path
        assert fixture.sentence[0].isupper() and fixture.sentence.endswith("."), path
        assert any(outcome["outcome"] == "applied" for outcome in expected_of(fixture).outcomes), path
        assert FILE_NAME.fullmatch(path.name) and re.fullmatch("[a-z0-9-]+", path.stem), path
        assert path.parent.parent == CORPUS / "fixtures", f"{path}: fixtures lie one folder deep"


def test_readme_lists_the_areas() -> None:
    """The table of areas in corpus/README.md has a row for each folder of fixtures, and no other."""
    text = (CORPUS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)/` \|", text, re.MULTILINE)
    assert listed == sorted(listed) and set(listed) == {path.parent.name for path in FIXTURES}
