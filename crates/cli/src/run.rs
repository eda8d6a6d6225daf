//! `goxide run`.

use crate::flags::Parsed;
use crate::options;
use std::process::ExitCode;

/// Compiles a program and runs it.
pub fn run(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let _ = session;
        Err(goxide_driver::Failure::Other(
            "run: the back end is not connected yet".into(),
        ))
    })
}
