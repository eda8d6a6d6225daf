//! Go's compiler, built by goxide, compiling packages of the standard library over and over
//! with several goroutines: its object files must be the reference's, byte for byte.

use super::{BUILD, TIGHT};
use crate::differential::complain;
use crate::programs::packages::{Package, Packages};
use crate::{Failed, Outcome};
use goxide_testkit::{Finished, Limits, Toolchains, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What is compiled under the tight collector, and the one package for the torture mode.
const PACKAGES: [&str; 4] = ["go/types", "net/http", "encoding/json", "regexp"];
const SMALL: &str = "container/list";
/// The compiler allocates much, and each step looks at all that it has.
const TORTURE: (&str, &str) = ("GODEBUG", "goxidegctorture=1000");
const OBJECT: &str = "load.o";

struct Compilers {
    toolchains: Toolchains,
    packages: Packages,
    ours: PathBuf,
    work: PathBuf,
}

/// Compiles for so many seconds, then one package with torture.
pub fn compile(toolchains: Toolchains, work: &Path, seconds: u64) -> Outcome {
    let work = work.join("load");
    std::fs::create_dir_all(&work).map_err(complain)?;
    let ours = work.join("compile");
    let built = toolchains
        .goxide
        .build(&work, &[], "cmd/compile", &ours, BUILD)
        .map_err(complain)?;
    if !built.success() {
        return Err(complain(explain("building cmd/compile", &built)));
    }
    let packages = Packages::find(&toolchains, &work).map_err(complain)?;
    let compilers = Compilers {
        toolchains,
        packages,
        ours,
        work,
    };
    let references: Vec<Vec<u8>> = PACKAGES
        .iter()
        .map(|path| compilers.reference(path))
        .collect::<Result<_, _>>()?;
    eprintln!("── compile for {seconds} s, {}={}", TIGHT.0, TIGHT.1);
    let (begin, mut count, mut peak_bytes) = (Instant::now(), 0, 0);
    while begin.elapsed() < Duration::from_secs(seconds) {
        let at = count % PACKAGES.len();
        let done = compilers.check(PACKAGES[at], &references[at], TIGHT)?;
        peak_bytes = done.peak_bytes.max(peak_bytes);
        count += 1;
    }
    eprintln!("objects {count}, at most {} MB", peak_bytes >> 20);
    eprintln!("── compile {SMALL}, {}={}", TORTURE.0, TORTURE.1);
    compilers.check(SMALL, &compilers.reference(SMALL)?, TORTURE)?;
    Ok(())
}

impl Compilers {
    /// The reference's object file.
    fn reference(&self, path: &str) -> Result<Vec<u8>, Failed> {
        let goroot = &self.toolchains.goroot;
        let theirs = goroot.join("pkg/tool/linux_amd64/compile");
        Ok(self.object(&theirs, path, ("GOGC", "100"))?.1)
    }

    /// Compiles once and compares.
    fn check(&self, path: &str, want: &[u8], setting: (&str, &str)) -> Result<Finished, Failed> {
        let (done, object) = self.object(&self.ours, path, setting)?;
        match object == want {
            true => Ok(done),
            false => Err(complain(format!(
                "FAIL compile {path}: another object file"
            ))),
        }
    }

    fn object(
        &self,
        compiler: &Path,
        path: &str,
        setting: (&str, &str),
    ) -> Result<(Finished, Vec<u8>), Failed> {
        let package: Option<&Package> = self.packages.find_package(path);
        let package = package.ok_or_else(|| complain(format!("no package {path}")))?;
        let mut args = self.packages.compiler(package, OBJECT);
        args.iter_mut()
            .filter(|a| *a == "-c=2")
            .for_each(|a| *a = "-c=4".into());
        let mut command = Command::new(compiler);
        command.args(&args).current_dir(&self.work);
        command.env("GOROOT", &self.toolchains.goroot);
        command.env(setting.0, setting.1);
        let limits = Limits {
            time: Duration::from_secs(600),
            ..Limits::default()
        };
        let done = run(&mut command, b"", limits).map_err(complain)?;
        if !done.success() {
            return Err(complain(explain(&format!("FAIL compile {path}"), &done)));
        }
        let object = std::fs::read(self.work.join(OBJECT)).map_err(complain)?;
        Ok((done, object))
    }
}

fn explain(what: &str, done: &Finished) -> String {
    let text = String::from_utf8_lossy(&done.stderr);
    format!("{what}: {}\n{text}", done.status())
}
