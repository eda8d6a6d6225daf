//! `cargo xtask test`: everything that must hold before a change goes in.

use crate::{Failed, Outcome, cargo, differential, step, tidy};

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
            cargo().args(["test", "--workspace", "--quiet"]),
        ),
    );
    if !options.contains(&"--quick") {
        run("programs", differential::programs(options));
    }
    if failed.is_empty() {
        eprintln!("── all is well");
        return Ok(());
    }
    eprintln!("── failed: {}", failed.join(", "));
    Err(Failed)
}
