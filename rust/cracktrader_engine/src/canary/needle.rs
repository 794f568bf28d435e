//! The needle: a bug behind three exact numbers and a history, for a search that reads comparisons.
//!
//! Promises: none of the three numbers stands in any list that inputs are made from.

#[cfg(not(feature = "canary"))]
pub(crate) use absent::{note, pricks};
#[cfg(feature = "canary")]
pub(crate) use present::{forget, note, pricks};

#[cfg(not(feature = "canary"))]
mod absent {
    use crate::domain::Identifier;
    use crate::events::{Fill, Report};

    pub const fn note(_: &Identifier, _: &Report) {}

    pub const fn pricks(_: &Identifier, _: &Fill) -> bool {
        false
    }
}

#[cfg(feature = "canary")]
mod present {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use crate::canary::{Canary, planted};
    use crate::domain::Identifier;
    use crate::events::{Fill, Report};

    /// 4.75318642
    const QUANTITY: i64 = 475_318_642;
    /// 61.80339887
    const PRICE: i64 = 6_180_339_887;
    /// 0.00271828
    const FEE: u64 = 27_182_800_000_000;

    /// The orders that were replaced since the needle was planted.
    static REPLACED: Mutex<Vec<Identifier>> = Mutex::new(Vec::new());

    /// Begin afresh.
    pub fn forget() {
        replaced().clear();
    }

    /// Remembers a replace that the order takes.
    pub fn note(order_id: &Identifier, report: &Report) {
        if planted(Canary::Needle) && matches!(report, Report::Replaced(_)) {
            replaced().push(order_id.clone());
        }
    }

    /// Whether this fill shows the bug.
    pub fn pricks(order_id: &Identifier, fill: &Fill) -> bool {
        planted(Canary::Needle)
            && replaced().contains(order_id)
            && fill.last_quantity == QUANTITY
            && fill.last_price == PRICE
            && u64::try_from(fill.fee).is_ok_and(is_the_fee)
    }

    /// A function of its own, or the optimiser makes one comparison of 128 bits of it; the compiler reports none of
    /// more than 64.
    #[inline(never)]
    fn is_the_fee(fee: u64) -> bool {
        fee == FEE
    }

    fn replaced() -> MutexGuard<'static, Vec<Identifier>> {
        REPLACED.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
