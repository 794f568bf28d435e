//! What the core is said to have answered: a result's wire dict, checked for its shape and for nothing else.

use crate::decimal::Decimal;
use crate::domain::{Identifier, Status};
use crate::error::Malformed;
use crate::fields::{Cursor, Entry, Field, Need, Record, Schema, identifier, integer, member};
use crate::numbers::{Grid, MONEY_BOUND, MONEY_DECIMALS, QUANTITY_BOUND, UNIT_DECIMALS};
use crate::results::{Code, Outcome};
use crate::value::Value;

/// The fields of a result.
pub const RESULT: Schema = &[
    (Field::Outcome, Need::Required),
    (Field::Code, Need::Required),
    (Field::SeqId, Need::Required),
    (Field::OrderId, Need::Required),
    (Field::Transitions, Need::Required),
    (Field::CashDelta, Need::Required),
    (Field::PositionDelta, Need::Required),
    (Field::RealisedDelta, Need::Required),
];
/// Where the transitions stand in `RESULT`.
pub const TRANSITIONS_PLACE: usize = 4;
/// The fields of a transition.
pub const TRANSITION: Schema = &[
    (Field::OrderId, Need::Required),
    (Field::From, Need::Required),
    (Field::To, Need::Required),
    (Field::Cumulative, Need::Required),
    (Field::Leaves, Need::Required),
];

const FILLED: Grid = Grid::new(UNIT_DECIMALS, 0, QUANTITY_BOUND);
const POSITION_DELTA: Grid = Grid::new(UNIT_DECIMALS, -2 * QUANTITY_BOUND, 2 * QUANTITY_BOUND);
const MONEY_DELTA: Grid = Grid::new(MONEY_DECIMALS, -2 * MONEY_BOUND, 2 * MONEY_BOUND);

/// A result, as it is claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of section 2 of docs/engine.md")]
pub struct Answer {
    pub outcome: Outcome,
    pub code: Code,
    pub seq_id: Option<i64>,
    pub order_id: Option<Identifier>,
    pub transitions: Vec<Claim>,
    /// In 1e-16.
    pub cash_delta: i128,
    /// In 1e-8.
    pub position_delta: i128,
    /// In 1e-16.
    pub realised_delta: i128,
}

/// A transition, as it is claimed; quantities in 1e-8.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of section 2 of docs/engine.md")]
pub struct Claim {
    pub order_id: Identifier,
    pub from: Option<Status>,
    pub to: Status,
    pub cumulative: i64,
    pub leaves: i64,
}

/// One entry of the list of transitions.
#[derive(Clone, Debug)]
pub enum Item<'a> {
    /// A dict, by `TRANSITION`.
    Dict(Box<Record<'a>>),
    /// Anything else.
    Other(Value<'a>),
}

impl Answer {
    /// Parses a result by `RESULT`. Its transitions come apart, `None` where they are no list.
    ///
    /// # Errors
    /// The first fault in the order of the page.
    pub fn parse(record: &Record<'_>, transitions: Option<&[Item<'_>]>) -> Result<Self, Malformed> {
        let mut fields = record.open("a result", RESULT)?;
        let transitions = transitions.ok_or_else(|| no_list(record))?;
        let outcome = fields.member(Outcome::parse, "applied, duplicate or rejected")?;
        let code = fields.member(Code::parse, "a code of docs/engine.md, section 7")?;
        let (seq_id, order_id) = (fields.optional(integer)?, fields.optional(identifier)?);
        fields.value();
        Ok(Self {
            outcome,
            code,
            seq_id,
            order_id,
            transitions: transitions.iter().map(Claim::parse).collect::<Result<_, _>>()?,
            cash_delta: decimal(fields.value(), MONEY_DELTA)?,
            position_delta: decimal(fields.value(), POSITION_DELTA)?,
            realised_delta: decimal(fields.value(), MONEY_DELTA)?,
        })
    }

    /// Whether the step is said to have been applied.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        self.outcome == Outcome::Applied
    }

    /// The first transition, if it is of this order.
    #[must_use]
    pub fn first_of(&self, order_id: &Identifier) -> Option<&Claim> {
        self.transitions.first().filter(|claim| claim.order_id == *order_id)
    }

    /// The first delta that is not zero, as a text.
    #[must_use]
    pub fn first_effect(&self) -> Option<String> {
        let deltas = [
            (self.cash_delta, MONEY_DECIMALS),
            (self.position_delta, UNIT_DECIMALS),
            (self.realised_delta, MONEY_DECIMALS),
        ];
        let first = deltas.into_iter().find(|(units, _)| *units != 0);
        first.map(|(units, decimals)| Decimal::of(units, decimals).as_str().to_owned())
    }
}

impl Claim {
    fn parse(item: &Item<'_>) -> Result<Self, Malformed> {
        match item {
            Item::Other(value) => Err(value.wrong_type("a transition", "a dict")),
            Item::Dict(record) => Self::parse_fields(&mut record.open("a transition", TRANSITION)?),
        }
    }

    fn parse_fields(fields: &mut Cursor<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            order_id: fields.identifier()?,
            from: fields.optional(status)?,
            to: status(fields.value())?,
            cumulative: quantity(fields.value())?,
            leaves: quantity(fields.value())?,
        })
    }
}

/// Reads a digest: null, or 64 lower-case hexadecimal digits.
///
/// # Errors
/// `malformed_type`, `malformed_field`.
pub fn read_digest<'a>(value: &Value<'a>) -> Result<Option<&'a str>, Malformed> {
    match value {
        Value::Null => Ok(None),
        Value::Text(text) if is_digest(text) => Ok(Some(text)),
        Value::Text(_) | Value::BadText(_) => {
            let found = value.describe();
            Err(Malformed::field(format!(
                "digest is {found}: give 64 lower-case hexadecimal digits, or null"
            )))
        }
        other => Err(other.wrong_type("digest", "a string")),
    }
}

/// Whether a text is a digest.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn no_list(record: &Record<'_>) -> Malformed {
    let found = record.values[TRANSITIONS_PLACE].as_ref().unwrap_or(&Value::Null);
    found.wrong_type("transitions", "a list")
}

fn status(entry: Entry<'_>) -> Result<Status, Malformed> {
    member(entry, Status::parse, "a status of docs/engine.md, section 4")
}

fn quantity(entry: Entry<'_>) -> Result<i64, Malformed> {
    let units = decimal(entry, FILLED)?;
    i64::try_from(units).map_err(|_| no_decimal(entry))
}

fn decimal(entry: Entry<'_>, grid: Grid) -> Result<i128, Malformed> {
    match entry.1 {
        Value::Text(text) => grid.parse_canonical(text).ok_or_else(|| no_decimal(entry)),
        Value::BadText(_) => Err(no_decimal(entry)),
        other => Err(other.wrong_type(entry.0, "a string")),
    }
}

fn no_decimal((field, value): Entry<'_>) -> Malformed {
    let found = value.describe();
    Malformed::number(format!(
        "{field} is {found}: give a canonical decimal within its bound, as the core does"
    ))
}
