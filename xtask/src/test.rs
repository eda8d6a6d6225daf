//! `cargo xtask test`: everything that must hold before a change goes in.

use crate::{Failed, Outcome, cargo, conformance, differential, step, tidy};

/// Every how many-th of the passing cases of Go's `test/` is run again.
const GO_TEST_SAMPLE: &str = "40";

/// Runs all checks; goes on after a failed one, so that one run shows all.
pub fn test(options: &[&str]) -> Outcome {
    let mut failed = Vec::new();
    let mut run = |title: &'static str, outcome: Outcome| {
        if outcome.is_err() {
            failed.push(title);
        }
    };
    run(
        "format",
        step("format", cargo().args(["fmt", "--all", "--check"])),
    );
    run(
        "lints",
        step(
            "lints",
            cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
        ),
    );
    run("tidy", tidy::tidy());
    run(
        "unit tests",
        step(
            "unit tests",
            cargo().args(["test", "--workspace", "--quiet", "--no-fail-fast"]),
        ),
    );
    if !options.contains(&"--quick") {
        run("programs", differential::programs(options));
        let sample = [&["go-test", "--sample", GO_TEST_SAMPLE], options].concat();
        run("Go's tests, a sample", conformance::conformance(&sample));
    }
    if failed.is_empty() {
        eprintln!("── all is well");
        return Ok(());
    }
    eprintln!("── failed: {}", failed.join(", "));
    Err(Failed)
}
