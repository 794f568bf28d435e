//! The normaliser: raw venue data, shaped as ccxt shapes it, to unsequenced events; see `docs/runtime.md`,
//! section 2.
//!
//! Promises: the same arguments always give the same answer; the first fault in the order of the page
//! decides. Does not: keep a state, read a clock, look at fields that are not listed. Costs: one SHA-256 for
//! a report.

mod fault;
mod fee;
mod schemas;

use crate::domain::{Identifier, Symbol, closed_set};
use crate::error::Malformed;
use crate::events::{Amendment, Event, EventType, Fill, Payload, Report};
use crate::fields::{Cursor, Entry, Record, free_text, identifier, integer, small, venue};
use crate::fingerprint::Fingerprint;
use crate::numbers::{PRICE, QUANTITY, VOLUME};
use crate::value::Value;
pub use fault::{RawCode, RawFault};
use fee::{FREE, read_fee};
pub use schemas::{BAR, FEE, FEE_PLACE, FILL, ORDER, TICK, TIMER};

closed_set!(
    /// Where the data comes from; decides whether a time may be missing.
    Mode { Live = "live", Paper = "paper", Backtest = "backtest" }
);
closed_set!(
    /// The status of an order as a venue tells it.
    RawStatus {
        Pending = "pending",
        Open = "open",
        Rejected = "rejected",
        Triggered = "triggered",
        Canceling = "canceling",
        Canceled = "canceled",
        Closed = "closed",
        CancelRejected = "cancel_rejected",
        Replacing = "replacing",
        Replaced = "replaced",
        ReplaceRejected = "replace_rejected",
        Restated = "restated",
        Expired = "expired",
    }
);

/// The latest time in milliseconds whose nanoseconds fit 63 bits.
const TIMESTAMP_MAX: i128 = 9_223_372_036_854;
/// In a millisecond: venues tell the one, events the other.
const NANOSECONDS: i64 = 1_000_000;

/// The normaliser.
#[derive(Clone, Copy, Debug)]
pub struct EventNormalizer {
    mode: Mode,
}

/// Where raw data comes from, and when it was taken in.
#[derive(Clone, Debug)]
pub struct Origin {
    venue: String,
    ingest_time: Option<i64>,
}

/// The arguments beside raw market data.
#[derive(Clone, Debug)]
pub struct Market {
    origin: Origin,
    symbol: Symbol,
    bar_ms: i64,
}

/// Raw market data.
#[derive(Clone, Debug)]
pub enum RawMarket<'a> {
    /// A list of six entries, by `BAR`.
    Bar(Record<'a>),
    /// A list of another length.
    OddList(usize),
    /// A dict, by `TICK`.
    Tick(Record<'a>),
}

impl Origin {
    /// Checks the arguments that every method has.
    ///
    /// # Errors
    /// `malformed_type`, `malformed_identifier`, `malformed_number`.
    pub fn parse(venue_argument: &Value<'_>, ingest_time: &Value<'_>) -> Result<Self, Malformed> {
        let venue = venue(("venue", venue_argument))?.to_owned();
        Ok(Self { venue, ingest_time: optional_integer(("ingest_time", ingest_time))? })
    }

    /// The symbol of an instrument of this venue.
    fn symbol(&self, instrument: &Identifier) -> Symbol {
        Symbol::join(&self.venue, instrument.as_str())
    }
}

impl Market {
    /// Checks the arguments of `market_data`, in the order of its signature.
    ///
    /// # Errors
    /// As `Origin::parse`.
    pub fn parse(
        venue_argument: &Value<'_>,
        symbol: &Value<'_>,
        ingest_time: &Value<'_>,
        bar_ms: &Value<'_>,
    ) -> Result<Self, Malformed> {
        let venue = venue(("venue", venue_argument))?.to_owned();
        let symbol = Symbol::join(&venue, identifier(("symbol", symbol))?.as_str());
        let origin = Origin { venue, ingest_time: optional_integer(("ingest_time", ingest_time))? };
        Ok(Self { origin, symbol, bar_ms: integer(("bar_ms", bar_ms))? })
    }
}

impl EventNormalizer {
    /// A normaliser of a mode.
    #[must_use]
    pub const fn new(mode: Mode) -> Self {
        Self { mode }
    }

    /// The report that an order of `ORDER` stands for; `None` for a closed one, which its fills tell.
    ///
    /// # Errors
    /// The first fault of the table of the page.
    pub fn order(self, origin: &Origin, raw: &Record<'_>) -> Result<Option<Event>, RawFault> {
        let mut fields = raw.open("an order", ORDER)?;
        let stamp = self.stamp(origin, fields.value(), 0)?;
        let symbol = origin.symbol(&identifier(required(fields.value())?)?);
        let event_type = status(required(fields.value())?)?.event_type();
        let order_id = order_id(fields.value(), fields.value())?;
        let report = report(event_type, &mut fields)?;
        let Some(event_type) = event_type else { return Ok(None) };
        let mut event = stamp.event(symbol, event_type, Payload::Report { order_id, report });
        if stamp.is_said {
            event.idempotency_key = key("o-", Fingerprint::of(&event));
        }
        Ok(Some(event))
    }

    /// The fill that a trade of `FILL` with a fee of `FEE` stands for.
    ///
    /// # Errors
    /// As `order`.
    pub fn fill(self, origin: &Origin, raw: &Record<'_>, fee: &Record<'_>) -> Result<Event, RawFault> {
        let mut fields = raw.open("a fill", FILL)?;
        let stamp = self.stamp(origin, fields.value(), 0)?;
        let instrument = identifier(required(fields.value())?)?;
        let id = first_identifier([fields.value()])?;
        let order_id = order_id(fields.value(), fields.value())?;
        let last_quantity = small(QUANTITY)(required(fields.value())?)?;
        let last_price = small(PRICE)(required(fields.value())?)?;
        let (fee_asset, fee) = match fields.value() {
            (_, Value::Null) => FREE,
            (_, Value::Dict) => read_fee(instrument.as_str(), fee)?,
            (field, other) => return Err(other.wrong_type(field, "a dict").into()),
        };
        let report = Report::Fill(Fill { last_quantity, last_price, fee, fee_asset });
        let payload = Payload::Report { order_id, report };
        let mut event = stamp.event(origin.symbol(&instrument), EventType::OrderFill, payload);
        let named = format!("{} {} {}", origin.venue, instrument.as_str(), id.as_str());
        event.idempotency_key = key("f-", Fingerprint::of_text(&named));
        Ok(event)
    }

    /// The timer event that a timer of `TIMER` stands for.
    ///
    /// # Errors
    /// As `order`.
    pub fn timer(self, origin: &Origin, raw: &Record<'_>) -> Result<Event, RawFault> {
        let mut fields = raw.open("a timer", TIMER)?;
        let stamp = self.stamp(origin, fields.value(), 0)?;
        let symbol = match fields.optional(identifier)? {
            Some(instrument) => origin.symbol(&instrument),
            None => Symbol::join(&origin.venue, "-"),
        };
        let name = identifier(required(fields.value())?)?;
        Ok(stamp.event(symbol, EventType::Timer, Payload::Timer { name }))
    }

    /// The event that market data stands for.
    ///
    /// # Errors
    /// As `order`.
    pub fn market_data(self, market: Market, raw: &RawMarket<'_>) -> Result<Event, RawFault> {
        match raw {
            RawMarket::Bar(entries) => self.bar(market, entries),
            RawMarket::Tick(fields) => self.tick(market, fields),
            RawMarket::OddList(length) => Err(odd_list(*length).into()),
        }
    }

    /// A candle is stamped when it opens, and known when it closes.
    fn bar(self, market: Market, raw: &Record<'_>) -> Result<Event, RawFault> {
        let mut fields = raw.open("a bar", BAR)?;
        let stamp = self.stamp(&market.origin, fields.value(), market.bar_ms)?;
        let mut prices = || price(&mut fields);
        let [open, high, low, close] = [prices()?, prices()?, prices()?, prices()?];
        let volume = small(VOLUME)(required(fields.value())?)?;
        Ok(stamp.event(market.symbol, EventType::Bar, Payload::Bar([open, high, low, close, volume])))
    }

    fn tick(self, market: Market, raw: &Record<'_>) -> Result<Event, RawFault> {
        let mut fields = raw.open("market data", TICK)?;
        let stamp = self.stamp(&market.origin, fields.value(), 0)?;
        let (bid, ask) = (fields.value(), fields.value());
        if *bid.1 == Value::Null && *ask.1 == Value::Null {
            let price = price(&mut fields)?;
            let quantity = small(QUANTITY)(required(fields.value())?)?;
            return Ok(stamp.event(market.symbol, EventType::Trade, Payload::Trade { price, quantity }));
        }
        let (bid, ask) = (small(PRICE)(required(bid)?)?, small(PRICE)(required(ask)?)?);
        Ok(stamp.event(market.symbol, EventType::Quote, Payload::Quote { bid, ask }))
    }

    fn stamp(self, origin: &Origin, (field, value): Entry<'_>, added_ms: i64) -> Result<Stamp, RawFault> {
        let milliseconds = match value {
            Value::Null => return self.stamp_of_ingest(origin),
            Value::Int(milliseconds) => Some(*milliseconds).filter(|time| (0..=TIMESTAMP_MAX).contains(time)),
            Value::HugeInt => None,
            other => return Err(other.wrong_type(field, "an int of milliseconds").into()),
        };
        let known =
            milliseconds.map(|time| time + i128::from(added_ms)).filter(|time| *time <= TIMESTAMP_MAX);
        let known = known.and_then(|time| i64::try_from(time).ok()).ok_or_else(|| {
            let found = value.describe();
            Malformed::number(format!(
                "{field} is {found}, and {added_ms} are added: give milliseconds whose sum is from 0 to \
                 {TIMESTAMP_MAX}"
            ))
        })?;
        let event_time = known * NANOSECONDS;
        Ok(Stamp { event_time, ingest_time: origin.ingest_time.unwrap_or(event_time), is_said: true })
    }

    fn stamp_of_ingest(self, origin: &Origin) -> Result<Stamp, RawFault> {
        let may = matches!(self.mode, Mode::Live | Mode::Paper);
        match origin.ingest_time.filter(|_| may) {
            Some(time) => Ok(Stamp { event_time: time, ingest_time: time, is_said: false }),
            None => Err(RawFault::missing_timestamp(self.mode.name())),
        }
    }
}

/// When something happened, when it was taken in, and whether the venue said so.
struct Stamp {
    event_time: i64,
    ingest_time: i64,
    is_said: bool,
}

impl Stamp {
    fn event(&self, symbol: Symbol, event_type: EventType, payload: Payload) -> Event {
        let Self { event_time, ingest_time, .. } = *self;
        Event { seq_id: 0, event_time, ingest_time, symbol, event_type, payload, idempotency_key: None }
    }
}

impl RawStatus {
    const fn event_type(self) -> Option<EventType> {
        Some(match self {
            Self::Pending => EventType::OrderSubmitted,
            Self::Open => EventType::OrderAccepted,
            Self::Rejected => EventType::OrderRejected,
            Self::Triggered => EventType::OrderTriggered,
            Self::Canceling => EventType::OrderCancelPending,
            Self::Canceled => EventType::OrderCancelled,
            Self::CancelRejected => EventType::OrderCancelRejected,
            Self::Replacing => EventType::OrderReplacePending,
            Self::Replaced => EventType::OrderReplaced,
            Self::ReplaceRejected => EventType::OrderReplaceRejected,
            Self::Restated => EventType::OrderRestated,
            Self::Expired => EventType::OrderExpired,
            Self::Closed => return None,
        })
    }
}

fn optional_integer(entry: Entry<'_>) -> Result<Option<i64>, Malformed> {
    if *entry.1 == Value::Null { Ok(None) } else { integer(entry).map(Some) }
}

/// The entry, which must not be null or absent.
fn required((field, value): Entry<'_>) -> Result<Entry<'_>, Malformed> {
    if *value == Value::Null {
        return Err(Malformed::field(format!(
            "{field} is absent or null: raw data of this kind must have it"
        )));
    }
    Ok((field, value))
}

fn status((field, value): Entry<'_>) -> Result<RawStatus, RawFault> {
    match value {
        Value::Text(text) => RawStatus::parse(text).ok_or_else(|| RawFault::unknown_status(value)),
        Value::BadText(_) => Err(RawFault::unknown_status(value)),
        other => Err(other.wrong_type(field, "a string").into()),
    }
}

/// The core knows an order by the id that the strategy gave it, so that one is asked first.
fn order_id(client_order_id: Entry<'_>, id: Entry<'_>) -> Result<Identifier, RawFault> {
    first_identifier([client_order_id, id])
}

fn first_identifier<const N: usize>(entries: [Entry<'_>; N]) -> Result<Identifier, RawFault> {
    let names = entries.map(|(field, _)| field);
    let first = entries.into_iter().find(|(_, value)| **value != Value::Null);
    Ok(identifier(first.ok_or_else(|| RawFault::missing_id(&names))?)?)
}

/// What a report says beside its type. A closed order makes no report, and is still read to its reason.
fn report(event_type: Option<EventType>, fields: &mut Cursor<'_>) -> Result<Report, Malformed> {
    let reason = fields.value();
    Ok(match event_type {
        Some(EventType::OrderReplaced) => Report::Replaced(Amendment::parse(fields)?),
        Some(EventType::OrderRestated) => Report::Restated(small(QUANTITY)(required(fields.value())?)?),
        _ if *reason.1 == Value::Null => Report::Notice(None),
        _ => Report::Notice(Some(free_text(reason)?)),
    })
}

fn price(fields: &mut Cursor<'_>) -> Result<i64, Malformed> {
    small(PRICE)(required(fields.value())?)
}

fn key(prefix: &str, fingerprint: Fingerprint) -> Option<Identifier> {
    Identifier::parse(&format!("{prefix}{}", fingerprint.to_text()))
}

fn odd_list(length: usize) -> Malformed {
    Malformed::field(format!(
        "a bar of {length} entries: give six, timestamp, open, high, low, close and volume"
    ))
}
