//! Test programs: a Go file, or a folder with `go.mod`, with directives in comments.
//!
//! ```text
//! //test:args a b         arguments
//! //test:stdin line       a line of standard input; may be repeated
//! //test:env KEY=VALUE    a variable; may be repeated
//! //test:seconds 120      time limit of a run
//! //test:stderr           standard error must be equal too
//! //test:flags -tags x    flags of the build
//! //test:nobuild          it must not compile; the messages are compared
//! //test:measures         it looks at its own memory: not for the torture mode, which has more
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A program to be built and run by both toolchains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestProgram {
    /// The Go file, or the folder.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its input.
    pub stdin: String,
    /// Variables set for it.
    pub env: Vec<(String, String)>,
    /// Its own time limit.
    pub time: Option<Duration>,
    /// Whether all of standard error is compared.
    pub whole_stderr: bool,
    /// Flags of the build.
    pub flags: Vec<String>,
    /// Whether it must not compile.
    pub must_fail: bool,
    /// Whether the torture mode would change what it prints.
    pub measures: bool,
}

impl TestProgram {
    /// Reads a program's directives.
    pub fn read(path: &Path) -> std::io::Result<TestProgram> {
        let main = if path.is_dir() {
            path.join("main.go")
        } else {
            path.to_path_buf()
        };
        let text = std::fs::read_to_string(main).unwrap_or_default();
        Ok(TestProgram {
            path: path.to_path_buf(),
            ..TestProgram::parse(&text)
        })
    }

    fn parse(text: &str) -> TestProgram {
        let mut program = TestProgram::default();
        let words = |rest: &str| {
            rest.split_whitespace()
                .map(str::to_string)
                .collect::<Vec<_>>()
        };
        for line in text.lines() {
            let Some(directive) = line.strip_prefix("//test:") else {
                continue;
            };
            let (verb, rest) = directive.split_once(' ').unwrap_or((directive, ""));
            match verb {
                "args" => program.args = words(rest),
                "flags" => program.flags = words(rest),
                "stdin" => program.stdin += &format!("{rest}\n"),
                "env" => program.env.extend(
                    rest.split_once('=')
                        .map(|(k, v)| (k.to_string(), v.to_string())),
                ),
                "seconds" => program.time = rest.trim().parse().ok().map(Duration::from_secs),
                "stderr" => program.whole_stderr = true,
                "nobuild" => program.must_fail = true,
                "measures" => program.measures = true,
                _ => {}
            }
        }
        program
    }

    /// All programs below a folder, sorted: Go files, and folders with a `go.mod`.
    pub fn find(root: &Path) -> std::io::Result<Vec<TestProgram>> {
        let mut found = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(dir) = folders.pop() {
            for entry in std::fs::read_dir(&dir)? {
                let path = entry?.path();
                if path.join("go.mod").is_file() {
                    found.push(TestProgram::read(&path)?);
                } else if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "go") {
                    found.push(TestProgram::read(&path)?);
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Every byte that decides what the program does (directives are in the files).
    pub fn contents(&self) -> std::io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut pending = vec![self.path.clone()];
        while let Some(path) = pending.pop() {
            if path.is_dir() {
                let mut inside: Vec<PathBuf> = std::fs::read_dir(&path)?
                    .map(|e| e.map(|e| e.path()))
                    .collect::<Result<_, _>>()?;
                inside.sort();
                pending.extend(inside);
            } else {
                let name = path.strip_prefix(&self.path).unwrap_or(&path);
                all.extend_from_slice(name.as_os_str().as_encoded_bytes());
                all.push(0);
                all.extend(std::fs::read(&path)?);
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives() {
        let p = TestProgram::parse(
            "//test:args a b\n//test:stdin x y\n//test:stdin z\n//test:env A=b=c\n//test:stderr\npackage main\n",
        );
        assert_eq!(p.args, ["a", "b"]);
        assert_eq!(p.stdin, "x y\nz\n");
        assert_eq!(p.env, [("A".to_string(), "b=c".to_string())]);
        assert!(p.whole_stderr && p.time.is_none());
    }
}
