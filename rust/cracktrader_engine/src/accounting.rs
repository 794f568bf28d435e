//! Money: what a fill does to cash, to a position and to the fees.
//!
//! Promises: exact to the last unit, with one rounding (the released share of the cost, half to even at
//! 1e-16); a sum past its bound at the end of the step is `None`. Does not: write anything, the caller
//! commits the booking. Costs: a few operations on 128 bits and, where a position is reduced in part, one
//! division on 256.
//!
//! No sum here can overflow 128 bits: every term is a bounded number (1e37 units at most) or a product of two
//! (1e36 at most), and there are at most three of them.

use ethnum::I256;

use crate::canary::{Canary, planted};
use crate::domain::{FeeAsset, Side};
use crate::events::Fill;
use crate::numbers::{MONEY_BOUND, POSITION_BOUND};
use crate::results::Deltas;

/// A position in one instrument at one venue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// In 1e-8, short below zero.
    pub quantity: i64,
    /// The signed cost of what is open, in 1e-16.
    pub open_cost: i128,
    /// Gross of fees, in 1e-16.
    pub realised: i128,
}

/// A fill as it is to be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Cash after it.
    pub cash: i128,
    /// The position after it.
    pub position: Position,
    /// The total of the fill's other asset after it, where it has one.
    pub fee_total: Option<i128>,
    /// What moved.
    pub deltas: Deltas,
}

/// Computes a fill. `fee_total` is the total so far of the fee's asset, if that is another one.
#[must_use]
pub fn book(side: Side, fill: &Fill, cash: i128, position: Position, fee_total: i128) -> Option<Booking> {
    let (quantity, price) = (i128::from(side.signed(fill.last_quantity)), i128::from(fill.last_price));
    let (quote_fee, base_fee, fee_total) = match fill.fee_asset {
        FeeAsset::Quote => (fill.fee, 0, None),
        FeeAsset::Base => (0, fill.fee, None),
        FeeAsset::Other(_) => (0, 0, Some(fee_total + fill.fee)),
    };
    let after = Running::of(position).traded(quantity, price).charged(base_fee);
    let deltas = Deltas {
        cash: -(quantity * price) - quote_fee,
        position: quantity - base_fee,
        realised: after.realised - position.realised,
    };
    Some(Booking {
        cash: money(cash + deltas.cash)?,
        position: after.closed()?,
        fee_total: fee_total.map_or(Some(None), |total| money(total).map(Some))?,
        deltas,
    })
}

/// A sum of money, `None` past its bound.
#[must_use]
pub fn money(units: i128) -> Option<i128> {
    (units.abs() <= MONEY_BOUND).then_some(units)
}

/// A position in the middle of a step, where nothing has a bound.
#[derive(Clone, Copy)]
struct Running {
    quantity: i128,
    open_cost: i128,
    realised: i128,
}

impl Running {
    fn of(position: Position) -> Self {
        Self {
            quantity: i128::from(position.quantity),
            open_cost: position.open_cost,
            realised: position.realised,
        }
    }

    /// The position once a signed quantity is traded at a price.
    fn traded(self, quantity: i128, price: i128) -> Self {
        let closing = self.closing_part(quantity);
        let released = self.released(closing.abs());
        Self {
            quantity: self.quantity + quantity,
            open_cost: self.open_cost - released + (quantity - closing) * price,
            realised: self.realised - closing * price - released,
        }
    }

    /// The part of a signed quantity that reduces the position.
    fn closing_part(&self, quantity: i128) -> i128 {
        if self.quantity.signum() * quantity.signum() >= 0 {
            return 0;
        }
        quantity.signum() * quantity.abs().min(self.quantity.abs())
    }

    /// The share of the cost that goes with `closed` of the position.
    fn released(&self, closed: i128) -> i128 {
        if closed == 0 {
            return 0;
        }
        share(self.open_cost, closed, self.quantity.abs())
    }

    /// The position once a fee in the base asset is taken from it, at no price.
    fn charged(self, fee: i128) -> Self {
        let quantity = self.quantity - fee;
        if self.quantity.signum() == quantity.signum() {
            return Self { quantity, ..self };
        }
        // From zero the cost is zero already; reaching or crossing zero realises what is left of it.
        Self { quantity, open_cost: 0, realised: self.realised - self.open_cost }
    }

    /// The position at the end of the step, `None` past a bound.
    fn closed(self) -> Option<Position> {
        (self.quantity.abs() <= POSITION_BOUND).then_some(())?;
        Some(Position {
            quantity: i64::try_from(self.quantity).ok()?,
            open_cost: money(self.open_cost)?,
            realised: money(self.realised)?,
        })
    }
}

/// `cost * part / whole`, half to even, for `0 < part <= whole`. The product needs 256 bits.
fn share(cost: i128, part: i128, whole: i128) -> i128 {
    let (product, whole) = (I256::new(cost) * I256::new(part), I256::new(whole));
    let (quotient, rest) = (product / whole, product % whole);
    let twice = rest.abs() * I256::new(2);
    let away = twice > whole || (twice == whole && quotient % I256::new(2) != I256::ZERO);
    let up = away && !planted(Canary::ReleaseTruncates);
    (quotient + if up { product.signum() } else { I256::ZERO }).as_i128()
}
