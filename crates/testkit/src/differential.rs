//! Compares goxide with the reference on programs, several at once. The reference's
//! outcomes are kept by content, so that it runs each program only once.

use crate::outcome::Outcome;
use crate::process::{Limits, run};
use crate::program::TestProgram;
use crate::toolchain::{Toolchain, Toolchains};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// A comparison's surroundings.
pub struct Differential {
    /// The toolchains.
    pub toolchains: Toolchains,
    /// A folder for executables and the reference's outcomes.
    pub work: PathBuf,
    /// How many programs run at once.
    pub threads: usize,
}

/// The verdict on one program.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The program.
    pub path: PathBuf,
    /// How goxide differs; `None`: it does not.
    pub difference: Option<String>,
}

const BUILD_TIME: Duration = Duration::from_secs(300);
const RUN_TIME: Duration = Duration::from_secs(30);

impl Differential {
    /// Compares all programs; `report` hears of each when it is done.
    pub fn compare_all(&self, programs: &[TestProgram], mut report: impl FnMut(&Comparison)) {
        let next = AtomicUsize::new(0);
        let (send, receive) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (send, next) = (send.clone(), &next);
                scope.spawn(move || {
                    while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let _ = send.send(self.compare(program));
                    }
                });
            }
            drop(send);
            receive.iter().for_each(|comparison| report(&comparison));
        });
    }

    /// Compares one program.
    pub fn compare(&self, program: &TestProgram) -> Comparison {
        let difference = self
            .difference(program)
            .unwrap_or_else(|e| Some(e.to_string()));
        Comparison {
            path: program.path.clone(),
            difference,
        }
    }

    fn difference(&self, program: &TestProgram) -> std::io::Result<Option<String>> {
        let reference = self.reference(program)?;
        let ours = self.outcome(&self.toolchains.goxide, program, "goxide")?;
        Ok(ours.differs(&reference, program.whole_stderr))
    }

    /// The reference's outcome, from the store if it is there.
    fn reference(&self, program: &TestProgram) -> std::io::Result<Outcome> {
        let mut sum = Sha256::new();
        sum.update(&self.toolchains.version);
        sum.update(program.contents()?);
        let hash: String = sum.finalize().iter().map(|b| format!("{b:02x}")).collect();
        let stored = self.work.join("reference").join(hash);
        if let Ok(text) = std::fs::read(&stored)
            && let Ok(outcome) = serde_json::from_slice(&text)
        {
            return Ok(outcome);
        }
        let outcome = self.outcome(&self.toolchains.go, program, "go")?;
        if !matches!(outcome, Outcome::TimedOut(_)) {
            std::fs::create_dir_all(self.work.join("reference"))?;
            let temp = stored.with_extension(format!("{}", std::process::id()));
            std::fs::write(&temp, serde_json::to_vec(&outcome)?)?;
            std::fs::rename(&temp, &stored)?;
        }
        Ok(outcome)
    }

    fn outcome(
        &self,
        toolchain: &Toolchain,
        program: &TestProgram,
        name: &str,
    ) -> std::io::Result<Outcome> {
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
            return Ok(Outcome::of_build(&built));
        }
        let limits = Limits {
            time: program.time.unwrap_or(RUN_TIME),
            ..Limits::default()
        };
        let mut command = Command::new(&output);
        command.args(&program.args).current_dir(dir);
        command.envs(program.env.iter().map(|(k, v)| (k, v)));
        let ran = run(&mut command, program.stdin.as_bytes(), limits);
        let _ = std::fs::remove_file(&output);
        Ok(Outcome::of_run(ran?))
    }
}

/// A file name that no other program of the suite has.
fn unique(path: &Path) -> String {
    let text = path.display().to_string();
    text.chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect()
}
