"""A case as an integration test of the pure Rust crate: no Python, no JSON reader, the public parsers and the core.

It asserts the outcomes of the other subject of the pair, the code, the transition and the deltas of every step, and
the whole state at the end. Put it under `rust/cracktrader_engine/tests/`; where the pair has a canary, run it with
`--features canary`. Wire values that the crate's `Value` does not have become `Value::Other`, as in the binding.
"""

import json
from typing import Any

from cracktrader_fuzz.case.codec import canonical_json, content_hash
from cracktrader_fuzz.case.model import Outcome, Step
from cracktrader_fuzz.errors import EmitError
from cracktrader_fuzz.target.target import Emission
from cracktrader_strategies.emit.seats import RUST, plant_of, require_core

INT_BITS = 127  # `Value::Int` holds an `i128`: 127 bits and the sign

_TEMPLATE = """\
//! {title}
//!
//! Compares the Rust core with the outcomes of {reference}, on {count} steps{needs}.
{gate}
{core}use cracktrader_engine::decimal::Decimal;
use cracktrader_engine::error::Malformed;
use cracktrader_engine::fields::{{Record, Schema}};
use cracktrader_engine::numbers::{{MONEY, MONEY_DECIMALS, UNIT_DECIMALS}};
use cracktrader_engine::results::StepResult;
use cracktrader_engine::value::Value;
use cracktrader_engine::{{events, intents}};

type Dict<'a> = &'a [(&'a str, Value<'a>)];

fn record<'a>(schema: Schema, dict: Dict<'a>) -> Record<'a> {{
    let mut record = Record::default();
    for (name, value) in dict {{
        match schema.iter().position(|(field, _)| field.name() == *name) {{
            Some(place) => record.values[place] = Some(value.clone()),
            None => record.unknown_key = Some((*name).to_owned()),
        }}
    }}
    record
}}

#[allow(dead_code, reason = "a case may have no event")]
fn event(core: &mut Core, envelope: Dict<'_>, payload: Dict<'_>) -> Result<StepResult, Malformed> {{
    let envelope = events::Envelope::parse(&record(events::Envelope::SCHEMA, envelope))?;
    let schema = envelope.payload_schema();
    Ok(core.apply_event(envelope.with_payload(&record(schema, payload))?))
}}

#[allow(dead_code, reason = "a case may have no intent")]
fn intent(core: &mut Core, envelope: Dict<'_>, payload: Dict<'_>) -> Result<StepResult, Malformed> {{
    let envelope = intents::Envelope::parse(&record(intents::Envelope::SCHEMA, envelope))?;
    let schema = envelope.payload_schema();
    Ok(core.process_intent(envelope.with_payload(&record(schema, payload))?))
}}

/// Code, order, transition, and what moved: everything in a result but the number it was sent with.
fn shown(answer: Result<StepResult, Malformed>) -> String {{
    let result = match answer {{
        Ok(result) => result,
        Err(fault) => return fault.code.name().to_owned(),
    }};
    let order_id = result.order_id.as_ref().map_or("-", |id| id.as_str());
    let transition = result.transition.map_or_else(String::new, |moved| {{
        let from = moved.from.map_or("new", |status| status.name());
        let (cumulative, leaves) = (units(moved.cumulative), units(moved.leaves));
        format!(" {{from}}>{{}} {{cumulative}} {{leaves}}", moved.to.name())
    }});
    let seq_id = result.seq_id.map_or_else(|| "-".to_owned(), |seq_id| seq_id.to_string());
    let (cash, realised) = (money(result.deltas.cash), money(result.deltas.realised));
    let position = units(result.deltas.position);
    format!("{{}} {{seq_id}} {{order_id}}{{transition}} {{cash}} {{position}} {{realised}}", result.code.name())
}}

fn units(units: impl Into<i128>) -> String {{
    Decimal::of(units, UNIT_DECIMALS).as_str().to_owned()
}}

fn money(units: i128) -> String {{
    Decimal::of(units, MONEY_DECIMALS).as_str().to_owned()
}}

/// Every step has the outcome of {reference}, and the state at the end is the same.
#[test]
fn case_{hash}() {{
{plant}    let mut core = Core::new(MONEY.read("initial_cash", &{cash}).expect("initial cash"));
{steps}
    let state = {state};
    assert_eq!(core.snapshot().canonical(), state);
}}
"""

_CORE_USE = "use cracktrader_engine::core::DeterministicCore as Core;\n"
_CANARY_USE = """\
use cracktrader_engine::canary::planted_core::PlantedCore as Core;
use cracktrader_engine::canary::{Canary, plant};
"""
_CANARY_PLANT = '    plant(Some(Canary::parse("{plant}").expect("a planted bug of this build")));\n'


def emit_rust(emission: Emission) -> str:
    """The file's text. Raises EmitError when the pair has no Rust core, or the other subject crashed."""
    reference, plant = _roles(tuple(emission.answers))
    outcomes, state = emission.answers[reference]
    for outcome in outcomes:
        if outcome["outcome"] == "crashed":
            raise EmitError(
                f"{reference} crashed ({outcome['code']}): there is no answer to hold the Rust core against"
            )
    return _TEMPLATE.format(
        title=json.dumps(emission.signature)[1:-1] or "A case of the Rust core.",
        reference=reference,
        count=len(emission.case.steps),
        needs="; needs `--features canary`" if plant else "",
        gate='#![cfg(feature = "canary")]\n' if plant else "",
        core=_CANARY_USE if plant else _CORE_USE,
        plant=_CANARY_PLANT.format(plant=plant) if plant else "",
        hash=content_hash(emission.case)[:8],
        cash=_value(emission.case.config.get("initial_cash", 0)),
        steps="\n".join(
            _step(step, _shown(answer)) for step, answer in zip(emission.case.steps, outcomes, strict=True)
        ),
        state=_raw(canonical_json(state)),
    )


def _roles(names: tuple[str, ...]) -> tuple[str, str]:
    """The subject whose outcomes are expected, and the bug that is planted in the Rust core ("" for none)."""
    for name in names:
        require_core(name)
    rust = [name for name in names if name == RUST or plant_of(name)]
    if not rust:
        raise EmitError(f"{' and '.join(names)}: neither is the Rust core: emit pytest instead")
    tested = next((name for name in rust if plant_of(name)), RUST)
    reference = next(name for name in names if name != tested)
    return reference, plant_of(tested) or ""


def _shown(outcome: Outcome) -> str:
    """The outcome as the emitted `shown` writes it."""
    if outcome["outcome"] == "refused":
        return str(outcome["code"])
    moved = "".join(
        f" {each['from'] or 'new'}>{each['to']} {each['cumulative']} {each['leaves']}"
        for each in outcome["transitions"]
    )
    seq_id = "-" if outcome["seq_id"] is None else outcome["seq_id"]
    deltas = " ".join(outcome[key] for key in ("cash_delta", "position_delta", "realised_delta"))
    return f"{outcome['code']} {seq_id} {outcome['order_id'] or '-'}{moved} {deltas}"


def _step(step: Step, expected: str) -> str:
    call = "intent" if "intent_type" in step else "event"
    payload = step.get("payload")
    inner = _dict(payload) if isinstance(payload, dict) else "&[]"
    return (
        f"    let answer = {call}(\n        &mut core,\n        {_dict(step)},\n        {inner},\n    );\n"
        f"    assert_eq!(shown(answer), {_raw(expected)});"
    )


def _dict(fields: dict[str, Any]) -> str:
    entries = "".join(f"\n            ({_raw(key)}, {_value(value)})," for key, value in fields.items())
    return f"&[{entries}\n        ]" if entries else "&[]"


def _value(value: Any) -> str:
    """A wire value as the binding would read it."""
    if value is None:
        return "Value::Null"
    if isinstance(value, bool):
        return f"Value::Flag({str(value).lower()})"
    if isinstance(value, int):
        return f"Value::Int({value})" if value.bit_length() <= INT_BITS else "Value::HugeInt"
    if isinstance(value, float):
        return f"Value::Float({value!r})"
    if isinstance(value, str):
        return f"Value::Text({_raw(value)})" if _is_text(value) else 'Value::BadText("a lone surrogate".to_owned())'
    return "Value::Dict" if isinstance(value, dict) else f'Value::Other("{type(value).__name__}".to_owned())'


def _is_text(value: str) -> bool:
    return not any(0xD800 <= ord(each) <= 0xDFFF for each in value)


def _raw(text: str) -> str:
    """A Rust string literal in ASCII."""
    return '"' + "".join(_escaped(each) for each in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if " " <= character <= "~" else f"\\u{{{ord(character):x}}}"
