//! Go's own programs, compiled by goxide: do they do what those that Go compiled do?
//!
//! gofmt reads every file of the standard library; the compiler compiles packages to
//! object files; the linker links them. What they write must be the same bytes.

use crate::differential::complain;
use crate::{Failed, Outcome};
use goxide_testkit::{Finished, Limits, Toolchains, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What is built.
const PROGRAMS: [&str; 5] = ["gofmt", "vet", "asm", "link", "compile"];

/// Packages whose object files are compared.
const COMPILED: [&str; 30] = [
    "errors",
    "internal/itoa",
    "unicode/utf8",
    "math/bits",
    "cmp",
    "slices",
    "maps",
    "sort",
    "strconv",
    "strings",
    "bytes",
    "bufio",
    "io",
    "path",
    "path/filepath",
    "container/heap",
    "container/list",
    "text/tabwriter",
    "text/scanner",
    "go/token",
    "go/scanner",
    "go/ast",
    "go/parser",
    "go/constant",
    "go/types",
    "encoding/json",
    "regexp/syntax",
    "regexp",
    "fmt",
    "sync",
];

/// A comparison's surroundings.
struct Suite {
    toolchains: Toolchains,
    work: PathBuf,
    failures: usize,
    /// Name, Go's time, goxide's time.
    times: Vec<(String, Duration, Duration)>,
}

/// Builds the programs and compares what they do.
pub fn programs(toolchains: Toolchains, work: &Path) -> Outcome {
    std::fs::create_dir_all(work).map_err(complain)?;
    let mut suite = Suite {
        toolchains,
        work: work.to_path_buf(),
        failures: 0,
        times: Vec::new(),
    };
    for program in PROGRAMS {
        suite.build(program);
    }
    suite.gofmt();
    suite.compile();
    suite.report()
}

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(900),
        output_bytes: 256 << 20,
    }
}

impl Suite {
    fn ours(&self, program: &str) -> PathBuf {
        self.work.join(program)
    }

    /// The reference's program: from its folder of tools, or from `bin`.
    fn theirs(&self, program: &str) -> PathBuf {
        let goroot = &self.toolchains.goroot;
        let tool = goroot.join("pkg/tool/linux_amd64").join(program);
        if tool.is_file() {
            tool
        } else {
            goroot.join("bin").join(program)
        }
    }

    fn build(&mut self, program: &str) {
        let target = self.ours(program);
        let what = format!("cmd/{program}");
        let built = self
            .toolchains
            .goxide
            .build(&self.work, &[], &what, &target, limits());
        match built {
            Ok(done) if done.success() => {
                eprintln!("   built {what} in {:.1} s", done.time.as_secs_f64());
            }
            Ok(done) => self.fail(&format!("building {what}: {}", explain(&done))),
            Err(e) => self.fail(&format!("building {what}: {e}")),
        }
    }

    fn fail(&mut self, what: &str) {
        eprintln!("FAIL {what}");
        self.failures += 1;
    }

    /// Runs both programs with the same arguments, in folders of their own.
    fn both(&mut self, title: &str, program: &str, args: &[String]) -> Option<[Finished; 2]> {
        let mut results = Vec::new();
        for (side, exe) in [("go", self.theirs(program)), ("goxide", self.ours(program))] {
            let dir = self.work.join(format!("in-{side}"));
            std::fs::create_dir_all(&dir).ok()?;
            let mut command = Command::new(exe);
            command.args(args).current_dir(dir);
            match run(&mut command, b"", limits()) {
                Ok(done) => results.push(done),
                Err(e) => {
                    self.fail(&format!("{title}: {program} of {side}: {e}"));
                    return None;
                }
            }
        }
        let [theirs, ours] = <[Finished; 2]>::try_from(results).ok()?;
        self.times.push((title.to_string(), theirs.time, ours.time));
        if theirs.code != ours.code {
            self.fail(&format!(
                "{title}: {} (want {})",
                explain(&ours),
                theirs.status()
            ));
            return None;
        }
        Some([theirs, ours])
    }

    /// gofmt over all of the standard library's sources.
    fn gofmt(&mut self) {
        let src = self.toolchains.goroot.join("src");
        let args = ["-d".to_string(), src.display().to_string()];
        if let Some([theirs, ours]) = self.both("gofmt -d src", "gofmt", &args)
            && theirs.stdout != ours.stdout
        {
            self.fail("gofmt -d src: output differs");
        }
        let mut file = src;
        file.push("net/http/server.go");
        if let Some([theirs, ours]) =
            self.both("gofmt server.go", "gofmt", &[file.display().to_string()])
            && theirs.stdout != ours.stdout
        {
            self.fail("gofmt server.go: output differs");
        }
    }

    /// Object files, with the import configuration that the reference's go makes.
    fn compile(&mut self) {
        let Some(exports) = self.exports() else {
            return self.fail("compile: no export data from go list");
        };
        let config = self.work.join("importcfg");
        if std::fs::write(&config, exports).is_err() {
            return self.fail("compile: the import configuration cannot be written");
        }
        for package in COMPILED {
            let Some(files) = self.files(package) else {
                self.fail(&format!("compile {package}: no files"));
                continue;
            };
            let mut args: Vec<String> = ["-p", package, "-std", "-c=1", "-importcfg"]
                .map(str::to_string)
                .to_vec();
            args.extend([config.display().to_string(), "-o".into(), "out.o".into()]);
            args.extend(files);
            if self
                .both(&format!("compile {package}"), "compile", &args)
                .is_some()
            {
                let object = |side: &str| std::fs::read(self.work.join(format!("in-{side}/out.o")));
                match (object("go"), object("goxide")) {
                    (Ok(a), Ok(b)) if a == b => {}
                    _ => self.fail(&format!("compile {package}: object files differ")),
                }
            }
        }
    }

    fn go(&self, args: &[&str]) -> Option<String> {
        let mut command = self.toolchains.go.command(&self.work, args);
        let done = run(&mut command, b"", limits()).ok()?;
        done.success()
            .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
    }

    fn exports(&self) -> Option<String> {
        let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
        self.go(&["list", "-export", "-f", format, "std"])
    }

    fn files(&self, package: &str) -> Option<Vec<String>> {
        let format = "{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}\n{{end}}";
        let text = self.go(&["list", "-f", format, package])?;
        Some(
            text.lines()
                .filter(|l| !l.is_empty())
                .map(str::to_string)
                .collect(),
        )
    }

    fn report(&self) -> Outcome {
        eprintln!(
            "   {:<28} {:>9} {:>9} {:>6}",
            "", "go ms", "goxide ms", "ratio"
        );
        for (title, theirs, ours) in &self.times {
            let ratio = ours.as_secs_f64() / theirs.as_secs_f64().max(1e-6);
            let (theirs, ours) = (theirs.as_millis(), ours.as_millis());
            eprintln!("   {title:<28} {theirs:>9} {ours:>9} {ratio:>6.2}");
        }
        eprintln!("── programs: {} failures", self.failures);
        if self.failures == 0 {
            Ok(())
        } else {
            Err(Failed)
        }
    }
}

fn explain(done: &Finished) -> String {
    let text = String::from_utf8_lossy(&done.stderr);
    format!(
        "{}\n{}",
        done.status(),
        text.lines().take(8).collect::<Vec<_>>().join("\n")
    )
}
