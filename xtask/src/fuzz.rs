//! `cargo xtask fuzz …`: looks for sources that make the compiler crash or hang.

use crate::{Outcome, cargo, step};

/// Builds and runs the fuzzer; its options are passed on.
pub fn fuzz(options: &[&str]) -> Outcome {
    let args = [
        "run",
        "--release",
        "--quiet",
        "--package",
        "goxide-driver",
        "--example",
        "fuzz",
        "--",
    ];
    step("fuzz", cargo().args(args).args(options))
}
