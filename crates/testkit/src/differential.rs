//! Compares goxide with the reference on programs, several at once. The reference's
//! outcomes are stored beside the programs ([`crate::stored`]); only `bless` runs it.

use crate::outcome::Outcome;
use crate::process::{Limits, run};
use crate::program::TestProgram;
use crate::stored;
use crate::toolchain::{Toolchain, Toolchains};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// A comparison's surroundings.
pub struct Differential {
    /// The toolchains.
    pub toolchains: Toolchains,
    /// A folder for executables.
    pub work: PathBuf,
    /// How many programs run at once.
    pub threads: usize,
    /// Settings to run goxide's programs with, in the form of GODEBUG; empty: none.
    pub godebug: String,
}

/// The verdict on one program.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The program.
    pub path: PathBuf,
    /// How goxide differs, or why nothing could be blessed; `None`: all is well.
    pub difference: Option<String>,
}

const BUILD_TIME: Duration = Duration::from_secs(300);
const RUN_TIME: Duration = Duration::from_secs(30);
/// Settings that check what happens make it slow.
const TIMES_WITH_SETTINGS: u32 = 4;
/// Outcomes that depend on the number of processors or on luck are not worth storing.
const BLESSING_RUNS: &[&[(&str, &str)]] = &[&[("GOMAXPROCS", "1")], &[("GOMAXPROCS", "4")], &[]];

impl Differential {
    /// Compares all programs; `report` hears of each when it is done.
    pub fn compare_all(&self, programs: &[TestProgram], report: impl FnMut(&Comparison)) {
        self.each(programs, |p| self.difference(p), report);
    }

    /// Stores the reference's outcome of each program that has none, or an old one.
    pub fn bless_all(&self, programs: &[TestProgram], report: impl FnMut(&Comparison)) {
        self.each(programs, |p| self.bless(p), report);
    }

    fn each(
        &self,
        programs: &[TestProgram],
        task: impl Fn(&TestProgram) -> std::io::Result<Option<String>> + Sync,
        mut report: impl FnMut(&Comparison),
    ) {
        let next = AtomicUsize::new(0);
        let (send, receive) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (send, next, task) = (send.clone(), &next, &task);
                scope.spawn(move || {
                    while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let _ = send.send(Comparison {
                            path: program.path.clone(),
                            difference: task(program).unwrap_or_else(|e| Some(e.to_string())),
                        });
                    }
                });
            }
            drop(send);
            receive.iter().for_each(|comparison| report(&comparison));
        });
    }

    fn difference(&self, program: &TestProgram) -> std::io::Result<Option<String>> {
        let reference = stored::load(program, &self.toolchains.version)?;
        let godebug = self.godebug_of(program);
        let mut variables = vec![];
        if !self.godebug.is_empty() {
            variables.push(("GODEBUG", godebug.as_str()));
        }
        let ours = self.outcomes(&self.toolchains.goxide, program, "goxide", &[&variables])?;
        let differs = |ours: &Outcome| ours.differs(&reference, program.whole_stderr);
        Ok(ours.iter().find_map(differs))
    }

    /// The program's own settings, and ours.
    fn godebug_of(&self, program: &TestProgram) -> String {
        let own = program.env.iter().filter(|(name, _)| name == "GODEBUG");
        let own = own.map(|(_, settings)| format!("{settings},"));
        own.collect::<String>() + &self.godebug
    }

    /// Stores the reference's outcome if several runs agree on it; if not, tells how they
    /// differ.
    fn bless(&self, program: &TestProgram) -> std::io::Result<Option<String>> {
        let version = &self.toolchains.version;
        if stored::load(program, version).is_ok() {
            return Ok(None);
        }
        let runs = self.outcomes(&self.toolchains.go, program, "go", BLESSING_RUNS)?;
        let unstable = runs.iter().find_map(|run| match run {
            Outcome::TimedOut(stage) => Some(format!("{stage} timed out")),
            Outcome::BuildFailed(messages) if !program.must_fail => Some(messages.clone()),
            run => run.differs(&runs[0], program.whole_stderr),
        });
        match (unstable, runs.into_iter().next()) {
            (None, Some(first)) => {
                stored::save(program, version, &first.reduced(program.whole_stderr))?;
                Ok(None)
            }
            (how, _) => Ok(Some(format!(
                "the reference does not build it, is too slow, or not the same in every run:\n{}",
                how.unwrap_or_default()
            ))),
        }
    }

    /// The outcomes of runs with these variables besides the program's own.
    fn outcomes(
        &self,
        toolchain: &Toolchain,
        program: &TestProgram,
        name: &str,
        runs: &[&[(&str, &str)]],
    ) -> std::io::Result<Vec<Outcome>> {
        let (dir, what) = match program.path.is_dir() {
            true => (program.path.as_path(), "."),
            false => (
                program.path.parent().unwrap_or(Path::new(".")),
                program
                    .path
                    .file_name()
                    .and_then(|n| n.to_str())
                    .unwrap_or_default(),
            ),
        };
        let output = self
            .work
            .join("bin")
            .join(format!("{}-{name}", unique(&program.path)));
        std::fs::create_dir_all(self.work.join("bin"))?;
        let limits = Limits {
            time: BUILD_TIME,
            ..Limits::default()
        };
        let built = toolchain.build(dir, &program.flags, what, &output, limits)?;
        if !built.success() {
            return Ok(vec![Outcome::of_build(&built)]);
        }
        let mut time = program.time.unwrap_or(RUN_TIME);
        if !self.godebug.is_empty() {
            time *= TIMES_WITH_SETTINGS;
        }
        let limits = Limits {
            time,
            ..Limits::default()
        };
        let outcomes = runs.iter().map(|variables| {
            let mut command = Command::new(&output);
            command.args(&program.args).current_dir(dir);
            command.envs(program.env.iter().map(|(k, v)| (k, v)));
            command.envs(variables.iter().copied());
            Ok(Outcome::of_run(run(
                &mut command,
                program.stdin.as_bytes(),
                limits,
            )?))
        });
        let outcomes = outcomes.collect();
        let _ = std::fs::remove_file(&output);
        outcomes
    }
}

/// A file name that no other program of the suite has.
fn unique(path: &Path) -> String {
    let text = path.display().to_string();
    text.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}
