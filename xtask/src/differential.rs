//! `cargo xtask programs`: the programs of `tests/run` under goxide, compared with the
//! reference's outcomes that are stored beside them; `--bless` makes those.

use crate::{Failed, Outcome, filter, goxide, root, target, threads, value};
use goxide_testkit::{Comparison, Differential, TestProgram, Toolchains, stored};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Up to so many programs are named.
const FEW: usize = 60;

/// Compares, or blesses, all programs whose path contains the filter.
pub fn programs(options: &[&str]) -> Outcome {
    let goxide = goxide(options)?;
    let work = target().join("testkit");
    let differential = Differential {
        toolchains: Toolchains::find(&goxide, &work).map_err(complain)?,
        work,
        threads: threads(),
        godebug: value(options, "--godebug").unwrap_or_default().into(),
        torture: match value(options, "--torture") {
            Some(seconds) => Some(Duration::from_secs(seconds.parse().map_err(complain)?)),
            None => None,
        },
    };
    let bless = options.contains(&"--bless");
    let mut programs = TestProgram::find(&root().join("tests/run")).map_err(complain)?;
    let mut failed = strays(&programs).map_err(complain)?;
    if let Some(filter) = filter(options) {
        let below = root().join("tests/run");
        programs.retain(|p| {
            let path = p.path.strip_prefix(&below).unwrap_or(&p.path);
            path.display().to_string().contains(filter)
        });
    }
    eprintln!(
        "── {} programs under {} {}",
        programs.len(),
        if bless { "the reference" } else { "goxide and" },
        differential.toolchains.version
    );
    let mut by_allocations = BTreeMap::<u32, Vec<String>>::new();
    let report = |c: &Comparison| {
        let name = c.path.strip_prefix(root()).unwrap_or(&c.path);
        if let Some(allocations) = c.allocations {
            let names = by_allocations.entry(allocations).or_default();
            names.push(name.display().to_string());
        }
        if let Some(difference) = &c.difference {
            let path = c.path.strip_prefix(root()).unwrap_or(&c.path);
            eprintln!("FAIL {}\n{}", path.display(), indent(difference));
            failed += 1;
        }
    };
    match bless {
        true => differential.bless_all(&programs, report),
        false => differential.compare_all(&programs, report),
    }
    for (allocations, names) in by_allocations {
        let few = if names.len() <= FEW { &names[..] } else { &[] };
        eprintln!(
            "── a step of a collection for {allocations} allocations: {} programs {}",
            names.len(),
            few.join(" ")
        );
    }
    match failed {
        0 => eprintln!("── all well"),
        count => eprintln!("── {count} failed"),
    }
    if failed == 0 { Ok(()) } else { Err(Failed) }
}

/// Counts and names stored outcomes whose program is gone.
fn strays(programs: &[TestProgram]) -> std::io::Result<usize> {
    let known: BTreeSet<PathBuf> = programs.iter().map(stored::place).collect();
    let mut found = Vec::new();
    outcomes(&root().join("tests/run"), &mut found)?;
    found.retain(|path| !known.contains(path));
    for path in &found {
        eprintln!("FAIL {}: there is no such program", path.display());
    }
    Ok(found.len())
}

fn outcomes(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            outcomes(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "out") {
            found.push(path);
        }
    }
    Ok(())
}

fn indent(text: &str) -> String {
    text.lines().map(|l| format!("    {l}\n")).collect()
}

/// Prints an error and fails.
pub fn complain(error: impl std::fmt::Display) -> Failed {
    eprintln!("{error}");
    Failed
}
