//! Go's own programs, compiled by goxide: do they do what those that Go compiled do?
//!
//! gofmt reads every file of the standard library, vet a package full of mistakes; the
//! assembler and the compiler make object files; the linker links them. What they write
//! must be the same bytes, and what was linked must run.

pub mod packages;
mod ratios;

use crate::differential::complain;
use crate::{Failed, Outcome, root};
use goxide_testkit::{Finished, Limits, Toolchains, run};
use packages::{Package, Packages};
use ratios::Ratios;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What is built.
const PROGRAMS: [&str; 5] = ["gofmt", "vet", "asm", "link", "compile"];

/// Packages whose object files are compared. `tests/go-programs/linked` uses them all.
const COMPILED: [&str; 33] = [
    "bufio",
    "bytes",
    "cmp",
    "container/heap",
    "container/list",
    "encoding/json",
    "errors",
    "fmt",
    "go/ast",
    "go/constant",
    "go/parser",
    "go/scanner",
    "go/token",
    "go/types",
    "io",
    "maps",
    "math/big",
    "math/bits",
    "net/http",
    "path",
    "path/filepath",
    "reflect",
    "regexp",
    "regexp/syntax",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "text/scanner",
    "text/tabwriter",
    "time",
    "unicode/utf8",
];

/// Packages whose assembly is compared beside that of [`COMPILED`].
const ASSEMBLED: [&str; 4] = [
    "crypto/internal/fips140/sha256",
    "crypto/md5",
    "hash/crc32",
    "internal/bytealg",
];

/// What a comparison is about.
type Outputs<'a> = &'a [&'a str];

/// A comparison's surroundings.
struct Suite {
    toolchains: Toolchains,
    work: PathBuf,
    failures: usize,
    ratios: Ratios,
}

/// Builds the programs and compares what they do.
pub fn programs(toolchains: Toolchains, work: &Path) -> Outcome {
    for side in SIDES {
        std::fs::create_dir_all(work.join(side)).map_err(complain)?;
    }
    let mut suite = Suite {
        toolchains,
        work: work.to_path_buf(),
        failures: 0,
        ratios: Ratios::default(),
    };
    for program in PROGRAMS {
        suite.build(program);
    }
    suite.gofmt();
    match Packages::find(&suite.toolchains, work) {
        Ok(packages) => {
            suite.vet(&packages);
            suite.objects(&packages);
            suite.link(&packages);
        }
        Err(why) => suite.fail(&format!("go list: {why}")),
    }
    eprint!("{}", suite.ratios);
    eprintln!("── programs: {} failures", suite.failures);
    match suite.failures {
        0 => Ok(()),
        _ => Err(Failed),
    }
}

/// The folders in which the reference's programs and goxide's run.
const SIDES: [&str; 2] = ["in-go", "in-goxide"];

/// Runs shorter than this are repeated: one alone says little about time.
const SHORT: Duration = Duration::from_millis(500);

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
        let goxide = &self.toolchains.goxide;
        match goxide.build(&self.work, &[], &what, &target, limits()) {
            Ok(done) if done.success() => eprintln!(
                "   built {what} in {:.1} s, {} MB",
                done.time.as_secs_f64(),
                done.peak_bytes >> 20
            ),
            Ok(done) => self.fail(&format!("building {what}: {}", explain(&done))),
            Err(e) => self.fail(&format!("building {what}: {e}")),
        }
    }

    fn fail(&mut self, what: &str) {
        eprintln!("FAIL {what}");
        self.failures += 1;
    }

    /// Runs both programs with the same arguments, each in a folder of its own, and
    /// compares status, output and the files `outputs`. Whether they agree.
    fn compare(&mut self, title: &str, program: &str, args: &[String], outputs: Outputs) -> bool {
        let programs = [self.theirs(program), self.ours(program)];
        let mut rounds: Vec<[Finished; 2]> = Vec::new();
        while rounds.is_empty() || (rounds.len() < 3 && rounds[0][0].time < SHORT) {
            match self.round(&programs, args) {
                Ok(round) => rounds.push(round),
                Err(e) => {
                    self.fail(&format!("{title}: {e}"));
                    return false;
                }
            }
        }
        let [theirs, ours] = &rounds[0];
        let difference = difference(theirs, ours).or_else(|| self.files_differ(outputs));
        // The status of these says what they found; elsewhere both failing is no agreement.
        let failed =
            (!theirs.success() && program != "vet" && program != "gofmt").then(|| explain(theirs));
        let difference = difference.or(failed);
        self.ratios.add(title, &rounds);
        if let Some(difference) = difference {
            self.fail(&format!("{title}: {difference}"));
            return false;
        }
        true
    }

    fn round(&self, programs: &[PathBuf; 2], args: &[String]) -> std::io::Result<[Finished; 2]> {
        let one = |side: usize| {
            let mut command = Command::new(&programs[side]);
            command.args(args).current_dir(self.work.join(SIDES[side]));
            // As the go command does: names of the SDK's files begin with $GOROOT.
            command.env("GOROOT", &self.toolchains.goroot);
            run(&mut command, b"", limits())
        };
        Ok([one(0)?, one(1)?])
    }

    fn files_differ(&self, outputs: Outputs) -> Option<String> {
        let read = |side: &str, name: &str| std::fs::read(self.work.join(side).join(name));
        let differs = |name: &&&str| match (read(SIDES[0], name), read(SIDES[1], name)) {
            (Ok(a), Ok(b)) => a != b,
            _ => true,
        };
        let name = outputs.iter().find(differs)?;
        Some(format!("{name} is not the same"))
    }

    /// gofmt over all of the standard library's sources.
    fn gofmt(&mut self) {
        let src = self.toolchains.goroot.join("src");
        let text = |path: PathBuf| path.display().to_string();
        self.compare(
            "gofmt -d src",
            "gofmt",
            &["-d".into(), text(src.clone())],
            &[],
        );
        // -d prints differences only: most files are formatted already.
        let files = ["net/http/server.go", "go/types/expr.go", "runtime/proc.go"];
        let files: Vec<String> = files.iter().map(|f| text(src.join(f))).collect();
        self.compare("gofmt, whole files", "gofmt", &files, &[]);
    }

    /// vet, called as the go command calls it: for its report, and for the facts that vets
    /// of other packages would read.
    fn vet(&mut self, packages: &Packages) {
        let source = root().join("tests/go-programs/vetted/vetted.go");
        for (title, facts_only) in [("vet", false), ("vet, facts", true)] {
            let file = self.work.join("vet.cfg");
            if let Err(e) = std::fs::write(&file, packages.vet_config(&source, facts_only)) {
                return self.fail(&format!("{}: {e}", file.display()));
            }
            let outputs: Outputs = if facts_only { &["facts"] } else { &[] };
            self.compare(title, "vet", &[file.display().to_string()], outputs);
        }
    }

    /// Object files of the assembler and the compiler.
    fn objects(&mut self, packages: &Packages) {
        for path in ASSEMBLED.iter().chain(&COMPILED) {
            let Some(package) = packages.find_package(path) else {
                self.fail(&format!("{path}: not in the standard library"));
                continue;
            };
            let symbols = format!("{}.symabis", package.file_name());
            if !package.assembly.is_empty() {
                let args = packages.assembler(package, &["-gensymabis", "-o", &symbols]);
                self.compare(&format!("symbols of {path}"), "asm", &args, &[&symbols]);
            }
            let object = format!("{}.o", package.file_name());
            let args = packages.compiler(package, &object);
            let mut outputs = vec![object.as_str()];
            if !package.assembly.is_empty() {
                outputs.push("go_asm.h");
            }
            self.compare(&format!("compile {path}"), "compile", &args, &outputs);
            for (number, source) in package.assembly.iter().enumerate() {
                let object = format!("{}.{number}.asm.o", package.file_name());
                let mut args = packages.assembler(package, &["-o", &object]);
                // The folder of the sources comes last in them, with all of them.
                args.truncate(args.len() - package.assembly.len());
                args.push(source.display().to_string());
                let name = source.file_name().unwrap_or_default().to_string_lossy();
                self.compare(&format!("asm {name}"), "asm", &args, &[&object]);
            }
        }
    }

    /// Links a program from these object files, with what else it needs from the
    /// reference's build, and runs it.
    fn link(&mut self, packages: &Packages) {
        let Some(main) = packages.main() else {
            return self.fail("link: no program to link");
        };
        let args = packages.compiler(main, "main.o");
        if !self.compare("compile main", "compile", &args, &["main.o"]) {
            return;
        }
        let replaced: Vec<&Package> = COMPILED
            .iter()
            .filter_map(|path| packages.find_package(path))
            .collect();
        for side in SIDES {
            if let Err(e) = packages.write_link_config(&self.work.join(side), &replaced) {
                return self.fail(&format!("link: {e}"));
            }
        }
        let args = ["-importcfg", "link.cfg", "-buildmode=exe"];
        let args = args.iter().chain(&["-o", "linked", "main.o"]);
        let args: Vec<String> = args.map(|a| a.to_string()).collect();
        if self.compare("link", "link", &args, &["linked"]) {
            let linked = SIDES.map(|side| self.work.join(side).join("linked"));
            match self.round(&linked, &[]) {
                Ok([theirs, ours]) => {
                    if !ours.success() || ours.stdout.len() < 100 {
                        self.fail(&format!("the linked program: {}", explain(&ours)));
                    } else if let Some(difference) = difference(&theirs, &ours) {
                        self.fail(&format!("the linked program: {difference}"));
                    }
                }
                Err(e) => self.fail(&format!("the linked program: {e}")),
            }
        }
    }
}

/// How the second differs from the first, if it does.
fn difference(theirs: &Finished, ours: &Finished) -> Option<String> {
    if theirs.status() != ours.status() {
        return Some(format!("{} (want {})", explain(ours), theirs.status()));
    }
    if theirs.stdout != ours.stdout {
        return Some("standard output is not the same".to_string());
    }
    (theirs.stderr != ours.stderr).then(|| {
        let line = |text: &[u8]| String::from_utf8_lossy(text).trim_end().to_string();
        format!(
            "standard error is not the same\n{}\nwant:\n{}",
            line(&ours.stderr),
            line(&theirs.stderr)
        )
    })
}

fn explain(done: &Finished) -> String {
    let text = String::from_utf8_lossy(&done.stderr);
    let lines: Vec<&str> = text.lines().take(8).collect();
    format!("{}\n{}", done.status(), lines.join("\n"))
}
