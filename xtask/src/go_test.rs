//! The cases of Go's `test/` directory: what each action means, with goxide.
//!
//! An action is the first word of a case's first comment (see `cmd/internal/testdir` in
//! Go's sources). Cases about gc's own optimiser are not asked: `asmcheck`, and
//! `errorcheck` of reports that only gc gives.

use goxide_testkit::error_comments::{compare, wanted};
use goxide_testkit::{Finished, Limits, Toolchains, run};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Path below `test/`.
    pub path: String,
    /// What to do.
    pub action: String,
    /// Flags and arguments.
    pub flags: Vec<String>,
}

/// What a case came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As Go.
    Pass,
    /// Not as Go: how.
    Fail(String),
    /// Not asked: why.
    Skip(String),
}

impl Case {
    /// The cases of the reference list that pass with Go and are about Go.
    pub fn read_list(path: &Path) -> Result<Vec<Case>, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut cases = Vec::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let [path, action, flags, verdict] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(format!("reference list: malformed line {line:?}"));
            };
            let flags = split_quoted(flags);
            let case = Case {
                path: path.into(),
                action: action.into(),
                flags,
            };
            if verdict == "pass" && case.is_about_go() {
                cases.push(case);
            }
        }
        Ok(cases)
    }

    fn is_about_go(&self) -> bool {
        let gcs_own = |flag: &String| {
            matches!(flag.as_str(), "-0" | "-+" | "-live" | "-race" | "-std")
                || flag.starts_with("-m")
                || flag.starts_with("-d=") && flag != "-d=panic"
        };
        self.action != "asmcheck"
            && !(self.action.starts_with("errorcheck") && self.flags.iter().any(gcs_own))
    }

    /// Flags for the compiler, and arguments for the program. The test's own flags (time
    /// limits and the like) are in neither.
    fn split_flags(&self) -> (Vec<String>, Vec<String>) {
        let mut flags = Vec::new();
        let mut rest = self.flags.iter();
        let mut args = Vec::new();
        while let Some(flag) = rest.next() {
            match flag.as_str() {
                "-1" | "-0" | "-s" => {}
                "-t" | "-goexperiment" | "-godebug" | "-gomodversion" => drop(rest.next()),
                flag if flag.starts_with('-') => flags.push(flag.to_string()),
                _ => {
                    args.push(flag.clone());
                    args.extend(rest.by_ref().cloned());
                }
            }
        }
        (flags, args)
    }

    fn value(&self, flag: &str) -> Option<&str> {
        let at = self.flags.iter().position(|f| f == flag)?;
        self.flags.get(at + 1).map(String::as_str)
    }

    fn wants_errors(&self) -> bool {
        !self.flags.iter().any(|f| f == "-0")
    }
}

/// Words of a recipe; quotes hold words together.
fn split_quoted(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, c) => words.last_mut().expect("never empty").push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// Runs cases.
pub struct Runner {
    /// The toolchains; only goxide is used.
    pub toolchains: Toolchains,
    /// Go's `test/`.
    pub tests: PathBuf,
    /// A folder for what is made on the way.
    pub work: PathBuf,
}

/// Both are far more than any needs on a slow machine: who takes so long hangs.
const BUILD_TIME: Duration = Duration::from_secs(300);
const RUN_TIME: Duration = Duration::from_secs(180);

impl Runner {
    /// Runs one case.
    pub fn run(&self, case: &Case) -> Verdict {
        let work = self.work.join(case.path.replace(['/', '.'], "_"));
        let _ = std::fs::remove_dir_all(&work);
        if let Err(e) = std::fs::create_dir_all(&work) {
            return Verdict::Skip(format!("{}: {e}", work.display()));
        }
        let verdict = match self.act(case, &work) {
            Ok(()) => Verdict::Pass,
            Err(why) => Verdict::Fail(why),
        };
        let _ = std::fs::remove_dir_all(&work);
        verdict
    }

    fn act(&self, case: &Case, work: &Path) -> Result<(), String> {
        let file = self.tests.join(&case.path);
        let folder = file.with_extension("dir");
        match case.action.as_str() {
            "run" | "buildrun" => self.run_file(case, &file, work),
            "build" | "compile" => self.compile_file(case, &file),
            "errorcheck" | "errorcheckwithauto" => self.error_check(case, &file),
            "runoutput" => self.run_output(case, &file, work),
            "errorcheckoutput" => self.error_check_output(case, &file, work),
            "rundir" | "compiledir" | "errorcheckdir" | "errorcheckandrundir" => {
                self.packages(case, &folder, work)
            }
            "runindir" => self.run_in_folder(case, &folder, work),
            "builddir" | "buildrundir" => self.build_folder(case, &folder, work),
            action => Err(format!("the action {action} is not known to xtask")),
        }
    }

    /// A call of goxide.
    fn goxide(&self, dir: &Path, args: &[String]) -> Result<Finished, String> {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut command = self.toolchains.goxide.command(dir, &args);
        command.env("GOPROXY", "off");
        let limits = Limits {
            time: BUILD_TIME,
            ..Limits::default()
        };
        run(&mut command, b"", limits).map_err(|e| format!("goxide: {e}"))
    }

    /// Builds and runs what is in `dir`; the program's output.
    fn build_and_run(
        &self,
        case: &Case,
        dir: &Path,
        what: &[String],
        work: &Path,
        run_in: &Path,
    ) -> Result<Vec<u8>, String> {
        let (flags, args) = case.split_flags();
        let program = work.join("a.exe");
        let mut command = vec![
            "build".to_string(),
            "-o".to_string(),
            program.display().to_string(),
        ];
        command.extend(build_flags(&flags));
        command.extend_from_slice(what);
        let built = self.goxide(dir, &command)?;
        if !built.success() {
            return Err(failure("build", &built));
        }
        let mut command = Command::new(&program);
        command
            .args(args.iter().filter(|a| !a.ends_with(".go")))
            .current_dir(run_in);
        if let Some(value) = case.value("-godebug") {
            command.env("GODEBUG", value);
        }
        let time = case
            .value("-t")
            .and_then(|s| s.parse().ok())
            .map_or(RUN_TIME, Duration::from_secs);
        let limits = Limits {
            time: time.max(RUN_TIME),
            // Some print whole programs.
            output_bytes: 64 << 20,
        };
        // The go tool's tests read both streams as one; nothing tells in which order.
        let mut command = merged(command);
        let ran = run(&mut command, b"", limits).map_err(|e| e.to_string())?;
        match ran.success() {
            true => Ok(ran.stdout),
            false => Err(failure("run", &ran)),
        }
    }

    fn run_file(&self, case: &Case, file: &Path, work: &Path) -> Result<(), String> {
        // As with `go run`, arguments that are Go files are part of the program.
        let (_, args) = case.split_flags();
        let more = args.iter().filter(|a| a.ends_with(".go"));
        let more = more.map(|a| self.tests.join(a).display().to_string());
        let what: Vec<String> = std::iter::once(file.display().to_string())
            .chain(more)
            .collect();
        let out = self.build_and_run(case, &self.tests, &what, work, &self.tests)?;
        expect_output(file, &out)
    }

    fn compile_file(&self, case: &Case, file: &Path) -> Result<(), String> {
        self.check(case, &self.tests, &[file.display().to_string()])
            .and_then(|done| {
                if done.success() {
                    Ok(())
                } else {
                    Err(failure("compile", &done))
                }
            })
    }

    /// Checks packages with all errors shown.
    fn check(&self, case: &Case, dir: &Path, what: &[String]) -> Result<Finished, String> {
        let (mut flags, _) = case.split_flags();
        // Of several values of -gcflags only the last would count.
        flags.insert(0, "-e".to_string());
        let mut command = vec!["check".to_string()];
        command.extend(build_flags(&flags));
        command.extend_from_slice(what);
        self.goxide(dir, &command)
    }

    fn error_check(&self, case: &Case, file: &Path) -> Result<(), String> {
        let done = self.check(case, &self.tests, &[file.display().to_string()])?;
        match_errors(case, &done, std::slice::from_ref(&file.to_path_buf()))
    }

    fn run_output(&self, case: &Case, file: &Path, work: &Path) -> Result<(), String> {
        let generated = self.generate(case, file, work)?;
        let what = [generated.display().to_string()];
        let plain = Case {
            flags: Vec::new(),
            ..case.clone()
        };
        let out = self.build_and_run(&plain, &self.tests, &what, work, &self.tests)?;
        expect_output(file, &out)
    }

    fn error_check_output(&self, case: &Case, file: &Path, work: &Path) -> Result<(), String> {
        let generated = self.generate(case, file, work)?;
        let done = self.check(
            &Case {
                flags: Vec::new(),
                ..case.clone()
            },
            work,
            &[generated.display().to_string()],
        )?;
        match_errors(case, &done, &[generated])
    }

    /// Runs a case that prints a program; further files of it are among its arguments.
    fn generate(&self, case: &Case, file: &Path, work: &Path) -> Result<PathBuf, String> {
        let (_, args) = case.split_flags();
        let more = args
            .iter()
            .filter(|a| a.ends_with(".go"))
            .map(|a| self.tests.join(a).display().to_string());
        let what: Vec<String> = std::iter::once(file.display().to_string())
            .chain(more)
            .collect();
        let plain = Case {
            flags: args
                .iter()
                .filter(|a| !a.ends_with(".go"))
                .cloned()
                .collect(),
            ..case.clone()
        };
        let text = self.build_and_run(&plain, &self.tests, &what, work, &self.tests)?;
        let generated = work.join("tmp__.go");
        std::fs::write(&generated, text).map_err(|e| e.to_string())?;
        Ok(generated)
    }

    /// A folder of packages that import each other as `./first_file`: they become a module
    /// named `test` in which each has a folder of its own.
    fn packages(&self, case: &Case, folder: &Path, work: &Path) -> Result<(), String> {
        let single = case.flags.iter().any(|f| f == "-s");
        let packages = packages_of(folder, single)?;
        write(&work.join("go.mod"), "module test\n\ngo 1.27\n")?;
        let mut paths = Vec::new();
        for files in &packages {
            let stem = files[0].trim_end_matches(".go").to_string();
            for file in files {
                let text = std::fs::read_to_string(folder.join(file)).map_err(|e| e.to_string())?;
                write(
                    &work.join(&stem).join(plain_name(file)),
                    &absolute_imports(&text),
                )?;
            }
            paths.push((stem, files));
        }
        let last = paths.len().saturating_sub(1);
        for (index, (stem, files)) in paths.iter().enumerate() {
            let what = [format!("./{stem}")];
            if case.action.ends_with("rundir") && index == last {
                let out = self.build_and_run(case, work, &what, work, folder)?;
                return expect_output(&folder.with_extension("go"), &out);
            }
            let done = self.check(case, work, &what)?;
            if case.action.starts_with("errorcheck") {
                let files: Vec<PathBuf> = files
                    .iter()
                    .map(|f| work.join(stem).join(plain_name(f)))
                    .collect();
                let wrong = match case.action.as_str() {
                    "errorcheckdir" => last,
                    _ => last.saturating_sub(1),
                };
                if index == wrong && done.success() && case.wants_errors() {
                    return Err("compilation succeeded unexpectedly".to_string());
                }
                matching(&done, &files)?;
            } else if !done.success() {
                return Err(failure("compile", &done));
            }
        }
        Ok(())
    }

    fn run_in_folder(&self, case: &Case, folder: &Path, work: &Path) -> Result<(), String> {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let module = work.join("src").join(&name);
        copy(folder, &module)?;
        let version = case.value("-gomodversion").unwrap_or("1.14");
        write(
            &module.join("go.mod"),
            &format!("module {name}\ngo {version}\n"),
        )?;
        let out = self.build_and_run(case, &module, &[".".to_string()], work, &module)?;
        expect_output(&folder.with_extension("go"), &out)
    }

    fn build_folder(&self, case: &Case, folder: &Path, work: &Path) -> Result<(), String> {
        let names = names_in(folder)?;
        if names.iter().any(|n| n.ends_with(".s")) {
            return Err("the program has assembly, which is not supported".to_string());
        }
        let what: Vec<String> = names
            .iter()
            .filter(|n| n.ends_with(".go"))
            .map(|n| folder.join(n).display().to_string())
            .collect();
        let out = self.build_and_run(case, folder, &what, work, folder)?;
        expect_output(&folder.with_extension("go"), &out)
    }
}

/// Flags of Go's compiler become `-gcflags`; those of `go build` stay.
fn build_flags(flags: &[String]) -> Vec<String> {
    let own = ["-gcflags", "-tags", "-ldflags"];
    let mut compiler = Vec::new();
    let mut result = Vec::new();
    let mut rest = flags.iter();
    while let Some(flag) = rest.next() {
        match own.iter().any(|o| flag == o) {
            true => {
                result.push(flag.clone());
                result.extend(rest.next().cloned());
            }
            false if own.iter().any(|o| flag.starts_with(&format!("{o}="))) => {
                result.push(flag.clone());
            }
            false => compiler.push(flag.clone()),
        }
    }
    if !compiler.is_empty() {
        result.push(format!("-gcflags={}", compiler.join(" ")));
    }
    result
}

/// A command whose standard error goes where its standard output goes.
fn merged(command: Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg("exec \"$0\" \"$@\" 2>&1")
        .arg(command.get_program());
    shell.args(command.get_args());
    if let Some(dir) = command.get_current_dir() {
        shell.current_dir(dir);
    }
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(key, value),
            None => shell.env_remove(key),
        };
    }
    shell
}

fn failure(stage: &str, done: &Finished) -> String {
    let text = match done.stderr.is_empty() {
        true => String::from_utf8_lossy(&done.stdout),
        false => String::from_utf8_lossy(&done.stderr),
    };
    let lines: Vec<&str> = text.lines().take(12).collect();
    format!("{stage}: {}\n{}", done.status(), lines.join("\n"))
}

/// Compares with the case's `.out` file; without one, nothing may be printed.
fn expect_output(file: &Path, out: &[u8]) -> Result<(), String> {
    let out = &*String::from_utf8_lossy(out);
    let want = std::fs::read_to_string(file.with_extension("out")).unwrap_or_default();
    if out == want {
        return Ok(());
    }
    let (mut got, mut wanted) = (out.lines(), want.lines());
    for line in 1.. {
        let (a, b) = (got.next(), wanted.next());
        if a != b || a.is_none() {
            return Err(format!("output, line {line}:\ngot:  {a:?}\nwant: {b:?}"));
        }
    }
    Ok(())
}

fn match_errors(case: &Case, done: &Finished, files: &[PathBuf]) -> Result<(), String> {
    match (case.wants_errors(), done.success()) {
        (true, true) => Err("compilation succeeded unexpectedly".to_string()),
        (false, false) => Err(failure("compile", done)),
        _ => matching(done, files),
    }
}

fn matching(done: &Finished, files: &[PathBuf]) -> Result<(), String> {
    if done.timed_out || !matches!(done.code, Some(0 | 1)) {
        return Err(failure("compile", done));
    }
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read(file).map_err(|e| e.to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        all.extend(wanted(&name, &String::from_utf8_lossy(&text))?);
    }
    // Go's test compiles every file as a package that is no program.
    let output: String = String::from_utf8_lossy(&done.stderr)
        .lines()
        .filter(|l| !l.ends_with("function main is undeclared in the main package"))
        .map(|l| format!("{l}\n"))
        .collect();
    let complaints = compare(&output, &all);
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(complaints.join("\n"))
    }
}

fn names_in(folder: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|e| e.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

/// The name of a case's file in a module, where only tests may have the name of one.
fn plain_name(file: &str) -> String {
    file.replace("_test.go", "_test_.go")
}

/// The Go files of a folder by package, packages in order of first files.
fn packages_of(folder: &Path, single: bool) -> Result<Vec<Vec<String>>, String> {
    let mut packages: Vec<Vec<String>> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for name in names_in(folder)?.into_iter().filter(|n| n.ends_with(".go")) {
        let text = std::fs::read(folder.join(&name)).map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&text);
        let clause = text.lines().find_map(|l| l.strip_prefix("package "));
        let package = clause
            .unwrap_or_default()
            .split([' ', ';', '/'])
            .next()
            .unwrap_or_default();
        match by_name.get(package).filter(|_| !single) {
            Some(&index) => packages[index].push(name),
            None => {
                by_name.insert(package.to_string(), packages.len());
                packages.push(vec![name]);
            }
        }
    }
    if packages.is_empty() {
        Err("no Go files".to_string())
    } else {
        Ok(packages)
    }
}

/// `"./a"` and `"../x/a"` in import declarations become `"test/a"`.
fn absolute_imports(text: &str) -> String {
    let is_name = |w: &str| matches!(w, "(" | "." | "_") || w.chars().all(char::is_alphanumeric);
    let is_import = |before: &str| before.split_whitespace().all(is_name);
    text.split_inclusive('\n')
        .map(|line| match line.split_once("\"./") {
            Some((before, after)) if is_import(before) => format!("{before}\"test/{after}"),
            _ => line.to_string(),
        })
        .collect()
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let dir = path.parent().unwrap_or(path);
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|e| format!("{}: {e}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    for name in names_in(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::create_dir_all(to.parent().unwrap_or(&to)).map_err(|e| e.to_string())?;
            std::fs::copy(&from, &to).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes() {
        assert_eq!(
            split_quoted("-gcflags='all=-N -l' x"),
            ["-gcflags=all=-N -l", "x"]
        );
        let case = Case {
            path: "x.go".into(),
            action: "run".into(),
            flags: split_quoted("-t 10 -N -gcflags=-l a -b"),
        };
        let (flags, args) = case.split_flags();
        assert_eq!(build_flags(&flags).join(" "), "-gcflags=-l -gcflags=-N");
        assert_eq!(args, ["a", "-b"]);
    }

    #[test]
    fn imports_of_neighbours() {
        assert_eq!(
            absolute_imports("import \"./a\"\nimport (\n\tb \"./b\"\n)\nvar x = \"./c\"\n"),
            "import \"test/a\"\nimport (\n\tb \"test/b\"\n)\nvar x = \"./c\"\n"
        );
    }
}
