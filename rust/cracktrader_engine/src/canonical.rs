//! Events in canonical form: every field in the order of the page, numbers as canonical text, absent ones as
//! null.
//!
//! Promises: what is read back from a canonical form is the event that it was written from. Does not: bring
//! anything else into that form (`events` parses). Costs: one allocation for each text.

use std::borrow::Cow;

use crate::canonical_json::Json;
use crate::decimal::Decimal;
use crate::domain::{FeeAsset, Identifier};
use crate::error::Malformed;
use crate::events::{Amendment, Envelope, Event, Payload, Report};
use crate::fields::{Record, Schema};
use crate::numbers::{MONEY_DECIMALS, UNIT_DECIMALS};
use crate::value::Value;

/// An event with its nine keys.
#[must_use]
pub fn sequenced(event: &Event) -> Json {
    let envelope = [vec![Json::int(event.seq_id)], after_seq_id(event)].concat();
    record(Envelope::SCHEMA, envelope)
}

/// An event with all its keys but `seq_id`.
#[must_use]
pub fn unsequenced(event: &Event) -> Json {
    record(Envelope::UNSEQUENCED, after_seq_id(event))
}

/// Reads an event that is not sequenced from plain data.
///
/// # Errors
/// As the parsing of any such event.
pub fn read_unsequenced(data: &Json) -> Result<Event, Malformed> {
    let envelope = Envelope::parse_unsequenced(&view(data, Envelope::UNSEQUENCED))?;
    let payload = entries(data).iter().find(|(key, _)| key == "payload");
    let payload = payload.map(|(_, payload)| view(payload, envelope.payload_schema()));
    envelope.with_payload(&payload.unwrap_or_default())
}

fn record(schema: Schema, values: Vec<Json>) -> Json {
    let names = schema.iter().map(|(field, _)| field.name().into());
    Json::Map(names.zip(values).collect())
}

fn after_seq_id(event: &Event) -> Vec<Json> {
    let (venue, instrument) = event.symbol.parts();
    vec![
        Json::int(event.event_time),
        Json::int(event.ingest_time),
        Json::name(event.event_type.source().name()),
        Json::text(venue),
        Json::text(instrument),
        Json::name(event.event_type.name()),
        record(event.event_type.schema(), payload(&event.payload)),
        event.idempotency_key.as_ref().map_or(Json::Null, identifier),
    ]
}

/// The values of a payload in the order of its schema.
fn payload(payload: &Payload) -> Vec<Json> {
    match payload {
        Payload::Report { order_id, report: told } => [vec![identifier(order_id)], report(told)].concat(),
        Payload::Trade { price, quantity } => vec![unit(*price), unit(*quantity)],
        Payload::Bar(fields) => fields.iter().copied().map(unit).collect(),
        Payload::Quote { bid, ask } => vec![unit(*bid), unit(*ask)],
        Payload::Timer { name } => vec![identifier(name)],
        Payload::CashAdjustment { amount, reason } => {
            vec![decimal(*amount, MONEY_DECIMALS), Json::name(reason.name())]
        }
        Payload::RiskFlag { flag, on } => vec![Json::name(flag.name()), Json::Flag(*on)],
    }
}

fn report(report: &Report) -> Vec<Json> {
    match report {
        Report::Notice(reason) => vec![reason.as_deref().map_or(Json::Null, Json::text)],
        Report::Fill(fill) => {
            let decimals = if fill.fee_asset == FeeAsset::Base { UNIT_DECIMALS } else { MONEY_DECIMALS };
            let fee = decimal(fill.fee, decimals);
            vec![unit(fill.last_quantity), unit(fill.last_price), fee, Json::text(fill.fee_asset.as_str())]
        }
        Report::Replaced(Amendment { quantity, limit_price, stop_price }) => {
            [quantity, limit_price, stop_price].map(|number| number.map_or(Json::Null, unit)).to_vec()
        }
        Report::Restated(quantity) => vec![unit(*quantity)],
    }
}

fn identifier(identifier: &Identifier) -> Json {
    Json::text(identifier.as_str())
}

fn unit(units: i64) -> Json {
    decimal(units, UNIT_DECIMALS)
}

fn decimal(units: impl Into<i128>, decimals: u32) -> Json {
    Json::text(Decimal::of(units, decimals).as_str())
}

/// Plain data as a wire dict; anything but a map has no entries.
fn view(data: &Json, schema: Schema) -> Record<'_> {
    let mut record = Record::default();
    for (key, value) in entries(data) {
        match schema.iter().position(|(field, _)| field.name() == key.as_ref()) {
            Some(place) => record.values[place] = Some(scalar(value)),
            None => record.unknown_key = Some(Value::Text(key).describe()),
        }
    }
    record
}

fn entries(data: &Json) -> &[(Cow<'static, str>, Json)] {
    if let Json::Map(entries) = data { entries } else { &[] }
}

fn scalar(data: &Json) -> Value<'_> {
    match data {
        Json::Null => Value::Null,
        Json::Flag(flag) => Value::Flag(*flag),
        Json::Int(number) => Value::Int(*number),
        Json::Text(text) => Value::Text(text),
        Json::List(_) => Value::Other("list".to_owned()),
        Json::Map(_) => Value::Dict,
    }
}
