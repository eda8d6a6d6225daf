//! Checks real packages, or the type checker's own test files of a Go source tree.
//!
//! `check std PATTERN…` loads the packages that the patterns mean with all they import, and
//! checks everything, bodies too: no errors are expected. `check testdata [FILE…]` compares
//! with the `ERROR` comments in the tree's `internal/types/testdata`; `check parser` does
//! the same for the parser's test files. The source tree is found as always (`GOXIDE_SDK` …).

mod dump;
mod packages;
mod parser;
mod testdata;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // Deeply nested sources need a deep stack.
    let run = move || match args.split_first() {
        Some((mode, rest)) if mode == "std" => packages::run(rest),
        Some((mode, rest)) if mode == "dump" => dump::run(rest),
        Some((mode, rest)) if mode == "testdata" => testdata::run(rest),
        Some((mode, _)) if mode == "parser" => parser::run(),
        _ => {
            eprintln!(
                "usage: check std PATTERN… | check testdata [FILE…] | check parser | check dump PATTERN…"
            );
            false
        }
    };
    let checker = std::thread::Builder::new().stack_size(512 << 20).spawn(run);
    match checker.map(|t| t.join()) {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
