"""The JSON Schemas of the boundary: they allow what the engine hands out, and nothing that is not in its closed sets.

Every fixture of corpus/, every answer and state of the fuzz gate on both backends, and every record of a
run are held against them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import settings

from cracktrader.engine.domain import PHASES, SOURCES, STATUSES
from cracktrader.engine.error import MalformedInputError
from cracktrader.engine.events import EVENT_FIELDS, EVENT_SHAPES, EVENT_TYPES, canonical_event, canonical_unsequenced
from cracktrader.engine.intents import INTENT_FIELDS, INTENT_SHAPES, INTENT_TYPES, canonical_intent
from cracktrader.engine.record import RECORD_FIELDS
from cracktrader.engine.results import CODES, OUTCOMES, RESULT_FIELDS, TRANSITION_FIELDS
from cracktrader.engine.runner import EngineRunner
from cracktrader.engine.rust_bridge import build_core
from cracktrader.engine.schema_contracts import SCHEMA_NAMES, SchemaContracts, SchemaName, SchemaViolationError
from cracktrader.engine.snapshot import SnapshotWire
from cracktrader_fuzz.corpus.rerun import fixture_paths
from cracktrader_fuzz.lockstep.run import Lockstep
from cracktrader_fuzz.testing.gate import run_gate
from cracktrader_strategies.subjects.cores import CoreSubject, PythonCore, RustCore
from cracktrader_strategies.target import CRACKTRADER

ROOT = Path(__file__).parents[3]
CORPUS = fixture_paths(ROOT / "corpus")
GATE_SHARDS, GATE_STEPS = 4, 150  # those of tests/differential/test_gate.py

Wire = dict[str, Any]


@pytest.fixture(scope="module")
def contracts() -> SchemaContracts:
    """The schemas of the repository."""
    return SchemaContracts()


def canonical(step: Wire) -> tuple[SchemaName, Any] | None:
    """The schema of a step, and its canonical form; None for a malformed one."""
    try:
        if "intent_type" in step:
            return "engine_intent", canonical_intent(step)
        return "engine_event", canonical_event(step)
    except MalformedInputError:
        return None


class Validating:
    """A subject whose steps, answers and states are all held against the schemas."""

    def __init__(self, subject: CoreSubject, contracts: SchemaContracts) -> None:
        self.subject, self.contracts, self.checked = subject, contracts, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.subject, name)

    def step(self, step: Wire) -> Wire:
        """The subject's answer, checked as the step is."""
        answer = self.subject.step(step)
        if answer["outcome"] != "refused":
            self.contracts.check("transition_result", answer)
            schema, document = canonical(step) or ("engine_event", None)
            self.contracts.check(schema, document)
            self.checked += 1
        return answer

    def observe(self) -> Wire:
        """The subject's state, checked."""
        state = self.subject.observe()
        self.contracts.check("core_snapshot", state)
        return state


def test_six_schemas_of_the_draft_with_their_version(contracts: SchemaContracts) -> None:
    """There are six files and no more, each a valid schema of draft 2020-12 with its version in its name."""
    files = {path.name for path in (ROOT / "schemas" / "engine").iterdir()}
    assert files == {f"{name}.schema.json" for name in SCHEMA_NAMES}
    for name, schema in contracts.schemas.items():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"urn:cracktrader:engine:{name}:1"
        jsonschema_rs.meta.validate(schema)


def objects(schema: Any) -> Iterator[Wire]:
    """Every part of a schema that describes the properties of an object of its own."""
    if isinstance(schema, dict):
        if "required" in schema and schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def test_no_unknown_properties(contracts: SchemaContracts) -> None:
    """Every object is closed, and all of its properties are required."""
    for schema in contracts.schemas.values():
        found = list(objects(schema))
        assert found
        for each in found:
            assert each["additionalProperties"] is False
            assert sorted(each["required"]) == sorted(each["properties"])


def test_closed_sets_and_fields_are_the_engines(contracts: SchemaContracts) -> None:
    """Words and keys stand in the schemas as they stand in the code, in the same order."""
    schemas = contracts.schemas
    event, intent, result = (schemas[name] for name in ("engine_event", "engine_intent", "transition_result"))
    transition, snapshot = schemas["order_transition"], schemas["core_snapshot"]
    assert tuple(event["properties"]) == EVENT_FIELDS
    assert tuple(event["properties"]["source"]["enum"]) == SOURCES
    assert set(event["properties"]["event_type"]["enum"]) == set(EVENT_TYPES)
    assert tuple(intent["properties"]) == INTENT_FIELDS
    assert tuple(intent["properties"]["intent_type"]["enum"]) == INTENT_TYPES
    assert tuple(result["properties"]) == RESULT_FIELDS
    assert (tuple(result["properties"]["outcome"]["enum"]), tuple(result["properties"]["code"]["enum"])) == (
        OUTCOMES,
        CODES,
    )
    assert tuple(transition["properties"]) == TRANSITION_FIELDS
    assert tuple(transition["$defs"]["status"]["enum"]) == STATUSES
    assert tuple(schemas["execution_step_result"]["properties"]) == RECORD_FIELDS
    assert tuple(snapshot["properties"]) == tuple(SnapshotWire.__annotations__)
    assert tuple(snapshot["$defs"]["order"]["properties"]["phase"]["enum"]) == PHASES


def test_payload_fields_are_the_engines(contracts: SchemaContracts) -> None:
    """Each type's payload has the fields of its shape, and the source that is its own."""
    event = contracts.schemas["engine_event"]
    rules = {rule["if"]["properties"]["event_type"]["const"]: rule for rule in event["$defs"]["byType"]["allOf"]}
    for source, shapes in EVENT_SHAPES.items():
        for event_type, shape in shapes.items():
            then = rules.pop(event_type)["then"]["properties"]
            payload = event["$defs"]["report"] if "$ref" in then["payload"] else then["payload"]
            assert (then["source"]["const"], tuple(payload["properties"])) == (source, shape.names)
    assert not rules
    for rule in contracts.schemas["engine_intent"]["allOf"]:
        shape = INTENT_SHAPES[rule["if"]["properties"]["intent_type"]["const"]]
        assert tuple(rule["then"]["properties"]["payload"]["properties"]) == shape.names


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_corpus(contracts: SchemaContracts, path: Path) -> None:
    """Steps in canonical form, expected answers and expected states are what the schemas allow."""
    fixture = json.loads(path.read_bytes())
    for step in fixture["steps"]:
        told = canonical(step)
        if told is not None:
            contracts.check(*told)
    if fixture["expected"] is not None:
        contracts.check("core_snapshot", fixture["expected"]["state"])
        for outcome in fixture["expected"]["outcomes"]:
            if outcome["outcome"] != "refused":
                contracts.check("transition_result", outcome)
                for moved in outcome["transitions"]:
                    contracts.check("order_transition", moved)


@pytest.mark.parametrize("shard", range(GATE_SHARDS))
def test_every_result_of_the_gate(contracts: SchemaContracts, shard: int) -> None:
    """On all cases of the gate every step, answer and state is allowed, on both backends."""
    seats = [
        (name, Validating(subject, contracts)) for name, subject in (("python", PythonCore()), ("rust", RustCore()))
    ]
    profile = settings.get_profile("pr")
    applied = run_gate(Lockstep(CRACKTRADER, seats), GATE_STEPS, profile, shard)
    for _, subject in seats:
        subject.observe()
        assert subject.checked > applied > profile.max_examples


def run_records() -> list[Any]:
    """The records of a short run with a deposit, an order, and a second placing that is refused."""
    deposit = {"event_time": 1, "ingest_time": 1, "source": "control", "venue": "-", "instrument": "-"}
    deposit |= {"event_type": "cash_adjustment", "payload": {"amount": "5.5", "reason": "deposit"}}
    order = {"order_id": "o1", "venue": "V", "instrument": "I", "side": "buy", "order_type": "market", "quantity": 1}
    place = {"intent_type": "place_order", "payload": order, "strategy_id": "s"}
    report = deposit | {"source": "broker_report", "event_type": "order_submitted", "payload": {"order_id": "o1"}}
    report |= {"idempotency_key": None, "venue": "V", "instrument": "I"}
    records: list[Any] = []
    runner = EngineRunner(
        build_core(),
        strategy=lambda context: [place, place] if context.step == 0 else None,
        broker=lambda _, accepted: [report] if accepted else None,
        observers=[lambda record, _: records.append(record)],
    )
    runner.ingest([(deposit | {"idempotency_key": "d1"}, 0)])
    while runner.step() is not None:
        pass
    return records


def test_records_of_a_run(contracts: SchemaContracts) -> None:
    """Every record of the log is an execution step result."""
    records = run_records()
    assert [len(record["intents"]) for record in records] == [2, 0]
    for record in records:
        contracts.check("execution_step_result", record)
        contracts.check("core_snapshot", build_core().snapshot())


EVENT: Wire = canonical_event(
    {
        "seq_id": 1,
        "event_time": 1,
        "ingest_time": 1,
        "source": "broker_report",
        "venue": "V",
        "instrument": "I",
        "event_type": "order_fill",
        "payload": {"order_id": "o", "last_quantity": 1, "last_price": -1, "fee": "0.5", "fee_asset": "base"},
        "idempotency_key": "k",
    }
)  # type: ignore[assignment]

REFUSED: list[tuple[Wire, Wire]] = [
    ({"seq_id": -1}, {}),
    ({"seq_id": 2**63}, {}),
    ({"seq_id": 1.5}, {}),
    ({"seq_id": "1"}, {}),
    ({"source": "timer"}, {}),
    ({"source": "market"}, {}),
    ({"venue": "a:b"}, {}),
    ({"instrument": ""}, {}),
    ({"instrument": "x" * 65}, {}),
    ({"instrument": "a b"}, {}),
    ({"idempotency_key": ""}, {}),
    ({"more": 1}, {}),
    ({}, {"more": 1}),
    ({}, {"last_quantity": "0"}),
    ({}, {"last_quantity": "-1"}),
    ({}, {"last_quantity": "1.0"}),
    ({}, {"last_quantity": "01"}),
    ({}, {"last_quantity": "0.123456789"}),
    ({}, {"last_quantity": 1}),
    ({}, {"last_price": "-0"}),
    ({}, {"last_price": "1e3"}),
    ({}, {"last_price": "1\n"}),
    ({}, {"fee": "0.123456789"}),
    ({}, {"fee": None}),
]


@pytest.mark.parametrize(("change", "payload_change"), REFUSED, ids=lambda value: json.dumps(value)[:40])
def test_what_is_not_canonical_is_refused(contracts: SchemaContracts, change: Wire, payload_change: Wire) -> None:
    """One thing at a time is wrong with an event that is allowed, and then it is not."""
    contracts.check("engine_event", EVENT)
    event = deepcopy(EVENT) | change
    event["payload"] |= payload_change
    with pytest.raises(SchemaViolationError) as caught:
        contracts.check("engine_event", event)
    assert caught.value.schema == "engine_event"
    assert caught.value.path.startswith("/")
    if "seq_id" not in change:
        event.pop("seq_id")
        with pytest.raises(SchemaViolationError):
            contracts.check_unsequenced(event)


def test_unsequenced_events(contracts: SchemaContracts) -> None:
    """An event without its number is allowed as such and not as an event, and the other way round."""
    bare = {key: value for key, value in EVENT.items() if key != "seq_id"}
    contracts.check_unsequenced(canonical_unsequenced(bare))
    for check in (lambda: contracts.check("engine_event", bare), lambda: contracts.check_unsequenced(EVENT)):
        with pytest.raises(SchemaViolationError):
            check()


def test_fee_grid_follows_the_asset(contracts: SchemaContracts) -> None:
    """A fee in another asset than base may have 16 decimals."""
    event = deepcopy(EVENT)
    event["payload"] |= {"fee": "0.0000000000000001", "fee_asset": "BNB"}
    contracts.check("engine_event", event)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "rejected"},
        {"code": "overfill"},
        {"outcome": "duplicate", "code": "duplicate_event", "cash_delta": "1"},
        {"outcome": "rejected", "code": "duplicate_event"},
        {"code": "malformed_type"},
        {"transitions": [{}]},
        {"cash_delta": "-0"},
    ],
)
def test_results_that_contradict_themselves(contracts: SchemaContracts, change: Wire) -> None:
    """Outcome, code and effect belong together."""
    result: Any = build_core().process_intent({"intent_type": "no_op", "payload": {}, "strategy_id": "s"})
    contracts.check("transition_result", result)
    with pytest.raises(SchemaViolationError):
        contracts.check("transition_result", result | change)


def test_missing_directory_is_told(tmp_path: Path) -> None:
    """Without the files the error names the place and what to do."""
    with pytest.raises(FileNotFoundError, match="name the directory"):
        SchemaContracts(tmp_path)
