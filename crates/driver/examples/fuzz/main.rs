//! Looks for sources that make the compiler panic, hang, overflow its stack or need too
//! much memory: `fuzz syntax|types|compile [--seconds N] [--seed N]`, or `cargo xtask fuzz`.
//!
//! A worker process makes sources (see `goxide_testkit::mutate`) and runs them; this one
//! watches it, starts it again after a source that killed it, and makes such sources
//! smaller. They are left in `target/fuzz`.

mod corpus;
mod target;
mod worker;

use goxide_testkit::mutate::minimise;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use target::Target;
use worker::{Event, Worker};

const USAGE: &str = "usage: fuzz syntax|types|compile [--seconds N] [--seed N]";

/// How often a source is run at most to make it smaller; one that hangs takes long each time.
const MINIMISE_RUNS: usize = 250;
const MINIMISE_HANG_RUNS: usize = 25;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["worker", target, seed, from] => {
            let numbers = (seed.parse().ok(), from.parse().ok());
            if let (Some(target), (Some(seed), Some(from))) = (Target::named(target), numbers) {
                worker::work(target, seed, from);
            }
            ExitCode::SUCCESS
        }
        ["one", target, file] => match Target::named(target) {
            Some(target) => worker::run_one(target, Path::new(file)),
            None => ExitCode::from(2),
        },
        [target, ref options @ ..] if Target::named(target).is_some() => {
            let value = |name: &str| {
                let at = options.iter().position(|o| *o == name)?;
                options.get(at + 1)?.parse().ok()
            };
            let time = Duration::from_secs(value("--seconds").unwrap_or(60));
            watch(target, value("--seed").unwrap_or(1), time)
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Runs workers for a time; fails if a source failed.
fn watch(target: &str, seed: u64, time: Duration) -> ExitCode {
    let folder = output_folder();
    let (start, mut from) = (Instant::now(), 0);
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut runs = 0u64;
    while start.elapsed() < time {
        let mut worker = match Worker::start(target, seed, from) {
            Ok(worker) => worker,
            Err(e) => {
                eprintln!("fuzz: {e}");
                return ExitCode::from(2);
            }
        };
        loop {
            let event = worker.next(start + time);
            let number = worker.number;
            runs += u64::from(matches!(event, Event::Began));
            let why = match event {
                Event::Began => continue,
                Event::Over => break,
                Event::Failed(why) => why,
            };
            let kind = kind_of(&why);
            eprintln!("source {number}: {why}");
            found
                .entry(kind)
                .or_insert_with_key(|kind| report(target, seed, number, kind, &folder));
            break;
        }
        from = worker.number + 1;
    }
    eprintln!(
        "── fuzz {target}: {runs} sources from seed {seed} in {} s, {} kinds of failures",
        start.elapsed().as_secs(),
        found.len()
    );
    for (kind, file) in &found {
        eprintln!("   {}: {kind}", file.display());
    }
    match found.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Failures with the same text but for numbers are one.
fn kind_of(why: &str) -> String {
    let line = why.lines().next().unwrap_or_default();
    match line.rsplit_once('(') {
        // The place of a panic says more than its message.
        Some((_, place)) if line.starts_with("panic") => format!("panic ({place}"),
        _ => line.to_string(),
    }
}

/// Writes the failing source, as small as it gets, to a file.
fn report(target: &str, seed: u64, number: u64, kind: &str, folder: &Path) -> PathBuf {
    let parsed = Target::named(target).expect("checked");
    let source = parsed.source(seed, number);
    let file = folder.join(format!("{target}-{seed}-{number}.go"));
    let _ = std::fs::write(&file, &source);
    let trial = folder.join(format!("{target}-trial.go"));
    let fails = |text: &[u8]| {
        let _ = std::fs::write(&trial, text);
        worker::outcome_of(target, &trial).is_some_and(|why| kind_of(&why) == kind)
    };
    if parsed.is_cheap() {
        let runs = match kind {
            "hang" => MINIMISE_HANG_RUNS,
            _ => MINIMISE_RUNS,
        };
        let small = minimise(&source, runs, fails);
        let _ = std::fs::write(&file, &small);
        let shown = String::from_utf8_lossy(&small).into_owned();
        eprintln!("smaller, in {}:\n{shown:.2000}", file.display());
    }
    let _ = std::fs::remove_file(&trial);
    file
}

fn output_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let folder = target.unwrap_or_else(|| "target".into()).join("fuzz");
    let _ = std::fs::create_dir_all(&folder);
    folder
}

/// This program again, with less memory to take.
fn myself(args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 8000000; ulimit -c 0; exec \"$0\" \"$@\""]);
    command.arg(std::env::current_exe().unwrap_or_default());
    command.args(args);
    command
}
