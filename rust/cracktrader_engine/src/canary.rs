//! Bugs planted on purpose, to prove that the harness finds them. See `rust/README.md`.
//!
//! Promises: without the feature `canary` no bug can be planted, and the questions cost nothing.
//! Does not: know where the bugs stand: a broken rule is one `if planted(...)` at its place in the core; what
//! needs a memory, or spoils a whole state, is done around the core (`planted_core`).

use crate::domain::closed_set;

#[cfg(feature = "canary")]
mod forgetful;
#[cfg(feature = "canary")]
mod needle;
#[cfg(feature = "canary")]
pub mod planted_core;

closed_set!(
    /// A bug that can be planted.
    Canary {
        /// A replace takes the new total even below the filled quantity.
        ReplaceBelowCumulative = "replace-below-cumulative",
        /// A late fill on a cancelled order that has quantity left sets it working again.
        LateFillReopens = "late-fill-reopens",
        /// The released share of the cost is cut towards zero.
        ReleaseTruncates = "release-truncates",
        /// A refused event uses up its idempotency key.
        RefusedKeyUsed = "refused-key-used",
        /// A fill that is too large by exactly 1e-8 is booked.
        OverfillByOneAccepted = "overfill-by-one-accepted",
        /// A restore loses when timers last went off.
        RestoreDropsClock = "restore-drops-clock",
        /// A restore loses which idempotency keys are used.
        RestoreDropsKeys = "restore-drops-keys",
        /// A restore loses which orders were triggered.
        RestoreDropsTrigger = "restore-drops-trigger",
        /// A fill of one quantity, one price and one fee on an order that was replaced tells of no money.
        Needle = "needle",
    }
);

#[cfg(not(feature = "canary"))]
pub(crate) const fn planted(_canary: Canary) -> bool {
    false
}

#[cfg(feature = "canary")]
pub use live::{plant, planted};

#[cfg(feature = "canary")]
mod live {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Canary;

    /// No bug: the number of no member of `Canary::ALL`.
    const NONE: usize = usize::MAX;
    static PLANTED: AtomicUsize = AtomicUsize::new(NONE);

    /// Plants one bug in every core of this process, or none.
    pub fn plant(canary: Option<Canary>) {
        PLANTED.store(canary.map_or(NONE, |canary| canary as usize), Ordering::Relaxed);
    }

    /// Whether this bug is planted.
    #[must_use]
    pub fn planted(canary: Canary) -> bool {
        PLANTED.load(Ordering::Relaxed) == canary as usize
    }
}
