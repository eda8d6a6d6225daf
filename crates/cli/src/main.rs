//! The `goxide` command: flags to a session of the compiler, its results to the terminal.
//!
//! Takes: the command line, the environment. Gives: an exit status — 0; 1 for errors in
//! what was to be built; 2 for a wrong command line or a failure of the compiler itself.
//! Must not know: how anything is compiled.

mod build;
mod commands;
mod flags;
mod info;
mod options;
mod run;
mod view;

use flags::FlagError;
use std::process::ExitCode;

/// A compilation makes millions of small objects, on several threads: with the system's
/// allocator a fifth of its time goes into that.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trees are walked by recursion and input decides how deep they are.
const STACK_BYTES: usize = 1 << 30;

fn main() -> ExitCode {
    let main = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(command);
    match main.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(2),
        Err(e) => {
            eprintln!("goxide: cannot start a thread: {e}");
            ExitCode::from(2)
        }
    }
}

fn command() -> ExitCode {
    let args: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    let Some((name, rest)) = args.split_first() else {
        eprint!("{}", info::overview());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "-h" | "-help" | "--help") {
        print!("{}", info::overview());
        return ExitCode::SUCCESS;
    }
    let Some(command) = commands::find(name) else {
        eprint!("{}", info::unknown(name));
        return ExitCode::from(2);
    };
    let with_defaults = match flags::from_environment(command.flags, rest) {
        Ok(all) => all,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    match flags::parse(command.flags, &with_defaults, command.mixed) {
        Ok(parsed) => (command.run)(&parsed),
        Err(FlagError::Help) => {
            eprint!("{}", info::usage(command));
            ExitCode::from(2)
        }
        Err(FlagError::Missing(message)) => {
            eprintln!("goxide {name}: {message}");
            ExitCode::from(2)
        }
        Err(FlagError::Usage(message)) => {
            eprint!("{message}\n{}", info::usage(command));
            ExitCode::from(2)
        }
    }
}
