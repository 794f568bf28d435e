//! The deterministic engine core of cracktrader, as `docs/engine.md` says it, and the normaliser, the
//! sequencer and the invariant checker around it, as `docs/runtime.md` says them.
//!
//! Promises: the same inputs give the same results, bit for bit; no input makes it panic or wrap; no unsafe
//! code. Does not: know Python, unless the feature `python` is on; read a clock, a file or the network.
//! Costs: a few hash look-ups and one SHA-256 for a typical event.

#[cfg(feature = "coverage")]
use sancov_shim as _;

pub mod accounting;
pub mod canary;
pub mod canonical;
pub mod canonical_json;
pub mod core;
pub mod decimal;
pub mod domain;
pub mod error;
pub mod events;
pub mod fields;
pub mod fingerprint;
pub mod intents;
pub mod invariants;
pub mod normalizer;
pub mod numbers;
pub mod orders;
#[cfg(feature = "python")]
mod python;
mod restore;
pub mod results;
pub mod sequencer;
pub mod snapshot;
pub mod table;
pub mod value;
