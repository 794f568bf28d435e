//! Intents, from the strategy to the core: their types and their parsing.
//!
//! Promises: a parsed intent is well formed to the last field; defaults are filled in. Does not: look at any
//! state, nor at whether the prices suit the order type. Costs: its identifiers are allocated.

use crate::domain::{Flag, Identifier, OrderType, Side, Symbol, TimeInForce, closed_set};
use crate::error::Malformed;
use crate::events::{Amendment, expect_dict};
use crate::fields::{Cursor, Field, Need, Record, Schema, flag, member, small};
use crate::numbers::PRICE;

closed_set!(
    /// The types of intents.
    IntentType {
        PlaceOrder = "place_order",
        CancelOrder = "cancel_order",
        ReplaceOrder = "replace_order",
        SetRiskFlag = "set_risk_flag",
        NoOp = "no_op",
    }
);

/// What a strategy wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// A new order.
    PlaceOrder(Box<NewOrder>),
    /// An end of the order.
    CancelOrder {
        /// The order.
        order_id: Identifier,
    },
    /// Other terms for the order.
    ReplaceOrder {
        /// The order.
        order_id: Identifier,
        /// The terms that are named.
        amendment: Amendment,
    },
    /// A risk flag that is set or cleared.
    SetRiskFlag {
        /// Which.
        flag: Flag,
        /// To what.
        on: bool,
    },
    /// Nothing.
    NoOp,
}

/// An order as it is placed; quantity and prices in 1e-8.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the order, see `orders`")]
pub struct NewOrder {
    pub order_id: Identifier,
    pub symbol: Symbol,
    pub side: Side,
    pub order_type: OrderType,
    pub time_in_force: TimeInForce,
    pub quantity: i64,
    pub limit_price: Option<i64>,
    pub stop_price: Option<i64>,
    pub reduce_only: bool,
    pub strategy_id: Identifier,
}

impl IntentType {
    /// The fields of the payload.
    #[must_use]
    pub const fn schema(self) -> Schema {
        use Need::{Optional, Required};
        match self {
            Self::PlaceOrder => &[
                (Field::OrderId, Required),
                (Field::Venue, Required),
                (Field::Instrument, Required),
                (Field::Side, Required),
                (Field::OrderType, Required),
                (Field::TimeInForce, Optional),
                (Field::Quantity, Required),
                (Field::LimitPrice, Optional),
                (Field::StopPrice, Optional),
                (Field::ReduceOnly, Optional),
            ],
            Self::CancelOrder => &[(Field::OrderId, Required)],
            Self::ReplaceOrder => &[
                (Field::OrderId, Required),
                (Field::Quantity, Optional),
                (Field::LimitPrice, Optional),
                (Field::StopPrice, Optional),
            ],
            Self::SetRiskFlag => &[(Field::Flag, Required), (Field::On, Required)],
            Self::NoOp => &[],
        }
    }
}

/// An intent without its payload, checked.
#[derive(Clone, Debug)]
pub struct Envelope {
    intent_type: IntentType,
    strategy_id: Identifier,
}

impl Envelope {
    /// The fields of an intent.
    pub const SCHEMA: Schema = &[
        (Field::IntentType, Need::Required),
        (Field::Payload, Need::Required),
        (Field::StrategyId, Need::Required),
    ];
    /// Where the payload stands in `SCHEMA`.
    pub const PAYLOAD: usize = 1;

    /// Parses all but the payload.
    ///
    /// # Errors
    /// Steps 2 and 3 of the shape checks.
    pub fn parse(record: &Record<'_>) -> Result<Self, Malformed> {
        let mut fields = record.open("an intent", Self::SCHEMA)?;
        let names = "place_order, cancel_order, replace_order, set_risk_flag or no_op";
        let intent_type = fields.member(IntentType::parse, names)?;
        expect_dict(&mut fields)?;
        Ok(Self { intent_type, strategy_id: fields.identifier()? })
    }

    /// The fields that the payload has.
    #[must_use]
    pub fn payload_schema(&self) -> Schema {
        self.intent_type.schema()
    }

    /// Parses the payload, which completes the intent.
    ///
    /// # Errors
    /// Step 5 of the shape checks.
    pub fn with_payload(self, record: &Record<'_>) -> Result<Intent, Malformed> {
        let mut fields = record.open(self.intent_type.name(), self.intent_type.schema())?;
        Ok(match self.intent_type {
            IntentType::PlaceOrder => {
                Intent::PlaceOrder(Box::new(NewOrder::parse(&mut fields, self.strategy_id)?))
            }
            IntentType::CancelOrder => Intent::CancelOrder { order_id: fields.identifier()? },
            IntentType::ReplaceOrder => Intent::ReplaceOrder {
                order_id: fields.identifier()?,
                amendment: Amendment::parse(&mut fields)?,
            },
            IntentType::SetRiskFlag => Intent::SetRiskFlag {
                flag: fields.member(Flag::parse, "halt or reduce_only")?,
                on: fields.flag()?,
            },
            IntentType::NoOp => Intent::NoOp,
        })
    }
}

impl NewOrder {
    fn parse(fields: &mut Cursor<'_>, strategy_id: Identifier) -> Result<Self, Malformed> {
        Ok(Self {
            order_id: fields.identifier()?,
            symbol: fields.symbol()?,
            side: fields.member(Side::parse, "buy or sell")?,
            order_type: fields.member(OrderType::parse, "market, limit, stop or stop_limit")?,
            time_in_force: fields
                .optional(|entry| member(entry, TimeInForce::parse, "gtc, day, ioc or fok"))?
                .unwrap_or(TimeInForce::Gtc),
            quantity: fields.quantity()?,
            limit_price: fields.optional(small(PRICE))?,
            stop_price: fields.optional(small(PRICE))?,
            reduce_only: fields.optional(flag)?.unwrap_or(false),
            strategy_id,
        })
    }
}

impl Intent {
    /// The type.
    #[must_use]
    pub const fn intent_type(&self) -> IntentType {
        match self {
            Self::PlaceOrder(_) => IntentType::PlaceOrder,
            Self::CancelOrder { .. } => IntentType::CancelOrder,
            Self::ReplaceOrder { .. } => IntentType::ReplaceOrder,
            Self::SetRiskFlag { .. } => IntentType::SetRiskFlag,
            Self::NoOp => IntentType::NoOp,
        }
    }

    /// The order that the intent names.
    #[must_use]
    pub fn order_id(&self) -> Option<&Identifier> {
        match self {
            Self::PlaceOrder(order) => Some(&order.order_id),
            Self::CancelOrder { order_id } | Self::ReplaceOrder { order_id, .. } => Some(order_id),
            Self::SetRiskFlag { .. } | Self::NoOp => None,
        }
    }

    /// The order that the intent names, taken out of it.
    #[must_use]
    pub fn into_order_id(self) -> Option<Identifier> {
        match self {
            Self::PlaceOrder(order) => Some(order.order_id),
            Self::CancelOrder { order_id } | Self::ReplaceOrder { order_id, .. } => Some(order_id),
            Self::SetRiskFlag { .. } | Self::NoOp => None,
        }
    }
}
