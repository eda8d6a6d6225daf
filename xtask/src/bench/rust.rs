//! `cargo xtask bench rust`: goxide's runtime under Rust closures beside `may` and `tokio`
//! (`bench/rust`, a crate outside of the workspace).

use super::table::median;
use crate::differential::complain;
use crate::{Failed, Outcome, cargo, root, step, target};
use goxide_testkit::{Limits, run};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const RUNTIMES: [&str; 3] = ["goxide", "may", "tokio"];

/// What all rounds measured.
#[derive(Default)]
struct Table {
    /// Names of rows in the order in which they came.
    names: Vec<String>,
    /// Values by row and runtime.
    values: BTreeMap<(String, usize), Vec<f64>>,
    /// What a row's operations computed.
    results: BTreeMap<String, String>,
}

/// Builds the crate, runs the three in turn and prints the table.
pub fn rust(filter: Option<&str>, rounds: usize) -> Outcome {
    let dir = root().join("bench/rust");
    let target = target().join("bench-rust");
    step(
        "building bench/rust",
        cargo()
            .current_dir(&dir)
            .args(["build", "--release", "--quiet", "--target-dir"])
            .arg(&target),
    )?;
    let mut table = Table::default();
    for _ in 0..rounds {
        for (runtime, name) in RUNTIMES.iter().enumerate() {
            let text = round(&target.join("release/bench-rust"), name, filter)?;
            table.add(runtime, &text)?;
        }
    }
    table.print();
    Ok(())
}

fn round(exe: &Path, runtime: &str, filter: Option<&str>) -> Result<String, Failed> {
    let limits = Limits {
        time: Duration::from_secs(300),
        ..Limits::default()
    };
    let mut command = Command::new(exe);
    command.arg(runtime).args(filter);
    let done = run(&mut command, b"", limits).map_err(complain)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match done.success() {
        true => Ok(text(&done.stdout)),
        false => Err(complain(format!(
            "{runtime}: {}\n{}",
            done.status(),
            text(&done.stderr)
        ))),
    }
}

impl Table {
    fn add(&mut self, runtime: usize, text: &str) -> Outcome {
        for line in text.lines() {
            let bad = || complain(format!("{}: {line}", RUNTIMES[runtime]));
            let (kind, rest) = line.split_once(' ').ok_or_else(bad)?;
            let (name, value) = rest.rsplit_once(' ').ok_or_else(bad)?;
            if kind == "result" {
                let known = self.results.entry(name.into()).or_insert(value.into());
                if known != value {
                    return Err(complain(format!("{line} instead of {known}")));
                }
                continue;
            }
            if !self.names.iter().any(|n| n == name) {
                self.names.push(name.into());
            }
            let values = self.values.entry((name.into(), runtime)).or_default();
            values.push(value.parse().map_err(|_| bad())?);
        }
        Ok(())
    }

    fn print(&self) {
        println!(
            "{:<30} {:>12} {:>12} {:>12} {:>11} {:>13}",
            "", "goxide ns", "may ns", "tokio ns", "goxide/may", "goxide/tokio"
        );
        for name in &self.names {
            let value = |runtime: usize| {
                let values = self.values.get(&(name.clone(), runtime))?;
                Some(median(values.clone()))
            };
            let ratio = |runtime: usize| Some(value(0)? / value(runtime)?);
            let cell = |v: Option<f64>, digits: usize| match v {
                Some(v) => format!("{v:.digits$}"),
                None => "-".to_string(),
            };
            println!(
                "{name:<30} {:>12} {:>12} {:>12} {:>11} {:>13}",
                cell(value(0), 1),
                cell(value(1), 1),
                cell(value(2), 1),
                cell(ratio(1), 2),
                cell(ratio(2), 2)
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_name_belong_together_and_results_must_agree() {
        let mut table = Table::default();
        assert!(table.add(0, "result a b 3\nrow a b 1.5\n").is_ok());
        assert!(table.add(2, "result a b 3\nrow a b 3\nrow c 1\n").is_ok());
        assert_eq!(table.names, ["a b", "c"]);
        assert_eq!(table.values[&("a b".to_string(), 2)], [3.0]);
        assert!(table.add(1, "result a b 4\n").is_err());
    }
}
