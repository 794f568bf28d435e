//! What code compiled with `SanitizerCoverage` calls, kept where a search can read it.
//!
//! The compiler makes such code count its edges, and report each comparison to functions that a fuzzer normally
//! provides at link time. This crate provides them, so that the library loads into any process; the fuzzer is told
//! where the counters are while it runs, and reads the last comparisons when it wants to.
//!
//! Promises: nothing outside this crate is called but the functions that it stands in for. Does not: decide what is
//! new. Is for one thread: the counters are plain bytes, so that whoever looks at them must not do so while another
//! thread runs the code that counts. Costs: about a nanosecond a comparison. The caller of what is exported here is
//! `cracktrader_fuzz.coverage.shim`, by `ctypes`; this crate must not be instrumented itself. No other library of the
//! process sees the names that are exported: Python loads each with symbols of its own.

mod compares;
mod counters;
mod slices;

pub use compares::{COMPARES_MAX, sancov_compares};
pub use counters::{GAINED_BITS, sancov_flatten, sancov_path, sancov_regions, sancov_seen};
pub use slices::sancov_slices;
