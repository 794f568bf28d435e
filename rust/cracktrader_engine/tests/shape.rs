//! The order of the shape checks, section 2 of `docs/engine.md`: the first fault gives the code.

use cracktrader_engine::error::Malformed;
use cracktrader_engine::events::{self, Event};
use cracktrader_engine::fields::{Record, Schema};
use cracktrader_engine::intents::{self, Intent};
use cracktrader_engine::value::Value;

/// A wire dict: what it says of some fields.
type Dict<'a> = Vec<(&'a str, Value<'a>)>;

fn record<'a>(schema: Schema, dict: &Dict<'a>) -> Record<'a> {
    let mut record = Record::default();
    for (name, value) in dict {
        match schema.iter().position(|(field, _)| field.name() == *name) {
            Some(place) => record.values[place] = Some(value.clone()),
            None => record.unknown_key = Some((*name).to_owned()),
        }
    }
    record
}

fn parse_event(envelope: &Dict<'_>, payload: &Dict<'_>) -> Result<Event, Malformed> {
    let envelope = events::Envelope::parse(&record(events::Envelope::SCHEMA, envelope))?;
    let schema = envelope.payload_schema();
    envelope.with_payload(&record(schema, payload))
}

fn parse_intent(envelope: &Dict<'_>, payload: &Dict<'_>) -> Result<Intent, Malformed> {
    let envelope = intents::Envelope::parse(&record(intents::Envelope::SCHEMA, envelope))?;
    let schema = envelope.payload_schema();
    envelope.with_payload(&record(schema, payload))
}

fn code<T>(parsed: Result<T, Malformed>) -> &'static str {
    parsed.map_or_else(|fault| fault.code.name(), |_| "ok")
}

fn fill_envelope() -> Dict<'static> {
    vec![
        ("seq_id", Value::Int(1)),
        ("event_time", Value::Int(1)),
        ("ingest_time", Value::Int(1)),
        ("source", Value::Text("broker_report")),
        ("venue", Value::Text("V")),
        ("instrument", Value::Text("I:J")),
        ("event_type", Value::Text("order_fill")),
        ("payload", Value::Dict),
        ("idempotency_key", Value::Null),
    ]
}

fn fill_payload() -> Dict<'static> {
    vec![
        ("order_id", Value::Text("o1")),
        ("last_quantity", Value::Text("0.5")),
        ("last_price", Value::Int(-3)),
        ("fee", Value::Float(0.25)),
        ("fee_asset", Value::Text("quote")),
    ]
}

/// The dict with one field changed, or with one more.
fn with<'a>(mut dict: Dict<'a>, name: &'a str, value: Value<'a>) -> Dict<'a> {
    match dict.iter_mut().find(|(field, _)| *field == name) {
        Some(entry) => entry.1 = value,
        None => dict.push((name, value)),
    }
    dict
}

fn without<'a>(mut dict: Dict<'a>, name: &str) -> Dict<'a> {
    dict.retain(|(field, _)| *field != name);
    dict
}

/// One wrong value in the envelope of a fill has the code of its field.
#[test]
fn one_fault_in_the_envelope() {
    assert_eq!(code(parse_event(&fill_envelope(), &fill_payload())), "ok");
    for (field, value, expected) in [
        ("seq_id", Value::Flag(true), "malformed_type"),
        ("seq_id", Value::Float(1.0), "malformed_type"),
        ("seq_id", Value::Int(-1), "malformed_number"),
        ("seq_id", Value::HugeInt, "malformed_number"),
        ("event_time", Value::Int(i128::from(i64::MAX) + 1), "malformed_number"),
        ("event_time", Value::Int(i128::from(i64::MAX)), "ok"),
        ("source", Value::Int(1), "malformed_type"),
        ("source", Value::Text("BROKER_REPORT"), "malformed_field"),
        ("source", Value::Text("timer"), "malformed_field"),
        ("venue", Value::Text(""), "malformed_identifier"),
        ("venue", Value::Text("V:W"), "malformed_identifier"),
        ("venue", Value::BadText(String::new()), "malformed_identifier"),
        ("instrument", Value::Text("a b"), "malformed_identifier"),
        ("instrument", Value::Null, "malformed_type"),
        ("event_type", Value::Text("order_filled"), "malformed_field"),
        ("payload", Value::Null, "malformed_type"),
        ("idempotency_key", Value::Int(1), "malformed_type"),
        ("idempotency_key", Value::Text("\u{e9}"), "malformed_identifier"),
        ("colour", Value::Null, "malformed_field"),
    ] {
        let label = format!("{field} {value:?}");
        assert_eq!(
            code(parse_event(&with(fill_envelope(), field, value), &fill_payload())),
            expected,
            "{label}"
        );
    }
    for (field, _) in fill_envelope() {
        assert_eq!(
            code(parse_event(&without(fill_envelope(), field), &fill_payload())),
            "malformed_field",
            "{field}"
        );
    }
}

/// One wrong value in the payload of a fill has the code of its field; the fee's grid follows its asset.
#[test]
fn one_fault_in_the_payload() {
    for (field, value, expected) in [
        ("order_id", Value::Null, "malformed_type"),
        ("last_quantity", Value::Int(0), "malformed_number"),
        ("last_quantity", Value::Text("10000000000"), "ok"),
        ("last_quantity", Value::Text("10000000000.00000001"), "malformed_number"),
        ("last_price", Value::Flag(true), "malformed_type"),
        ("fee", Value::Text("0.0000000000000001"), "ok"),
        ("fee", Value::Dict, "malformed_type"),
        ("fee_asset", Value::Text(" "), "malformed_identifier"),
        ("reason", Value::Null, "malformed_field"),
    ] {
        let label = format!("{field} {value:?}");
        assert_eq!(
            code(parse_event(&fill_envelope(), &with(fill_payload(), field, value))),
            expected,
            "{label}"
        );
    }
    let base = with(fill_payload(), "fee_asset", Value::Text("base"));
    let small_fee = with(base, "fee", Value::Text("0.0000000000000001"));
    assert_eq!(code(parse_event(&fill_envelope(), &small_fee)), "malformed_number");
}

/// Of two faults the one that is checked first gives the code.
#[test]
fn the_first_fault_decides() {
    let two = |first: (&'static str, Value<'static>), second: (&'static str, Value<'static>)| {
        with(with(fill_envelope(), first.0, first.1), second.0, second.1)
    };
    let keys_first = two(("seq_id", Value::Null), ("colour", Value::Null));
    assert_eq!(code(parse_event(&keys_first, &fill_payload())), "malformed_field");
    let listed_order = two(("idempotency_key", Value::Text("")), ("event_time", Value::Int(-1)));
    assert_eq!(code(parse_event(&listed_order, &fill_payload())), "malformed_number");
    let key_before_source = two(("source", Value::Text("timer")), ("idempotency_key", Value::Int(1)));
    assert_eq!(code(parse_event(&key_before_source, &fill_payload())), "malformed_type");
    let source_before_payload = with(fill_envelope(), "source", Value::Text("control"));
    assert_eq!(code(parse_event(&source_before_payload, &vec![])), "malformed_field");
    let asset_before_fee = with(with(fill_payload(), "fee", Value::Null), "fee_asset", Value::Text(""));
    assert_eq!(code(parse_event(&fill_envelope(), &asset_before_fee)), "malformed_identifier");
}

/// The defaults of a placed order are those of its absent and of its null fields.
#[test]
fn absent_and_null_mean_the_default() {
    let envelope = vec![
        ("intent_type", Value::Text("place_order")),
        ("payload", Value::Dict),
        ("strategy_id", Value::Text("s")),
    ];
    let payload = vec![
        ("order_id", Value::Text("o1")),
        ("venue", Value::Text("V")),
        ("instrument", Value::Text("I")),
        ("side", Value::Text("buy")),
        ("order_type", Value::Text("market")),
        ("quantity", Value::Int(1)),
    ];
    let optional = ["time_in_force", "limit_price", "stop_price", "reduce_only"];
    let nulls = optional.iter().fold(payload.clone(), |dict, name| with(dict, name, Value::Null));
    assert_eq!(parse_intent(&envelope, &payload), parse_intent(&envelope, &nulls));
    let named = with(payload, "time_in_force", Value::Text("gtc"));
    assert_eq!(parse_intent(&envelope, &named), parse_intent(&envelope, &nulls));
    assert_eq!(code(parse_intent(&envelope, &with(nulls, "reduce_only", Value::Int(0)))), "malformed_type");
}

/// A reason holds 256 code points, counted as such and not as bytes.
#[test]
fn reasons_are_counted_in_code_points() {
    let envelope = with(fill_envelope(), "event_type", Value::Text("order_expired"));
    for (length, expected) in [(256, "ok"), (257, "malformed_field")] {
        let reason = "\u{1f600}".repeat(length);
        let payload = vec![("order_id", Value::Text("o1")), ("reason", Value::Text(&reason))];
        assert_eq!(code(parse_event(&envelope, &payload)), expected, "{length}");
    }
}
