//! What this extension is: its version, how it was built, and the closed sets that it knows.
//!
//! Promises: enough to tell in a report which binary ran. Does not: read anything at run time but its own
//! arithmetic.

use std::hint::black_box;
use std::panic;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::domain::Status;
use crate::error::MalformedCode;
use crate::events::EventType;
use crate::intents::IntentType;
use crate::results::Code;

/// The version, the build and the closed sets, each in the order of docs/engine.md.
#[pyfunction]
pub fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let info = PyDict::new(py);
    info.set_item("version", env!("CARGO_PKG_VERSION"))?;
    info.set_item("profile", env!("ENGINE_PROFILE"))?;
    info.set_item("rustc", env!("ENGINE_RUSTC"))?;
    info.set_item("features", features())?;
    info.set_item("overflow_checks", overflow_is_checked())?;
    info.set_item(
        "codes",
        names(Code::ALL, Code::name)
            .chain(names(MalformedCode::ALL, MalformedCode::name))
            .collect::<Vec<_>>(),
    )?;
    info.set_item("statuses", names(Status::ALL, Status::name).collect::<Vec<_>>())?;
    info.set_item("event_types", names(EventType::ALL, EventType::name).collect::<Vec<_>>())?;
    info.set_item("intent_types", names(IntentType::ALL, IntentType::name).collect::<Vec<_>>())?;
    Ok(info)
}

fn features() -> Vec<&'static str> {
    let features = [
        (cfg!(feature = "canary"), "canary"),
        (cfg!(feature = "coverage"), "coverage"),
        (cfg!(feature = "python"), "python"),
    ];
    features.into_iter().filter_map(|(on, name)| on.then_some(name)).collect()
}

fn names<T: Copy>(members: &'static [T], name: fn(T) -> &'static str) -> impl Iterator<Item = &'static str> {
    members.iter().map(move |member| name(*member))
}

/// Tries it: the compiler tells a build script nothing about overflow checks.
fn overflow_is_checked() -> bool {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let checked = panic::catch_unwind(|| black_box(u8::MAX) + black_box(1)).is_err();
    panic::set_hook(hook);
    checked
}
