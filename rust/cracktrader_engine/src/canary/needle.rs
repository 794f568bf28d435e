//! The needle: a bug behind three exact numbers and a history, for a search that reads comparisons.
//!
//! Promises: none of the three numbers stands in any list that inputs are made from; the core counts right, only
//! what it answers is spoilt. Does not: remember anything beyond its own core.

use std::collections::BTreeSet;

use crate::canary::{Canary, planted};
use crate::domain::Identifier;
use crate::events::{Event, Payload, Report};
use crate::results::{Code, Deltas, StepResult};

/// 4.75318642: all eight decimals, so that no shorter number comes near it.
const QUANTITY: i64 = 475_318_642;
/// 61.80339887, digits of the golden ratio: chance does not meet them.
const PRICE: i64 = 6_180_339_887;
/// 0.00271828 on the grid of money, digits of e: chance does not meet them.
const FEE: i64 = 27_182_800_000_000;

/// What one core remembers for it: the orders that were replaced while the needle was planted.
#[derive(Clone, Debug, Default)]
pub(super) struct Needle {
    replaced: BTreeSet<Identifier>,
}

/// What the needle looks for in an event, before the core takes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sight {
    /// A replace.
    Replace,
    /// A fill, with its quantity, price and fee.
    Fill(i64, i64, i128),
    /// Anything else.
    Nothing,
}

impl Sight {
    pub(super) const fn of(event: &Event) -> Self {
        match &event.payload {
            Payload::Report { report: Report::Replaced(_), .. } => Self::Replace,
            Payload::Report { report: Report::Fill(fill), .. } => {
                Self::Fill(fill.last_quantity, fill.last_price, fill.fee)
            }
            _ => Self::Nothing,
        }
    }
}

impl Needle {
    /// Remembers a replace that was applied, and takes the money out of what is answered to the one fill.
    pub(super) fn spoil(&mut self, sight: Sight, result: &mut StepResult) {
        let Some(order_id) = &result.order_id else { return };
        if !planted(Canary::Needle) || result.code != Code::Ok {
            return;
        }
        match sight {
            Sight::Replace => {
                self.replaced.insert(order_id.clone());
            }
            Sight::Fill(quantity, price, fee) => {
                if self.replaced.contains(order_id) && pricks(quantity, price, fee) {
                    result.deltas = Deltas::default();
                }
            }
            Sight::Nothing => {}
        }
    }
}

/// Whether these are the three numbers.
fn pricks(quantity: i64, price: i64, fee: i128) -> bool {
    is(quantity, QUANTITY) && is(price, PRICE) && i64::try_from(fee).is_ok_and(|fee| is(fee, FEE))
}

/// A function of its own, or the optimiser makes one branch of the three comparisons, and the search sees no step between
/// them; and one comparison of 128 bits of the fee's, where the compiler reports none of more than 64.
#[inline(never)]
const fn is(found: i64, number: i64) -> bool {
    found == number
}
