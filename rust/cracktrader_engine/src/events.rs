//! Events, from the venue to the core: their types and their parsing.
//!
//! Promises: a parsed event is well formed to the last field.
//! Does not: look at any state. Costs: the identifiers of an event are allocated, its numbers are not.

use crate::domain::{AdjustmentReason, FeeAsset, Flag, Identifier, Source, Symbol, closed_set};
use crate::error::Malformed;
use crate::fields::{Cursor, Field, Need, Record, Schema, free_text, identifier, identifier_as, small};
use crate::numbers::{BASE_FEE, MONEY, PRICE, QUANTITY, VOLUME};
use crate::value::Value;

closed_set!(
    /// The types of events.
    EventType {
        OrderSubmitted = "order_submitted",
        OrderAccepted = "order_accepted",
        OrderRejected = "order_rejected",
        OrderTriggered = "order_triggered",
        OrderFill = "order_fill",
        OrderCancelPending = "order_cancel_pending",
        OrderCancelled = "order_cancelled",
        OrderCancelRejected = "order_cancel_rejected",
        OrderReplacePending = "order_replace_pending",
        OrderReplaced = "order_replaced",
        OrderReplaceRejected = "order_replace_rejected",
        OrderRestated = "order_restated",
        OrderExpired = "order_expired",
        Trade = "trade",
        Bar = "bar",
        Quote = "quote",
        Timer = "timer",
        CashAdjustment = "cash_adjustment",
        RiskFlag = "risk_flag",
    }
);

/// An event: the envelope and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The sequence number; 0 while the event is not sequenced.
    pub seq_id: i64,
    /// When it happened.
    pub event_time: i64,
    /// When it was taken in; no part of the content.
    pub ingest_time: i64,
    /// Its venue and instrument.
    pub symbol: Symbol,
    /// The type.
    pub event_type: EventType,
    /// The payload.
    pub payload: Payload,
    /// The key by which a repetition is known.
    pub idempotency_key: Option<Identifier>,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A report about an order.
    Report {
        /// The order.
        order_id: Identifier,
        /// What is reported.
        report: Report,
    },
    /// A trade on the market.
    Trade {
        /// In 1e-8.
        price: i64,
        /// In 1e-8.
        quantity: i64,
    },
    /// A bar: open, high, low and close in 1e-8, and the volume in 1e-8.
    Bar([i64; 5]),
    /// A quote.
    Quote {
        /// In 1e-8.
        bid: i64,
        /// In 1e-8.
        ask: i64,
    },
    /// A timer that went off.
    Timer {
        /// The name of the timer.
        name: Identifier,
    },
    /// Cash that comes or goes.
    CashAdjustment {
        /// What is added to cash, in 1e-16.
        amount: i128,
        /// A label.
        reason: AdjustmentReason,
    },
    /// A risk flag that is set or cleared.
    RiskFlag {
        /// Which.
        flag: Flag,
        /// To what.
        on: bool,
    },
}

/// What a venue reports about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// One of the ten reports that say nothing but their type and perhaps a reason.
    Notice(Option<Box<str>>),
    /// An execution.
    Fill(Fill),
    /// A replace that took effect.
    Replaced(Amendment),
    /// A new total quantity in 1e-8, unasked for.
    Restated(i64),
}

/// An execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// In 1e-8.
    pub last_quantity: i64,
    /// In 1e-8.
    pub last_price: i64,
    /// In 1e-8 for a fee in the base asset, else in 1e-16.
    pub fee: i128,
    /// What the fee is paid in.
    pub fee_asset: FeeAsset,
}

/// The terms that a replace names, in 1e-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// The new total.
    pub quantity: Option<i64>,
    /// The new limit price.
    pub limit_price: Option<i64>,
    /// The new stop price.
    pub stop_price: Option<i64>,
}

impl EventType {
    /// The source whose own this type is.
    #[must_use]
    pub const fn source(self) -> Source {
        match self {
            Self::Trade | Self::Bar | Self::Quote => Source::MarketData,
            Self::Timer => Source::Timer,
            Self::CashAdjustment | Self::RiskFlag => Source::Control,
            _ => Source::BrokerReport,
        }
    }

    /// The fields of the payload.
    #[must_use]
    pub const fn schema(self) -> Schema {
        use Field::{
            Amount, Ask, Bid, Close, Fee, FeeAsset, Flag, High, LastPrice, LastQuantity, LimitPrice, Low,
            Name, On, Open, OrderId, Price, Quantity, Reason, StopPrice, Volume,
        };
        use Need::{Optional, Required};
        match self {
            Self::OrderFill => &[
                (OrderId, Required),
                (LastQuantity, Required),
                (LastPrice, Required),
                (Fee, Required),
                (FeeAsset, Required),
            ],
            Self::OrderReplaced => {
                &[(OrderId, Required), (Quantity, Optional), (LimitPrice, Optional), (StopPrice, Optional)]
            }
            Self::OrderRestated => &[(OrderId, Required), (Quantity, Required)],
            Self::Trade => &[(Price, Required), (Quantity, Required)],
            Self::Bar => {
                &[(Open, Required), (High, Required), (Low, Required), (Close, Required), (Volume, Required)]
            }
            Self::Quote => &[(Bid, Required), (Ask, Required)],
            Self::Timer => &[(Name, Required)],
            Self::CashAdjustment => &[(Amount, Required), (Reason, Required)],
            Self::RiskFlag => &[(Flag, Required), (On, Required)],
            _ => &[(OrderId, Required), (Reason, Optional)],
        }
    }
}

/// The envelope of an event, checked; its payload is still to be read.
#[derive(Clone, Debug)]
pub struct Envelope {
    seq_id: i64,
    event_time: i64,
    ingest_time: i64,
    symbol: Symbol,
    event_type: EventType,
    idempotency_key: Option<Identifier>,
}

impl Envelope {
    /// The fields of an event.
    pub const SCHEMA: Schema = &[
        (Field::SeqId, Need::Required),
        (Field::EventTime, Need::Required),
        (Field::IngestTime, Need::Required),
        (Field::Source, Need::Required),
        (Field::Venue, Need::Required),
        (Field::Instrument, Need::Required),
        (Field::EventType, Need::Required),
        (Field::Payload, Need::Required),
        (Field::IdempotencyKey, Need::Required),
    ];
    /// Where the payload stands in `SCHEMA`.
    pub const PAYLOAD: usize = 7;
    /// The fields of an event that is not sequenced.
    pub const UNSEQUENCED: Schema = Self::SCHEMA.split_at(1).1;

    /// Parses all but the payload.
    ///
    /// # Errors
    /// Steps 2 to 4 of the shape checks.
    pub fn parse(record: &Record<'_>) -> Result<Self, Malformed> {
        let mut fields = record.open("an event", Self::SCHEMA)?;
        let seq_id = fields.integer()?;
        Self::parse_rest(seq_id, fields)
    }

    /// Parses all but the payload of an event that is not sequenced.
    ///
    /// # Errors
    /// As `parse`.
    pub fn parse_unsequenced(record: &Record<'_>) -> Result<Self, Malformed> {
        Self::parse_rest(0, record.open("an unsequenced event", Self::UNSEQUENCED)?)
    }

    fn parse_rest(seq_id: i64, mut fields: Cursor<'_>) -> Result<Self, Malformed> {
        let (event_time, ingest_time) = (fields.integer()?, fields.integer()?);
        let source = fields.member(Source::parse, "market_data, broker_report, timer or control")?;
        let symbol = fields.symbol()?;
        let event_type = fields.member(EventType::parse, "an event type of docs/engine.md, section 5")?;
        expect_dict(&mut fields)?;
        let idempotency_key = fields.optional(identifier)?;
        if event_type.source() != source {
            return Err(source_fault(source, event_type));
        }
        Ok(Self { seq_id, event_time, ingest_time, symbol, event_type, idempotency_key })
    }

    /// The fields that the payload has.
    #[must_use]
    pub fn payload_schema(&self) -> Schema {
        self.event_type.schema()
    }

    /// Parses the payload, which completes the event.
    ///
    /// # Errors
    /// Step 5 of the shape checks.
    pub fn with_payload(self, record: &Record<'_>) -> Result<Event, Malformed> {
        let event_type = self.event_type;
        let mut fields = record.open(event_type.name(), event_type.schema())?;
        let payload = Payload::parse(event_type, &mut fields)?;
        let Self { seq_id, event_time, ingest_time, symbol, idempotency_key, .. } = self;
        Ok(Event { seq_id, event_time, ingest_time, symbol, event_type, payload, idempotency_key })
    }
}

fn source_fault(source: Source, event_type: EventType) -> Malformed {
    let (found, name, own) = (source.name(), event_type.name(), event_type.source().name());
    Malformed::field(format!("event_type {name:?} came under source {found:?}: send it under {own:?}"))
}

/// Passes over a payload, which has to be an exact dict.
pub(crate) fn expect_dict(fields: &mut Cursor<'_>) -> Result<(), Malformed> {
    match fields.value() {
        (_, Value::Dict) => Ok(()),
        (field, other) => Err(other.wrong_type(field, "a dict")),
    }
}

impl Payload {
    fn parse(event_type: EventType, fields: &mut Cursor<'_>) -> Result<Self, Malformed> {
        Ok(match event_type {
            EventType::Trade => Self::Trade { price: fields.price()?, quantity: fields.quantity()? },
            EventType::Bar => {
                let mut prices = || fields.price();
                let [open, high, low, close] = [prices()?, prices()?, prices()?, prices()?];
                Self::Bar([open, high, low, close, small(VOLUME)(fields.value())?])
            }
            EventType::Quote => Self::Quote { bid: fields.price()?, ask: fields.price()? },
            EventType::Timer => Self::Timer { name: fields.identifier()? },
            EventType::CashAdjustment => {
                let (field, amount) = fields.value();
                let amount = MONEY.read(field, amount)?;
                let reason = fields.member(AdjustmentReason::parse, "deposit, withdrawal or funding")?;
                Self::CashAdjustment { amount, reason }
            }
            EventType::RiskFlag => {
                let flag = fields.member(Flag::parse, "halt or reduce_only")?;
                Self::RiskFlag { flag, on: fields.flag()? }
            }
            report => Self::Report { order_id: fields.identifier()?, report: Report::parse(report, fields)? },
        })
    }

    /// The order that the payload names.
    #[must_use]
    pub const fn order_id(&self) -> Option<&Identifier> {
        match self {
            Self::Report { order_id, .. } => Some(order_id),
            _ => None,
        }
    }

    /// The order that the payload names, taken out of it.
    #[must_use]
    pub fn into_order_id(self) -> Option<Identifier> {
        match self {
            Self::Report { order_id, .. } => Some(order_id),
            _ => None,
        }
    }
}

impl Report {
    fn parse(event_type: EventType, fields: &mut Cursor<'_>) -> Result<Self, Malformed> {
        Ok(match event_type {
            EventType::OrderFill => Self::Fill(Fill::parse(fields)?),
            EventType::OrderReplaced => Self::Replaced(Amendment::parse(fields)?),
            EventType::OrderRestated => Self::Restated(fields.quantity()?),
            _ => Self::Notice(fields.optional(free_text)?),
        })
    }
}

impl Fill {
    /// The fee is read last: its grid follows the fee's asset.
    fn parse(fields: &mut Cursor<'_>) -> Result<Self, Malformed> {
        let (last_quantity, last_price) = (fields.quantity()?, fields.price()?);
        let (field, fee) = fields.value();
        let fee_asset = identifier_as(fields.value(), FeeAsset::parse)?;
        let grid = if fee_asset == FeeAsset::Base { BASE_FEE } else { MONEY };
        Ok(Self { last_quantity, last_price, fee: grid.read(field, fee)?, fee_asset })
    }
}

impl Amendment {
    /// Reads quantity?, `limit_price`? and `stop_price`?.
    pub(crate) fn parse(fields: &mut Cursor<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            quantity: fields.optional(small(QUANTITY))?,
            limit_price: fields.optional(small(PRICE))?,
            stop_price: fields.optional(small(PRICE))?,
        })
    }
}
