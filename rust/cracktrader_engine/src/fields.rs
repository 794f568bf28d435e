//! Wire dicts as the parsers see them: the names of the fields, and a cursor over a record.
//!
//! Promises: the checks of a record run in the order of section 2 of `docs/engine.md`, first its keys, then
//! its fields as they are listed. Does not: know where the values come from (`python/reading.rs` brings
//! them). Costs: nothing is copied; an error message is made on the bad path only.

use crate::domain::{Identifier, Symbol, closed_set, is_identifier};
use crate::error::{Malformed, quoted};
use crate::numbers::{Grid, PRICE, QUANTITY};
use crate::value::Value;

closed_set!(
    /// Every field that is read by its name: of events and intents, of results, and of raw venue data.
    Field {
        SeqId = "seq_id",
        EventTime = "event_time",
        IngestTime = "ingest_time",
        Source = "source",
        Venue = "venue",
        Instrument = "instrument",
        EventType = "event_type",
        Payload = "payload",
        IdempotencyKey = "idempotency_key",
        IntentType = "intent_type",
        StrategyId = "strategy_id",
        OrderId = "order_id",
        Reason = "reason",
        LastQuantity = "last_quantity",
        LastPrice = "last_price",
        Fee = "fee",
        FeeAsset = "fee_asset",
        Quantity = "quantity",
        LimitPrice = "limit_price",
        StopPrice = "stop_price",
        Price = "price",
        Open = "open",
        High = "high",
        Low = "low",
        Close = "close",
        Volume = "volume",
        Bid = "bid",
        Ask = "ask",
        Name = "name",
        Amount = "amount",
        Flag = "flag",
        On = "on",
        Side = "side",
        OrderType = "order_type",
        TimeInForce = "time_in_force",
        ReduceOnly = "reduce_only",
        Outcome = "outcome",
        Code = "code",
        Transitions = "transitions",
        CashDelta = "cash_delta",
        PositionDelta = "position_delta",
        RealisedDelta = "realised_delta",
        From = "from",
        To = "to",
        Cumulative = "cumulative",
        Leaves = "leaves",
        Timestamp = "timestamp",
        Symbol = "symbol",
        Status = "status",
        ClientOrderId = "clientOrderId",
        Id = "id",
        RawStopPrice = "stopPrice",
        Order = "order",
        Currency = "currency",
        Cost = "cost",
    }
);

/// The most fields that one record has: those of `place_order`.
pub const FIELDS_MAX: usize = 10;
/// The longest free text, in code points, by section 2 of the page.
pub const TEXT_MAX: usize = 256;

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The key is required.
    Required,
    /// The key may be left out, and its value may be null.
    Optional,
}

/// The fields of a record, in the order in which they are checked.
pub type Schema = &'static [(Field, Need)];

/// The values of a dict in the order of its schema, and the name of a key that is not in it.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    /// One value for each field of the schema; the rest is unused.
    pub values: [Option<Value<'a>>; FIELDS_MAX],
    /// A key that the schema does not name, described.
    pub unknown_key: Option<String>,
}

/// Reads the fields of a record one after the other.
pub struct Cursor<'a> {
    rest: std::iter::Zip<std::slice::Iter<'static, (Field, Need)>, std::slice::Iter<'a, Option<Value<'a>>>>,
}

/// A field and its value; an absent value is null.
pub type Entry<'a> = (&'static str, &'a Value<'a>);

impl<'a> Record<'a> {
    /// Checks the keys and opens the record. `what` names it in messages.
    ///
    /// # Errors
    /// `malformed_field` for a missing or an unknown key.
    pub fn open(&'a self, what: &str, schema: Schema) -> Result<Cursor<'a>, Malformed> {
        for ((field, need), value) in schema.iter().zip(&self.values) {
            if *need == Need::Required && value.is_none() {
                return Err(key_fault(what, schema, &format!("lacks the key {:?}", field.name())));
            }
        }
        match &self.unknown_key {
            Some(key) => Err(key_fault(what, schema, &format!("has the unknown key {key}"))),
            None => Ok(Cursor { rest: schema.iter().zip(&self.values) }),
        }
    }
}

fn key_fault(what: &str, schema: Schema, fault: &str) -> Malformed {
    let names: Vec<_> = schema
        .iter()
        .map(|(field, need)| format!("{}{}", field.name(), if *need == Need::Optional { "?" } else { "" }))
        .collect();
    Malformed::field(format!("{what} {fault}: its keys are [{}], where ? may be left out", names.join(", ")))
}

impl<'a> Cursor<'a> {
    /// The next field as it came.
    pub fn value(&mut self) -> Entry<'a> {
        const ABSENT: &Value<'_> = &Value::Null;
        self.rest
            .next()
            .map_or(("", ABSENT), |((field, _), value)| (field.name(), value.as_ref().unwrap_or(ABSENT)))
    }

    /// The next field, `None` where it is null or absent.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(Entry<'a>) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        match self.value() {
            (_, Value::Null) => Ok(None),
            entry => read(entry).map(Some),
        }
    }

    /// The next field, a member of a closed set.
    ///
    /// # Errors
    /// As `member`.
    pub fn member<T>(&mut self, parse: fn(&str) -> Option<T>, names: &str) -> Result<T, Malformed> {
        member(self.value(), parse, names)
    }

    /// The next field, an identifier.
    ///
    /// # Errors
    /// As `identifier`.
    pub fn identifier(&mut self) -> Result<Identifier, Malformed> {
        identifier(self.value())
    }

    /// The next two fields, a venue and an instrument.
    ///
    /// # Errors
    /// `malformed_type`, or `malformed_identifier` also for a colon in the venue.
    pub fn symbol(&mut self) -> Result<Symbol, Malformed> {
        let venue = venue(self.value())?;
        identifier_as(self.value(), |instrument| {
            is_identifier(instrument).then(|| Symbol::join(venue, instrument))
        })
    }

    /// The next field, an order or fill quantity.
    ///
    /// # Errors
    /// As `Grid::read`.
    pub fn quantity(&mut self) -> Result<i64, Malformed> {
        small(QUANTITY)(self.value())
    }

    /// The next field, a price.
    ///
    /// # Errors
    /// As `Grid::read`.
    pub fn price(&mut self) -> Result<i64, Malformed> {
        small(PRICE)(self.value())
    }

    /// The next field, a sequence number or a time: 0 .. 2^63-1.
    ///
    /// # Errors
    /// `malformed_type` or `malformed_number`.
    pub fn integer(&mut self) -> Result<i64, Malformed> {
        integer(self.value())
    }

    /// The next field, a flag.
    ///
    /// # Errors
    /// `malformed_type`.
    pub fn flag(&mut self) -> Result<bool, Malformed> {
        flag(self.value())
    }
}

/// Reads a sequence number, a time or a count: 0 .. 2^63-1.
///
/// # Errors
/// `malformed_type` or `malformed_number`.
pub fn integer((field, value): Entry<'_>) -> Result<i64, Malformed> {
    let number = match value {
        Value::Int(number) => i64::try_from(*number).ok().filter(|number| *number >= 0),
        Value::HugeInt => None,
        other => return Err(other.wrong_type(field, "an int")),
    };
    number.ok_or_else(|| {
        Malformed::number(format!("{field} is {}: give an int from 0 to {}", value.describe(), i64::MAX))
    })
}

/// Reads a venue: an identifier without a colon.
///
/// # Errors
/// `malformed_type` or `malformed_identifier`.
pub fn venue((field, value): Entry<'_>) -> Result<&str, Malformed> {
    let venue = identifier_as((field, value), |text| is_identifier(text).then_some(text))?;
    if venue.contains(':') {
        let found = quoted(venue);
        return Err(Malformed::identifier(format!("{field} is {found}: take the colon out of it")));
    }
    Ok(venue)
}

/// Reads a flag.
///
/// # Errors
/// `malformed_type`.
pub fn flag((field, value): Entry<'_>) -> Result<bool, Malformed> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        other => Err(other.wrong_type(field, "a boolean")),
    }
}

/// Reads a number of a grid that fits 64 bits.
pub fn small(grid: Grid) -> impl Fn(Entry<'_>) -> Result<i64, Malformed> {
    move |(field, value)| grid.read_small(field, value)
}

/// Reads a member of a closed set, given as `names` in messages.
///
/// # Errors
/// `malformed_type`, or `malformed_field` for an unknown name.
pub fn member<T>(
    (field, value): Entry<'_>,
    parse: fn(&str) -> Option<T>,
    names: &str,
) -> Result<T, Malformed> {
    text(field, value)?
        .and_then(parse)
        .ok_or_else(|| Malformed::field(format!("{field} is {}: give {names}", value.describe())))
}

/// Reads an identifier.
///
/// # Errors
/// `malformed_type` or `malformed_identifier`.
pub fn identifier(entry: Entry<'_>) -> Result<Identifier, Malformed> {
    identifier_as(entry, Identifier::parse)
}

/// Reads what `parse` makes of an identifier.
///
/// # Errors
/// As `identifier`.
pub fn identifier_as<'a, T>(
    (field, value): Entry<'a>,
    parse: impl FnOnce(&'a str) -> Option<T>,
) -> Result<T, Malformed> {
    text(field, value)?.and_then(parse).ok_or_else(|| {
        let found = value.describe();
        Malformed::identifier(format!("{field} is {found}: give 1 to 64 visible ASCII characters, ! to ~"))
    })
}

/// Reads a free text.
///
/// # Errors
/// `malformed_type`, or `malformed_field` for a text that is too long or has a lone surrogate.
pub fn free_text((field, value): Entry<'_>) -> Result<Box<str>, Malformed> {
    let fits = |text: &&str| text.len() <= TEXT_MAX || text.chars().nth(TEXT_MAX).is_none();
    text(field, value)?.filter(fits).map(Into::into).ok_or_else(|| {
        let found = value.describe();
        Malformed::field(format!("{field} is {found}: give at most {TEXT_MAX} code points of Unicode text"))
    })
}

/// The text of a string, `None` for one that no field takes.
fn text<'a>(field: &str, value: &Value<'a>) -> Result<Option<&'a str>, Malformed> {
    match value {
        Value::Text(text) => Ok(Some(text)),
        Value::BadText(_) => Ok(None),
        other => Err(other.wrong_type(field, "a string")),
    }
}
