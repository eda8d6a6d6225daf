//! From flags to the options of a session, and the frame in which every command runs.

use crate::flags::Parsed;
use goxide_driver::{Failure, Options, Session};
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs a command with a session made from its flags; prints what went wrong.
pub fn with_session(
    parsed: &Parsed,
    command: impl FnOnce(&Session) -> Result<ExitCode, Failure>,
) -> ExitCode {
    with_options(options(parsed), command)
}

/// Runs a command with a session of these options.
pub fn with_options(
    options: Result<Options, Failure>,
    command: impl FnOnce(&Session) -> Result<ExitCode, Failure>,
) -> ExitCode {
    let result = options
        .and_then(Session::new)
        .and_then(|session| command(&session));
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprint!("{failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

/// The options that a command's flags ask for.
pub fn options(parsed: &Parsed) -> Result<Options, Failure> {
    let usage = |message: String| Failure::Usage(message);
    let mut cwd = std::env::current_dir()
        .map_err(|e| usage(format!("the working directory cannot be used: {e}")))?;
    if let Some(dir) = parsed.get("C") {
        std::env::set_current_dir(dir).map_err(|e| usage(format!("chdir {dir}: {e}")))?;
        cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from(dir));
    }
    let use_vendor = match parsed.get("mod") {
        None => None,
        Some("vendor") => Some(true),
        Some("mod" | "readonly") => Some(false),
        Some(mode) => {
            return Err(usage(format!(
                "-mod={mode}: not a module mode (use readonly, vendor or mod)"
            )));
        }
    };
    let threads = match parsed.get("p") {
        None => None,
        Some(n) => match n.parse() {
            Ok(n) if n > 0 => Some(n),
            _ => return Err(usage(format!("-p={n}: not a number of threads"))),
        },
    };
    let tags = parsed.get("tags").unwrap_or_default();
    Ok(Options {
        cwd,
        tags: tags
            .split([',', ' '])
            .filter(|t| !t.is_empty())
            .map(str::to_string)
            .collect(),
        use_vendor,
        threads,
        compiler_flags: parsed.all("gcflags").map(str::to_string).collect(),
        linker_flags: parsed.all("ldflags").map(str::to_string).collect(),
        trim_paths: parsed.on("trimpath"),
        compile_anew: parsed.on("a"),
        print_packages: parsed.on("v"),
        print_steps: parsed.on("x"),
        compiler_only: false,
        keep_work: parsed.on("work"),
    })
}
