//! Project tasks: `cargo xtask TASK`. Rust instead of shell, so that they are checked,
//! tested and the same everywhere.

mod bench;
mod conformance;
mod differential;
mod fuzz;
mod go_test;
mod load;
mod modules;
mod programs;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: cargo xtask TASK

    test                    everything: format, lints, tidy, unit tests, programs
    test --quick            the same without programs
    tidy                    the rules of the source tree
    programs [FILTER] [--bless] [--godebug SETTINGS] [--torture SECONDS]
                            tests/run under goxide against the stored outcomes of the
                            reference go; --bless runs it where they are missing or old;
                            --torture: a step of a collection at every allocation, at
                            fewer in programs that take longer than so
    conformance go-test [FILTER] [--bless] [--sample N]
                            Go's own test directory against the list of passing tests
    conformance types [FILE...]
                            the type checker's and the parser's test files of the SDK
    conformance programs    gofmt, vet, asm, link and compile, built by goxide
    fuzz syntax|types|compile [--seconds N] [--seed N]
                            looks for sources that make the compiler crash or hang
    load [NAME] [--seconds N]
                            https, chat, wordcount, million (goroutines), garbage (100 GB
                            through 50 MB), pauses (with 1 GB alive), idle, compile (Go's
                            compiler), under a tight collector: results, goroutines, memory
    bench cpu|sched|start [FILTER] [--rounds N]
                            speed beside the reference go, as ratios
    bench rust [FILTER] [--rounds N]
                            the runtime under Rust closures beside may and tokio
    conformance modules     programs that use packages of others (needs the network)

Options: --goxide FILE uses this executable instead of building one.
";

/// The flags of all tasks that stand alone, and those that a value follows; any other is a
/// mistake, not something to leave out.
const FLAGS: &[&str] = &["--bless", "--quick"];
const FLAGS_WITH_VALUE: &[&str] = &[
    "--godebug",
    "--goxide",
    "--rounds",
    "--sample",
    "--seconds",
    "--seed",
    "--torture",
];

/// Why a task failed; what is to be said was said.
pub struct Failed;

/// What a task comes to.
pub type Outcome = Result<(), Failed>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    if words.iter().any(|w| ["help", "-h", "--help"].contains(w)) {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let known = |word: &&&str| FLAGS.contains(word) || FLAGS_WITH_VALUE.contains(word);
    if let Some(flag) = words.iter().find(|w| w.starts_with('-') && !known(w)) {
        eprint!("no task has the flag {flag}\n{USAGE}");
        return ExitCode::from(2);
    }
    let outcome = match words[..] {
        ["test", ref options @ ..] => test::test(options),
        ["tidy"] => tidy::tidy(),
        ["fuzz", ref options @ ..] => fuzz::fuzz(options),
        ["programs", ref options @ ..] => differential::programs(options),
        ["load", ref options @ ..] => load::load(options),
        ["bench", ref options @ ..] => bench::bench(options),
        ["conformance", ref options @ ..] => conformance::conformance(options),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed) => ExitCode::FAILURE,
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The folder of build results.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => root().join("target"),
    }
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command with its output shown.
pub fn step(title: &str, command: &mut Command) -> Outcome {
    eprintln!("── {title}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            eprintln!("{title}: {status}");
            Err(Failed)
        }
        Err(e) => {
            eprintln!("{title}: {e}");
            Err(Failed)
        }
    }
}

/// The goxide to test: given by `--goxide`, else built for release.
pub fn goxide(options: &[&str]) -> Result<PathBuf, Failed> {
    if options.contains(&"--goxide") {
        return value(options, "--goxide").map(PathBuf::from).ok_or(Failed);
    }
    step(
        "building goxide",
        cargo().args(["build", "--release", "--package", "goxide"]),
    )?;
    Ok(target().join("release/goxide"))
}

/// What follows this flag.
pub fn value<'a>(options: &[&'a str], flag: &str) -> Option<&'a str> {
    let at = options.iter().position(|o| *o == flag)?;
    options.get(at + 1).copied()
}

/// The options that are neither flags nor flags' values.
pub fn words<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            flag if FLAGS_WITH_VALUE.contains(&flag) => {
                options.next();
            }
            flag if flag.starts_with("--") => {}
            word => words.push(word),
        }
    }
    words
}

/// The first of [`words`].
pub fn filter<'a>(options: &[&'a str]) -> Option<&'a str> {
    words(options).first().copied()
}

/// How many things to do at once.
pub fn threads() -> usize {
    std::thread::available_parallelism()
        .map_or(2, |n| n.get())
        .min(8)
}
