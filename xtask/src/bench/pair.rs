//! One program built by both toolchains, and its runs.

use goxide_testkit::{Finished, Limits, Toolchain, Toolchains, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The two executables of a program.
pub struct Pair {
    goxide: PathBuf,
    go: PathBuf,
}

/// A row with its value in each round.
#[derive(Debug, PartialEq)]
pub struct Row {
    /// What the program calls it.
    pub name: String,
    /// Values of goxide and of Go.
    pub values: Vec<(f64, f64)>,
}

/// What one run printed.
#[derive(Debug, PartialEq)]
struct Printed {
    rows: Vec<(String, f64)>,
    /// All other lines.
    results: String,
}

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(300),
        output_bytes: 1 << 20,
    }
}

impl Pair {
    /// Builds the program of `file`, in the module of `dir`.
    ///
    /// # Errors
    /// If one of the toolchains does not build it.
    pub fn build(
        toolchains: &Toolchains,
        dir: &Path,
        file: &Path,
        work: &Path,
    ) -> Result<Pair, String> {
        let build = |side: &str, toolchain: &Toolchain| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let output = work.join(format!("{name}-{side}"));
            let what = file.display().to_string();
            let done = toolchain
                .build(dir, &[], &what, &output, limits())
                .map_err(|e| format!("{side} does not run: {e}"))?;
            match done.success() {
                true => Ok(output),
                false => Err(format!("{side} does not build it: {}", explain(&done))),
            }
        };
        Ok(Pair {
            goxide: build("goxide", &toolchains.goxide)?,
            go: build("go", &toolchains.go)?,
        })
    }

    /// Runs both in turn, the first one changing from round to round.
    ///
    /// # Errors
    /// If a run fails or if the two print different results.
    pub fn measure(&self, filter: Option<&str>, rounds: usize) -> Result<Vec<Row>, String> {
        let mut rows: Vec<Row> = Vec::new();
        for round in 0..rounds {
            let (ours, theirs);
            if round % 2 == 0 {
                ours = printed("goxide", &self.goxide, filter)?;
                theirs = printed("go", &self.go, filter)?;
            } else {
                theirs = printed("go", &self.go, filter)?;
                ours = printed("goxide", &self.goxide, filter)?;
            }
            collect(&mut rows, ours, theirs)?;
        }
        Ok(rows)
    }
}

fn printed(side: &str, exe: &Path, filter: Option<&str>) -> Result<Printed, String> {
    let mut command = Command::new(exe);
    let done = run(command.args(filter), b"", limits()).map_err(|e| format!("{side}: {e}"))?;
    match done.success() {
        true => parse(&String::from_utf8_lossy(&done.stdout)),
        false => Err(format!("the program of {side} fails: {}", explain(&done))),
    }
}

fn explain(done: &Finished) -> String {
    let text = String::from_utf8_lossy(&done.stderr);
    let head: Vec<&str> = text.lines().take(8).collect();
    format!("{}\n{}", done.status(), head.join("\n"))
}

fn parse(text: &str) -> Result<Printed, String> {
    let mut printed = Printed {
        rows: Vec::new(),
        results: String::new(),
    };
    for line in text.lines() {
        match line.strip_prefix("row ").map(|row| row.rsplit_once(' ')) {
            Some(Some((name, value))) => {
                let value = value.parse().map_err(|_| format!("a bad row: {line}"))?;
                printed.rows.push((name.to_string(), value));
            }
            Some(None) => return Err(format!("a bad row: {line}")),
            None => {
                printed.results.push_str(line);
                printed.results.push('\n');
            }
        }
    }
    Ok(printed)
}

/// Adds a round to the rows.
fn collect(rows: &mut Vec<Row>, ours: Printed, theirs: Printed) -> Result<(), String> {
    if ours.results != theirs.results {
        return Err(format!(
            "results differ:\ngoxide:\n{}go:\n{}",
            ours.results, theirs.results
        ));
    }
    let names = |printed: &Printed| -> Vec<String> {
        printed.rows.iter().map(|(name, _)| name.clone()).collect()
    };
    if names(&ours) != names(&theirs) {
        return Err("the two have different rows".to_string());
    }
    for ((name, our), (_, their)) in ours.rows.into_iter().zip(theirs.rows) {
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.values.push((our, their)),
            None => rows.push(Row {
                name,
                values: vec![(our, their)],
            }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> Printed {
        parse(text).expect("rows")
    }

    #[test]
    fn rows_and_results() {
        let mut rows = Vec::new();
        let round = collect(
            &mut rows,
            side("row int map 12.5\nsum int map ab\n"),
            side("sum int map ab\nrow int map 10\n"),
        );
        assert_eq!(round, Ok(()));
        assert_eq!(rows[0].name, "int map");
        assert_eq!(rows[0].values, [(12.5, 10.0)]);
        let differ = collect(&mut rows, side("sum x 1\n"), side("sum x 2\n"));
        assert!(differ.is_err());
        assert!(parse("row fast very\n").is_err());
    }
}
