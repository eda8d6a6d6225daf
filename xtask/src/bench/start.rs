//! From a source file to its output: `goxide run` and `go run` of a small program, with
//! fresh caches and with warm ones; and builds of a module of ten packages.

use super::edit;
use super::table::median;
use crate::differential::complain;
use crate::{Failed, Outcome};
use goxide_testkit::{Limits, Toolchain, Toolchains, run};
use std::path::Path;
use std::time::Duration;

/// Cold runs compile the standard library: there are at most so many.
const COLD_ROUNDS: usize = 3;

/// A toolchain with a cache of its own.
struct Side<'a> {
    toolchain: &'a Toolchain,
    /// The variable that names the cache.
    variable: &'static str,
    cache: std::path::PathBuf,
}

/// Measures both and prints the table.
pub fn start(toolchains: &Toolchains, dir: &Path, work: &Path, rounds: usize) -> Outcome {
    let side = |toolchain, variable: &'static str| Side {
        toolchain,
        variable,
        cache: work.join(format!("start-{variable}")),
    };
    let ours = side(&toolchains.goxide, "GOXIDE_CACHE");
    let theirs = side(&toolchains.go, "GOCACHE");
    let compare = |rounds: usize, fresh: bool| -> Result<(f64, f64, f64), Failed> {
        let mut times = Vec::new();
        for _ in 0..rounds {
            times.push((ours.hello(dir, fresh)?, theirs.hello(dir, fresh)?));
        }
        let middle = |of: fn(&(f64, f64)) -> f64| median(times.iter().map(of).collect());
        Ok((middle(|t| t.0), middle(|t| t.1), middle(|t| t.0 / t.1)))
    };
    let cold = compare(rounds.min(COLD_ROUNDS), true)?;
    let warm = compare(rounds, false)?;
    println!(
        "{:<20} {:>12} {:>12} {:>7}",
        "", "goxide ms", "go ms", "ratio"
    );
    let mut rows = vec![("cold hello", cold), ("warm hello", warm)];
    let cold_rounds = rounds.min(COLD_ROUNDS);
    rows.extend(edit::rows(toolchains, dir, work, cold_rounds, rounds)?);
    for (name, (ours, theirs, ratio)) in rows {
        println!("{name:<20} {ours:>12.1} {theirs:>12.1} {ratio:>7.2}");
    }
    for side in [ours, theirs] {
        // Nothing may be left of it if it was never made.
        let _ = std::fs::remove_dir_all(side.cache);
    }
    Ok(())
}

impl Side<'_> {
    /// Milliseconds of one run.
    fn hello(&self, dir: &Path, fresh: bool) -> Result<f64, Failed> {
        if fresh && self.cache.exists() {
            std::fs::remove_dir_all(&self.cache).map_err(complain)?;
        }
        let limits = Limits {
            time: Duration::from_secs(300),
            ..Limits::default()
        };
        let mut command = self.toolchain.command(dir, &["run", "start/hello.go"]);
        command.env(self.variable, &self.cache);
        let done = run(&mut command, b"", limits).map_err(complain)?;
        if !done.success() || done.stdout != b"hello, world\n" {
            let text = String::from_utf8_lossy(&done.stderr);
            let program = self.toolchain.program.display();
            return Err(complain(format!(
                "{program} run: {}\n{text}",
                done.status()
            )));
        }
        Ok(done.time.as_secs_f64() * 1e3)
    }
}
