//! Restores that lose a field: what only a core that goes on from a snapshot can show.

use crate::canary::{Canary, planted};
use crate::core::State;
use crate::table::Table;

/// Takes out of a state that was read from a snapshot what the planted bug loses.
pub(crate) fn forget(state: &mut State) {
    if planted(Canary::RestoreDropsClock) {
        state.timer_clock = Table::default();
    }
    if planted(Canary::RestoreDropsKeys) {
        state.idempotency_keys = Table::default();
    }
    if planted(Canary::RestoreDropsTrigger) {
        let ids: Vec<_> = state.orders.sorted().into_iter().map(|(id, _)| id.clone()).collect();
        for id in ids {
            if let Some(order) = state.orders.get_mut(&id) {
                order.state.triggered = false;
            }
        }
    }
}
