//! From flags to the options of a session, and the frame in which every command runs.

use crate::flags::Parsed;
use goxide_driver::{Failure, Options, PackageGraph, Session, os_text};
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

/// Prints what the user should hear about the arguments.
pub fn warn(graph: &PackageGraph) {
    for warning in &graph.warnings {
        eprintln!("go: warning: {warning}");
    }
}

/// The tags of a list with commas, or of one with blanks between them and perhaps quotes, as
/// it was before Go 1.13; the two cannot be mixed.
fn tags(list: &str) -> Result<Vec<String>, Failure> {
    if !list.contains([' ', '\'']) {
        let tags = list.split(',').filter(|t| !t.is_empty());
        return Ok(tags.map(str::to_string).collect());
    }
    let tags = goxide_driver::split_quoted(list)
        .map_err(|why| Failure::Usage(format!("invalid value {list:?} for flag -tags: {why}")))?;
    match tags.iter().any(|t| t.contains(',')) {
        true => Err(Failure::Usage(
            "-tags space-separated list contains comma".into(),
        )),
        false => Ok(tags),
    }
}

/// The options that a command's flags ask for.
pub fn options(parsed: &Parsed) -> Result<Options, Failure> {
    let usage = |message: String| Failure::Usage(message);
    let mut cwd = std::env::current_dir()
        .map_err(|e| usage(format!("the working directory cannot be used: {e}")))?;
    if let Some(dir) = parsed.get("C") {
        std::env::set_current_dir(dir)
            .map_err(|e| Failure::Plain(format!("go: chdir {dir}: {}", os_text(&e))))?;
        cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from(dir));
    }
    let use_vendor = match parsed.get("mod") {
        None | Some("") => None,
        Some("vendor") => Some(true),
        Some("mod" | "readonly") => Some(false),
        Some(mode) => {
            return Err(Failure::Plain(format!(
                "-mod={mode} not supported (can be '', 'mod', 'readonly', or 'vendor')"
            )));
        }
    };
    let threads = match parsed.get("p") {
        None => None,
        Some(n) => match n.parse() {
            Ok(n) if n > 0 => Some(n),
            _ => {
                let why = format!("go: -p must be a positive integer: {n}");
                return Err(Failure::Plain(why));
            }
        },
    };
    Ok(Options {
        cwd,
        tags: tags(parsed.get("tags").unwrap_or_default())?,
        use_vendor,
        mod_file: parsed.get("modfile").map(PathBuf::from),
        replaced_files: parsed.get("overlay").map(PathBuf::from),
        threads,
        compiler_flags: parsed.all("gcflags").map(str::to_string).collect(),
        linker_flags: parsed.all("ldflags").map(str::to_string).collect(),
        trim_paths: parsed.on("trimpath"),
        compile_anew: parsed.on("a"),
        print_packages: parsed.on("v"),
        print_steps: parsed.on("x"),
        dry_run: parsed.on("n"),
        compiler_only: false,
        keep_work: parsed.on("work"),
    })
}
