//! The views of a compiler writer: `goxide ast`, `goxide ssa`, `goxide asm`.

use crate::flags::Parsed;
use crate::options;
use goxide_driver::Failure;
use std::process::ExitCode;

fn missing(parsed: &Parsed, what: &str) -> ExitCode {
    options::with_session(parsed, |_| {
        Err(Failure::Other(format!("{what} is not connected yet")))
    })
}

/// `goxide ast`.
pub fn ast(parsed: &Parsed) -> ExitCode {
    missing(parsed, "ast")
}

/// `goxide ssa`.
pub fn ssa(parsed: &Parsed) -> ExitCode {
    missing(parsed, "ssa")
}

/// `goxide asm`.
pub fn asm(parsed: &Parsed) -> ExitCode {
    missing(parsed, "asm")
}
