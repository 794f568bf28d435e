//! The words of the engine: closed sets, identifiers and symbols.
//!
//! Promises: a value of these types is valid; what a name says on the wire is said here once.
//! Does not: know numbers (`numbers`) or Python. Costs: one comparison by length and bytes to read a name.

use std::fmt;

/// Defines a closed set: the enum, its wire names in the order of `docs/engine.md`, and both ways between
/// them.
macro_rules! closed_set {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $member:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "a member says what its wire name says")]
        pub enum $name { $($(#[$doc])* $member),+ }

        impl $name {
            /// Every member, in the order of the normative page.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// The wire name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$member => $text),+ }
            }

            /// The member of this wire name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$member),)+ _ => None }
            }
        }
    };
}
pub(crate) use closed_set;

closed_set!(
    /// Where an event comes from.
    Source {
        MarketData = "market_data",
        BrokerReport = "broker_report",
        Timer = "timer",
        Control = "control",
    }
);
closed_set!(
    /// The side of an order.
    Side { Buy = "buy", Sell = "sell" }
);
closed_set!(
    /// Decides which prices an order has.
    OrderType { Market = "market", Limit = "limit", Stop = "stop", StopLimit = "stop_limit" }
);
closed_set!(
    /// How long an order stands.
    TimeInForce { Gtc = "gtc", Day = "day", Ioc = "ioc", Fok = "fok" }
);
closed_set!(
    /// The part of an order's state that is stored; the `Status` is derived from it.
    Phase {
        Created = "created",
        Submitted = "submitted",
        Working = "working",
        Cancelled = "cancelled",
        Rejected = "rejected",
        Expired = "expired",
    }
);
closed_set!(
    /// The reported status, in order of precedence.
    Status {
        Rejected = "REJECTED",
        Cancelled = "CANCELLED",
        Expired = "EXPIRED",
        CancelPending = "CANCEL_PENDING",
        ReplacePending = "REPLACE_PENDING",
        Filled = "FILLED",
        PartiallyFilled = "PARTIALLY_FILLED",
        Accepted = "ACCEPTED",
        Submitted = "SUBMITTED",
        Created = "CREATED",
    }
);
closed_set!(
    /// A risk flag.
    Flag { Halt = "halt", ReduceOnly = "reduce_only" }
);
closed_set!(
    /// The label of a cash adjustment; it changes no sign.
    AdjustmentReason { Deposit = "deposit", Withdrawal = "withdrawal", Funding = "funding" }
);

impl OrderType {
    /// Whether orders of this type have a limit price.
    #[must_use]
    pub const fn has_limit_price(self) -> bool {
        matches!(self, Self::Limit | Self::StopLimit)
    }

    /// Whether orders of this type have a stop price.
    #[must_use]
    pub const fn has_stop_price(self) -> bool {
        matches!(self, Self::Stop | Self::StopLimit)
    }
}

impl Side {
    /// A quantity with the sign of the side: buy +, sell -.
    #[must_use]
    pub const fn signed(self, quantity: i64) -> i64 {
        match self {
            Self::Buy => quantity,
            Self::Sell => -quantity,
        }
    }
}

/// One to 64 visible ASCII characters (`!` to `~`), compared as bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(Box<str>);

impl Identifier {
    /// The identifier, or `None` where the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_identifier(text).then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is an identifier.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A venue and an instrument, kept as the text that keys positions, marks and clocks: `venue:instrument`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Box<str>);

impl Symbol {
    /// The symbol of a checked venue and a checked instrument.
    pub(crate) fn join(venue: &str, instrument: &str) -> Self {
        let mut text = String::with_capacity(venue.len() + 1 + instrument.len());
        text.push_str(venue);
        text.push(':');
        text.push_str(instrument);
        Self(text.into())
    }

    /// The symbol written as `venue:instrument`, where the instrument may hold a colon.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (venue, instrument) = text.split_once(':')?;
        (is_identifier(venue) && is_identifier(instrument)).then(|| Self(text.into()))
    }

    /// `venue:instrument`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two parts. The first colon divides them, since a venue holds none.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or((&self.0, ""))
    }
}

/// What a fee is paid in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeeAsset {
    /// The instrument's quote asset: the fee falls from cash.
    Quote,
    /// The instrument's base asset: the fee falls from the position.
    Base,
    /// Any other asset: the fee is only added up.
    Other(Identifier),
}

impl FeeAsset {
    /// Reads `quote`, `base` or another identifier.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "quote" => Some(Self::Quote),
            "base" => Some(Self::Base),
            other => Identifier::parse(other).map(Self::Other),
        }
    }

    /// The wire name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Quote => "quote",
            Self::Base => "base",
            Self::Other(asset) => asset.as_str(),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
