//! The two toolchains: goxide, and the `go` of the SDK that goxide uses.

use crate::process::{Finished, Limits, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command with `build -o FILE [flags] WHAT`.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Its executable.
    pub program: PathBuf,
    /// Variables that it is run with.
    pub env: Vec<(String, String)>,
}

/// Both.
#[derive(Clone, Debug)]
pub struct Toolchains {
    /// What is tested.
    pub goxide: Toolchain,
    /// What it is tested against.
    pub go: Toolchain,
    /// The reference's version: `go1.27.3`.
    pub version: String,
    /// The reference's root.
    pub goroot: PathBuf,
}

impl Toolchains {
    /// The toolchains, by way of `goxide env`; `work` is where the reference keeps its
    /// build cache.
    ///
    /// # Errors
    /// If goxide does not run or finds no SDK with a `go` command.
    pub fn find(goxide: &Path, work: &Path) -> Result<Toolchains, String> {
        let env = |name: &str| {
            let mut command = Command::new(goxide);
            let done = run(command.args(["env", name]), b"", Limits::default());
            let done = done.map_err(|e| format!("{}: {e}", goxide.display()))?;
            match (done.success(), String::from_utf8_lossy(&done.stdout).trim()) {
                (true, value) if !value.is_empty() => Ok(value.to_string()),
                _ => Err(format!("{} env {name} tells nothing", goxide.display())),
            }
        };
        let goroot = PathBuf::from(env("GOROOT")?);
        let go = goroot.join("bin/go");
        if !go.is_file() {
            return Err(format!(
                "{} is missing: there is no reference to test against",
                go.display()
            ));
        }
        let own = |name: &str| work.join(name).display().to_string();
        let settings = [
            ("GOTOOLCHAIN", "local".to_string()),
            ("CGO_ENABLED", "0".to_string()),
            ("GOFLAGS", String::new()),
            ("GOENV", "off".to_string()),
            ("GOCACHE", own("gocache")),
            ("GOROOT", String::new()),
        ];
        Ok(Toolchains {
            goxide: Toolchain {
                program: goxide.to_path_buf(),
                env: Vec::new(),
            },
            go: Toolchain {
                program: go,
                env: settings
                    .into_iter()
                    .map(|(k, v)| (k.to_string(), v))
                    .collect(),
            },
            version: env("GOVERSION")?,
            goroot,
        })
    }
}

impl Toolchain {
    /// A call of the toolchain in `dir`.
    pub fn command(&self, dir: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(dir).args(args);
        command.envs(self.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Builds `what` (relative to `dir`) to the executable `output`.
    ///
    /// # Errors
    /// If the toolchain cannot be started.
    pub fn build(
        &self,
        dir: &Path,
        flags: &[String],
        what: &str,
        output: &Path,
        limits: Limits,
    ) -> std::io::Result<Finished> {
        let output = output.display().to_string();
        let mut args = vec!["build", "-o", &output];
        args.extend(flags.iter().map(String::as_str));
        args.push(what);
        run(&mut self.command(dir, &args), b"", limits)
    }
}
