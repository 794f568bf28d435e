//! Restores that lose a field: what only a core that goes on from a snapshot can show.

use crate::canary::{Canary, planted};
use crate::core::{DeterministicCore, State};
use crate::table::Table;

/// Takes out of a core that was restored what the planted bug loses.
pub(super) fn forget(core: &mut DeterministicCore) {
    let mut state = core.state().clone();
    if planted(Canary::RestoreDropsClock) {
        state.timer_clock = Table::default();
    }
    if planted(Canary::RestoreDropsKeys) {
        state.idempotency_keys = Table::default();
    }
    if planted(Canary::RestoreDropsTrigger) {
        lose_triggers(&mut state);
    }
    core.replace_state(state);
}

fn lose_triggers(state: &mut State) {
    let ids: Vec<_> = state.orders.sorted().into_iter().map(|(id, _)| id.clone()).collect();
    for id in ids {
        if let Some(order) = state.orders.get_mut(&id) {
            order.state.triggered = false;
        }
    }
}
