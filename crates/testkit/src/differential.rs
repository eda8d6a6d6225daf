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
    /// Run them with the sanity collector and a step of a collection at every allocation; at
    /// fewer ([`TORTURE_STEPS`]) where that takes longer than so.
    pub torture: Option<Duration>,
}

/// The verdict on one program.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The program.
    pub path: PathBuf,
    /// How goxide differs, or why nothing could be blessed; `None`: all is well.
    pub difference: Option<String>,
    /// Allocations for each step of a collection, if it was tortured.
    pub allocations: Option<u32>,
}

/// Allocations for each step of a collection, for programs that make many.
pub const TORTURE_STEPS: [u32; 5] = [1, 30, 1000, 30_000, 1_000_000];

const BUILD_TIME: Duration = Duration::from_secs(300);
/// Who takes so long hangs. The slowest need three seconds on a quick machine.
const RUN_TIME: Duration = Duration::from_secs(180);
/// Settings that check what happens make it slow.
const TIMES_WITH_SETTINGS: u32 = 4;
/// Outcomes that depend on the number of processors or on luck are not worth storing.
const BLESSING_RUNS: &[&[(&str, &str)]] = &[&[("GOMAXPROCS", "1")], &[("GOMAXPROCS", "4")], &[]];

impl Differential {
    /// Compares all programs; `report` hears of each when it is done.
    pub fn compare_all(&self, programs: &[TestProgram], report: impl FnMut(&Comparison)) {
        self.each(programs, |p| self.compare(p), report);
    }

    /// Stores the reference's outcome of each program that has none, or an old one.
    pub fn bless_all(&self, programs: &[TestProgram], report: impl FnMut(&Comparison)) {
        let bless = |p: &TestProgram| Ok((self.bless(p)?, None));
        self.each(programs, bless, report);
    }

    fn each(
        &self,
        programs: &[TestProgram],
        task: impl Fn(&TestProgram) -> std::io::Result<(Option<String>, Option<u32>)> + Sync,
        mut report: impl FnMut(&Comparison),
    ) {
        let next = AtomicUsize::new(0);
        let (send, receive) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (send, next, task) = (send.clone(), &next, &task);
                scope.spawn(move || {
                    while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = task(program);
                        let (difference, allocations) =
                            result.unwrap_or_else(|e| (Some(e.to_string()), None));
                        let _ = send.send(Comparison {
                            path: program.path.clone(),
                            difference,
                            allocations,
                        });
                    }
                });
            }
            drop(send);
            receive.iter().for_each(|comparison| report(&comparison));
        });
    }

    /// How goxide differs, and with how many allocations for each step of a collection.
    fn compare(&self, program: &TestProgram) -> std::io::Result<(Option<String>, Option<u32>)> {
        let reference = stored::load(program, &self.toolchains.version)?;
        let goxide = &self.toolchains.goxide;
        let differs = |ours: Outcome| ours.differs(&reference, program.whole_stderr);
        let executable = match self.build(goxide, program, "goxide")? {
            Ok(executable) => executable,
            Err(failed) => return Ok((differs(failed), None)),
        };
        let result = match self.torture.filter(|_| !program.measures) {
            Some(time) => self.tortured(&executable, program, time)?,
            None => {
                let (variables, time) = self.settings(program, &self.godebug);
                (executable.run(program, &variables, time)?, None)
            }
        };
        Ok((differs(result.0), result.1))
    }

    /// The outcome with as few allocations for each step of a collection as end in time.
    fn tortured(
        &self,
        executable: &Executable,
        program: &TestProgram,
        limit: Duration,
    ) -> std::io::Result<(Outcome, Option<u32>)> {
        let mut steps = TORTURE_STEPS.into_iter().peekable();
        while let Some(allocations) = steps.next() {
            let torture = format!("goxidegctorture={allocations},goxidegcsanity=1");
            let (variables, time) = self.settings(program, &torture);
            let last = steps.peek().is_none();
            let time = if last { time } else { limit };
            let outcome = executable.run(program, &variables, time)?;
            if last || !matches!(outcome, Outcome::TimedOut(_)) {
                return Ok((outcome, Some(allocations)));
            }
        }
        unreachable!("the last step returns")
    }

    /// Variables for these settings besides the program's own, and how long it may take.
    fn settings(
        &self,
        program: &TestProgram,
        godebug: &str,
    ) -> (Vec<(&'static str, String)>, Duration) {
        let time = program.time.unwrap_or(RUN_TIME);
        if godebug.is_empty() {
            return (vec![], time);
        }
        let own = program.env.iter().filter(|(name, _)| name == "GODEBUG");
        let own: String = own.map(|(_, settings)| format!("{settings},")).collect();
        (vec![("GODEBUG", own + godebug)], time * TIMES_WITH_SETTINGS)
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
        runs: &[&[(&'static str, &str)]],
    ) -> std::io::Result<Vec<Outcome>> {
        let executable = match self.build(toolchain, program, name)? {
            Ok(executable) => executable,
            Err(failed) => return Ok(vec![failed]),
        };
        let time = program.time.unwrap_or(RUN_TIME);
        let owned = |run: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
            run.iter().map(|(k, v)| (*k, v.to_string())).collect()
        };
        let runs = runs.iter();
        runs.map(|run| executable.run(program, &owned(run), time))
            .collect()
    }

    /// Builds a program; or how that failed.
    fn build(
        &self,
        toolchain: &Toolchain,
        program: &TestProgram,
        name: &str,
    ) -> std::io::Result<Result<Executable, Outcome>> {
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
        let bin = self.work.join("bin");
        let output = bin.join(format!("{}-{name}", unique(&program.path)));
        std::fs::create_dir_all(bin)?;
        let limits = Limits {
            time: BUILD_TIME,
            ..Limits::default()
        };
        let built = toolchain.build(dir, &program.flags, what, &output, limits)?;
        Ok(match built.success() {
            true => Ok(Executable {
                file: output,
                dir: dir.to_path_buf(),
            }),
            false => Err(Outcome::of_build(&built)),
        })
    }
}

/// A program that has been built; the file goes with it.
struct Executable {
    file: PathBuf,
    /// Where it runs.
    dir: PathBuf,
}

impl Executable {
    /// Runs it with these variables besides the program's own.
    fn run(
        &self,
        program: &TestProgram,
        variables: &[(&'static str, String)],
        time: Duration,
    ) -> std::io::Result<Outcome> {
        let limits = Limits {
            time,
            ..Limits::default()
        };
        let mut command = Command::new(&self.file);
        command.args(&program.args).current_dir(&self.dir);
        command.envs(program.env.iter().map(|(k, v)| (k, v)));
        command.envs(variables.iter().map(|(k, v)| (k, v)));
        let done = run(&mut command, program.stdin.as_bytes(), limits)?;
        Ok(Outcome::of_run(done))
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

/// A file name that no other program of the suite has.
fn unique(path: &Path) -> String {
    let text = path.display().to_string();
    text.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}
