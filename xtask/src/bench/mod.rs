//! `cargo xtask bench`: the same Go programs built by goxide and by the SDK's `go`, run in
//! turn, compared as ratios.
//!
//! The programs are in `bench/`; each times its own work and prints lines `row NAME VALUE`
//! (see `bench/measure`). What else it prints must be equal on both sides. `rust` compares the
//! runtime alone with others for Rust. A ratio is never a reason to fail: the task fails only
//! if a program does, or if results differ.

mod edit;
mod pair;
mod rust;
mod start;
mod table;

use crate::differential::complain;
use crate::{Failed, Outcome, goxide, root, target};
use goxide_testkit::Toolchains;
use pair::Pair;
use std::path::{Path, PathBuf};
use table::Table;

const USAGE: &str =
    "usage: cargo xtask bench cpu|sched|start|rust [FILTER] [--rounds N] [--goxide FILE]";

/// Rounds if `--rounds` says nothing.
const ROUNDS: usize = 5;

/// Programs that cannot run under goxide yet, and why.
const NOT_YET: [(&str, &str); 0] = [];

/// What the command line asks for.
struct Request<'a> {
    suite: &'a str,
    filter: Option<&'a str>,
    rounds: usize,
}

/// Runs a suite and prints its table.
pub fn bench(options: &[&str]) -> Outcome {
    let request = parse(options).ok_or_else(|| complain(USAGE))?;
    if request.suite == "rust" {
        return rust::rust(request.filter, request.rounds);
    }
    let goxide = goxide(options)?;
    let work = target().join("bench");
    std::fs::create_dir_all(&work).map_err(complain)?;
    let toolchains = Toolchains::find(&goxide, &work).map_err(complain)?;
    let dir = root().join("bench");
    eprintln!(
        "── {}: goxide and {}, {} rounds",
        request.suite, toolchains.version, request.rounds
    );
    if request.suite == "start" {
        return start::start(&toolchains, &dir, &work, request.rounds);
    }
    suite(&request, &toolchains, &dir, &work)
}

fn parse<'a>(options: &[&'a str]) -> Option<Request<'a>> {
    let (suite, rest) = options.split_first()?;
    let mut request = Request {
        suite: ["cpu", "sched", "start", "rust"]
            .into_iter()
            .find(|s| s == suite)?,
        filter: None,
        rounds: ROUNDS,
    };
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--rounds" => request.rounds = rest.next()?.parse().ok().filter(|n| *n > 0)?,
            "--goxide" => drop(rest.next()?),
            flag if flag.starts_with('-') => return None,
            word => request.filter = Some(word),
        }
    }
    Some(request)
}

fn suite(request: &Request, toolchains: &Toolchains, dir: &Path, work: &Path) -> Outcome {
    let mut table = Table::default();
    let mut failed = false;
    for file in programs(&dir.join(request.suite))? {
        let name = stem(&file);
        if let Some((_, reason)) = NOT_YET.iter().find(|(program, _)| *program == name) {
            println!("{name}: left out: {reason}");
            continue;
        }
        let Some(rows) = wanted_rows(request.filter, &file) else {
            continue;
        };
        let measured = Pair::build(toolchains, dir, &file, work)
            .and_then(|pair| pair.measure(rows, request.rounds));
        match measured {
            Ok(rows) => table.add(&name, rows),
            Err(reason) => {
                eprintln!("FAIL {name}: {reason}");
                failed = true;
            }
        }
    }
    table.print();
    if failed { Err(Failed) } else { Ok(()) }
}

/// The programs of a suite, by name.
fn programs(dir: &Path) -> Result<Vec<PathBuf>, Failed> {
    let entries = std::fs::read_dir(dir).map_err(complain)?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "go"))
        .collect();
    files.sort();
    Ok(files)
}

fn stem(file: &Path) -> String {
    file.file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Whether a program is wanted, and if only some rows of it are, their filter.
fn wanted_rows<'a>(filter: Option<&'a str>, file: &Path) -> Option<Option<&'a str>> {
    match filter {
        None => Some(None),
        Some(filter) if stem(file).contains(filter) => Some(None),
        Some(filter) => {
            let text = std::fs::read_to_string(file).ok()?;
            text.contains(filter).then_some(Some(filter))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options() {
        let request = parse(&["cpu", "map", "--rounds", "3", "--goxide", "x"]).expect("options");
        assert_eq!(
            (request.suite, request.filter, request.rounds),
            ("cpu", Some("map"), 3)
        );
        assert!(parse(&["memory"]).is_none());
        assert!(parse(&["cpu", "--rounds", "0"]).is_none());
        assert!(parse(&["cpu", "--fast"]).is_none());
    }
}
