//! The way back from a snapshot to a state.
//!
//! Promises: a snapshot is taken only if it is exactly what a core would hand out: the state read keeps every
//! bound of section 1 and every rule for orders of section 8 of the page, and written again it is the same
//! snapshot; a refused one changes nothing. Does not: ask whether a history leads there. Costs: proportional to
//! the snapshot.

use std::hash::Hash;

use crate::accounting::Position;
use crate::canonical_json::Json;
use crate::core::{DeterministicCore, State};
use crate::domain::{FeeAsset, Identifier, OrderType, Phase, Side, Symbol, TimeInForce};
use crate::error::{Malformed, quoted};
use crate::fingerprint::Fingerprint;
use crate::numbers::{Grid, MONEY, POSITION, PRICE, QUANTITY};
use crate::orders::{Order, OrderState};
use crate::snapshot::{MARKET_DATA, TIMER, write_state};
use crate::table::Table;

/// A value and the key it stands at.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: &'a Json,
}

impl DeterministicCore {
    /// Replaces the whole state.
    ///
    /// # Errors
    /// `malformed_field` for anything but what a core in some state would hand out.
    pub fn restore(&mut self, snapshot: Json) -> Result<(), Malformed> {
        let state = read_state(&snapshot)?;
        if write_state(&state).sorted() != snapshot.sorted() {
            return Err(Malformed::field(
                "the snapshot is not what a core would hand out: look for keys it does not have, decimals \
                 that are not canonical, and a status or leaves that do not follow from the order",
            ));
        }
        self.replace_state(state);
        Ok(())
    }
}

/// The state that a snapshot tells.
fn read_state(snapshot: &Json) -> Result<State, Malformed> {
    let root = Node::root(snapshot);
    let flags = root.at("risk_flags")?;
    let mut state = State {
        cash: root.at("cash")?.number(MONEY)?,
        last_seq_id: root.at("last_seq_id")?.optional(Node::natural)?,
        positions: root.at("positions")?.table(Symbol::parse, Node::position)?,
        orders: root.at("orders")?.table(Identifier::parse, Node::order)?,
        fees: root.at("fees")?.table(other_asset, Node::fee_total)?,
        marks: root.at("marks")?.table(Symbol::parse, |node| node.small(PRICE))?,
        halt: flags.at("halt")?.flag()?,
        reduce_only: flags.at("reduce_only")?.flag()?,
        idempotency_keys: root.at("idempotency_keys")?.table(Identifier::parse, |node| {
            node.parsed(Fingerprint::parse, "32 lower-case hexadecimal digits")
        })?,
        ..State::default()
    };
    read_clock(root.at("clock")?, &mut state)?;
    Ok(state)
}

/// An asset that fees are added up for: neither `quote` nor `base`, which are not names of assets.
fn other_asset(text: &str) -> Option<Identifier> {
    match FeeAsset::parse(text)? {
        FeeAsset::Other(asset) => Some(asset),
        FeeAsset::Quote | FeeAsset::Base => None,
    }
}

fn read_clock(clock: Node<'_>, state: &mut State) -> Result<(), Malformed> {
    for node in clock.entries()? {
        let (table, symbol) = match (node.key.strip_prefix(MARKET_DATA), node.key.strip_prefix(TIMER)) {
            (Some(symbol), _) => (&mut state.market_data_clock, symbol),
            (_, Some(symbol)) => (&mut state.timer_clock, symbol),
            _ => return Err(node.key_fault(clock)),
        };
        let symbol = Symbol::parse(symbol).ok_or_else(|| node.key_fault(clock))?;
        table.insert(symbol, node.natural().map_err(|fault| fault.at(clock.key))?);
    }
    Ok(())
}

impl<'a> Node<'a> {
    pub(crate) const fn root(value: &'a Json) -> Self {
        Self { key: "the snapshot", value }
    }

    pub(crate) fn items(self) -> Result<impl Iterator<Item = Self>, Malformed> {
        let Json::List(items) = self.value else { return Err(self.fault("a list")) };
        Ok(items.iter().map(move |value| Self { value, ..self }))
    }

    pub(crate) fn fault(self, expected: &str) -> Malformed {
        let found = match self.value {
            Json::Null => "null".to_owned(),
            Json::Flag(flag) => format!("the boolean {flag}"),
            Json::Int(number) => format!("the int {number}"),
            Json::Text(text) => quoted(text),
            Json::List(_) => "a list".to_owned(),
            Json::Map(_) => "a dict".to_owned(),
        };
        Malformed::field(format!("{} is {found}: a snapshot has {expected} there", quoted(self.key)))
    }

    pub(crate) fn key_fault(self, map: Self) -> Malformed {
        Malformed::field(format!("{} has the key {}: no snapshot has it", map.key, quoted(self.key)))
    }

    pub(crate) fn entries(self) -> Result<impl Iterator<Item = Self>, Malformed> {
        let Json::Map(entries) = self.value else { return Err(self.fault("a dict")) };
        Ok(entries.iter().map(|(key, value)| Self { key, value }))
    }

    pub(crate) fn at(self, key: &'static str) -> Result<Self, Malformed> {
        let found = self.entries()?.find(|node| node.key == key);
        found.ok_or_else(|| Malformed::field(format!("{} lacks the key {key:?}", quoted(self.key))))
    }

    pub(crate) fn table<K: Hash + Ord, V>(
        self,
        parse_key: fn(&str) -> Option<K>,
        read: impl Fn(Self) -> Result<V, Malformed>,
    ) -> Result<Table<K, V>, Malformed> {
        let mut table = Table::default();
        for node in self.entries()? {
            let key = parse_key(node.key).ok_or_else(|| node.key_fault(self))?;
            table.insert(key, read(node).map_err(|fault| fault.at(self.key))?);
        }
        Ok(table)
    }

    pub(crate) fn parsed<T>(self, parse: impl Fn(&str) -> Option<T>, expected: &str) -> Result<T, Malformed> {
        let text = if let Json::Text(text) = self.value { Some(text) } else { None };
        text.and_then(|text| parse(text)).ok_or_else(|| self.fault(expected))
    }

    pub(crate) fn number(self, grid: Grid) -> Result<i128, Malformed> {
        self.parsed(|text| grid.parse(text), "a canonical decimal within its bound")
    }

    fn small(self, grid: Grid) -> Result<i64, Malformed> {
        self.parsed(
            |text| grid.parse(text).and_then(|units| i64::try_from(units).ok()),
            "a canonical decimal within its bound",
        )
    }

    pub(crate) fn natural(self) -> Result<i64, Malformed> {
        let number = if let Json::Int(number) = self.value { i64::try_from(*number).ok() } else { None };
        number.filter(|number| *number >= 0).ok_or_else(|| self.fault("an int from 0 to 2^63-1"))
    }

    pub(crate) fn flag(self) -> Result<bool, Malformed> {
        match self.value {
            Json::Flag(flag) => Ok(*flag),
            _ => Err(self.fault("a boolean")),
        }
    }

    pub(crate) fn optional<T>(
        self,
        read: impl Fn(Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        if *self.value == Json::Null { Ok(None) } else { read(self).map(Some) }
    }

    fn fee_total(self) -> Result<i128, Malformed> {
        match self.number(MONEY)? {
            0 => Err(self.fault("a total that is not zero")),
            total => Ok(total),
        }
    }

    fn position(self) -> Result<Position, Malformed> {
        let position = Position {
            quantity: self.at("quantity")?.small(POSITION)?,
            open_cost: self.at("open_cost")?.number(MONEY)?,
            realised: self.at("realised")?.number(MONEY)?,
        };
        if position.quantity == 0 && position.open_cost != 0 {
            return Err(self.fault("a flat position without open_cost"));
        }
        Ok(position)
    }

    fn order(self) -> Result<Order, Malformed> {
        let (venue, instrument) = (self.at("venue")?, self.at("instrument")?);
        let venue =
            venue.parsed(|text| Identifier::parse(text).filter(|_| !text.contains(':')), "a venue")?;
        let instrument = instrument.parsed(Identifier::parse, "an identifier")?;
        let state = self.order_state()?;
        check_order(&state).map_err(|rule| self.fault(rule))?;
        Ok(Order {
            symbol: Symbol::join(venue.as_str(), instrument.as_str()),
            strategy_id: self.at("strategy_id")?.parsed(Identifier::parse, "an identifier")?,
            state,
        })
    }

    fn order_state(self) -> Result<OrderState, Malformed> {
        Ok(OrderState {
            side: self.at("side")?.parsed(Side::parse, "a side")?,
            order_type: self.at("order_type")?.parsed(OrderType::parse, "an order type")?,
            time_in_force: self.at("time_in_force")?.parsed(TimeInForce::parse, "a time in force")?,
            limit_price: self.at("limit_price")?.optional(|node| node.small(PRICE))?,
            stop_price: self.at("stop_price")?.optional(|node| node.small(PRICE))?,
            reduce_only: self.at("reduce_only")?.flag()?,
            phase: self.at("phase")?.parsed(Phase::parse, "a phase")?,
            quantity: self.at("quantity")?.small(QUANTITY)?,
            cumulative: self.at("cumulative")?.small(POSITION)?,
            triggered: self.at("triggered")?.flag()?,
            cancel_pending: self.at("cancel_pending")?.flag()?,
            replace_pending: self.at("replace_pending")?.flag()?,
        })
    }
}

/// The rules for an order of section 8 of the page; the one that is broken.
fn check_order(order: &OrderState) -> Result<(), &'static str> {
    let unstarted = matches!(order.phase, Phase::Created | Phase::Submitted);
    let rejected = order.phase == Phase::Rejected;
    let ended = rejected || matches!(order.phase, Phase::Cancelled | Phase::Expired);
    let rules = [
        ((0..=order.quantity).contains(&order.cumulative), "a cumulative from 0 to the quantity"),
        (
            !(unstarted || rejected) || order.cumulative == 0,
            "no fills on a created, submitted or rejected order",
        ),
        (!ended || !(order.cancel_pending || order.replace_pending), "nothing pending on an ended order"),
        (!order.triggered || order.order_type.has_stop_price(), "triggered only on stop types"),
        (!order.triggered || !unstarted, "triggered only once the order works"),
        (order.prices_suit_type(), "the prices of the order's type, and no others"),
    ];
    rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(*rule))
}
