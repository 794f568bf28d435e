//! Tells the crate by which compiler and in which profile it is built.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=ENGINE_PROFILE={}", profile());
    println!("cargo::rustc-env=ENGINE_RUSTC={}", rustc_version());
    if is_set("CARGO_FEATURE_PYTHON", "1") && is_set("CARGO_CFG_TARGET_VENDOR", "apple") {
        // The interpreter that loads the library brings Python's names; Apple's linker wants them at once unless told so.
        println!("cargo::rustc-cdylib-link-arg=-undefined");
        println!("cargo::rustc-cdylib-link-arg=dynamic_lookup");
    }
}

fn is_set(variable: &str, value: &str) -> bool {
    env::var(variable).is_ok_and(|found| found == value)
}

/// The folder of the profile: `OUT_DIR` is `<target>/<profile>/build/<package>/out`. The variable `PROFILE`
/// would say `release` for every profile that inherits it.
fn profile() -> String {
    let out_dir = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    let folder = out_dir.ancestors().nth(3).and_then(Path::file_name);
    folder.map_or_else(|| "unknown".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn rustc_version() -> String {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc).arg("--version").output();
    output
        .map_or_else(|_| "unknown".to_owned(), |said| String::from_utf8_lossy(&said.stdout).trim().to_owned())
}
