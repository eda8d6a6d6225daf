//! `goxide build`.

use crate::flags::Parsed;
use crate::options;
use std::process::ExitCode;

/// Compiles packages.
pub fn build(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let _ = session;
        Err(goxide_driver::Failure::Other(
            "build: the back end is not connected yet".into(),
        ))
    })
}
