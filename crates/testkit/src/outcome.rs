//! What a program came to under one toolchain, and how two outcomes differ.

use crate::process::Finished;

/// The outcome of building and running a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did not compile: the messages.
    BuildFailed(String),
    /// It ran.
    Ran {
        /// Exit status; -1 if a signal ended it.
        code: i32,
        /// Standard output.
        stdout: Vec<u8>,
        /// Standard error.
        stderr: String,
    },
    /// It did not end in time, while being built or run.
    TimedOut(String),
}

impl Outcome {
    /// The outcome of a build that failed.
    pub fn of_build(done: &Finished) -> Outcome {
        match done.timed_out {
            true => Outcome::TimedOut("build".to_string()),
            false => Outcome::BuildFailed(String::from_utf8_lossy(&done.stderr).into_owned()),
        }
    }

    /// The outcome of a run.
    pub fn of_run(done: Finished) -> Outcome {
        if done.timed_out {
            return Outcome::TimedOut("run".to_string());
        }
        Outcome::Ran {
            code: done.code.unwrap_or(-1),
            stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
            stdout: done.stdout,
        }
    }

    /// The outcome with only what is compared of standard error, which is the same in
    /// every run.
    pub fn reduced(self, whole_stderr: bool) -> Outcome {
        match self {
            Outcome::Ran {
                code,
                stdout,
                stderr,
            } => Outcome::Ran {
                code,
                stdout,
                stderr: reduce(&stderr, whole_stderr),
            },
            other => other,
        }
    }

    /// How `self` differs from the reference; `None` if it does not.
    pub fn differs(&self, reference: &Outcome, whole_stderr: bool) -> Option<String> {
        match (self, reference) {
            (Outcome::BuildFailed(a), Outcome::BuildFailed(b)) => difference("messages", a, b),
            (
                Outcome::Ran {
                    code,
                    stdout,
                    stderr,
                },
                Outcome::Ran {
                    code: want_code,
                    stdout: want_stdout,
                    stderr: want_stderr,
                },
            ) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let end = |code: i32, stderr: &str| {
                    format!("exit status {code}\n{}", reduce(stderr, whole_stderr))
                };
                difference("stdout", &text(stdout), &text(want_stdout)).or_else(|| {
                    difference("end", &end(*code, stderr), &end(*want_code, want_stderr))
                })
            }
            (Outcome::TimedOut(a), Outcome::TimedOut(b)) if a == b => None,
            _ => Some(format!(
                "got:  {}\nwant: {}",
                self.summary(),
                reference.summary()
            )),
        }
    }

    fn summary(&self) -> String {
        match self {
            Outcome::BuildFailed(messages) => {
                format!(
                    "build failed: {}",
                    messages.lines().take(3).collect::<Vec<_>>().join(" | ")
                )
            }
            Outcome::Ran { code, stderr, .. } => {
                format!("exit status {code} {}", complaint(stderr))
            }
            Outcome::TimedOut(stage) => format!("{stage} timed out"),
        }
    }
}

/// What is compared of standard error.
fn reduce(stderr: &str, whole: bool) -> String {
    match whole {
        true => stderr.lines().map(|l| without_place(l) + "\n").collect(),
        false => complaint(stderr),
    }
}

/// A line of a trace as far as two compilers agree on it: not the folder of a file, nor
/// how far in a function the call is, nor the words of the arguments (goxide shows none).
fn without_place(line: &str) -> String {
    let line = without_addresses(line);
    if let Some(place) = line.strip_prefix('\t') {
        let place = place.split(" +0x").next().unwrap_or_default();
        return format!("\t{}", place.rsplit('/').next().unwrap_or_default());
    }
    let arguments = ["(0x…", "({0x…", "(...)"].iter().find_map(|a| line.find(a));
    match arguments {
        Some(at) if line.ends_with(')') => format!("{}(...)", &line[..at]),
        _ => line,
    }
}

/// The lines of standard error that say why a Go program ended: the panics or the fatal
/// error, without the traces that follow.
fn complaint(stderr: &str) -> String {
    let starts = ["panic: ", "fatal error: ", "runtime: ", "SIG"];
    let lines = stderr
        .lines()
        .skip_while(|l| !starts.iter().any(|start| l.starts_with(start)))
        .take_while(|l| !l.is_empty() && !l.starts_with("goroutine "));
    without_addresses(&lines.collect::<Vec<_>>().join("\n"))
}

/// Addresses differ from run to run. What was cleaned stays as it is.
fn without_addresses(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].find(|c: char| !c.is_ascii_hexdigit() && c != '…');
        clean += &rest[..at];
        clean += "0x…";
        rest = &rest[digits.map_or(rest.len(), |d| at + 2 + d)..];
    }
    clean + rest
}

/// The first line in which two texts differ.
fn difference(what: &str, got: &str, want: &str) -> Option<String> {
    if got == want {
        return None;
    }
    let (mut got_lines, mut want_lines) = (got.lines(), want.lines());
    for number in 1.. {
        let (a, b) = (got_lines.next(), want_lines.next());
        if a != b || a.is_none() {
            let show = |line: Option<&str>| match line {
                Some(line) => format!("{:?}", line.chars().take(300).collect::<String>()),
                None => "(end)".to_string(),
            };
            return Some(format!(
                "{what}, line {number}:\ngot:  {}\nwant: {}",
                show(a),
                show(b)
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(code: i32, stdout: &str, stderr: &str) -> Outcome {
        Outcome::Ran {
            code,
            stdout: stdout.into(),
            stderr: stderr.into(),
        }
    }

    #[test]
    fn outcomes_are_compared_by_output_status_and_complaint() {
        let want = ran(
            2,
            "a\nb\n",
            "panic: boom at 0x12\n\ngoroutine 1 [running]:\n",
        );
        assert_eq!(
            ran(2, "a\nb\n", "panic: boom at 0xff\ngoroutine 7\n").differs(&want, false),
            None
        );
        let other = ran(2, "a\nc\n", "").differs(&want, false);
        assert_eq!(
            other.as_deref(),
            Some("stdout, line 2:\ngot:  \"c\"\nwant: \"b\"")
        );
        let other = ran(1, "a\nb\n", "").differs(&want, false);
        assert_eq!(
            other.as_deref(),
            Some("end, line 1:\ngot:  \"exit status 1\"\nwant: \"exit status 2\"")
        );
        let traces = [
            "goroutine 1 [running]:\nmain.f(0x12?, {0x3, 0x4})\n\t/a/b.go:3 +0x1f\n",
            "goroutine 1 [running]:\nmain.f(...)\n\t/c/d/b.go:3\n",
        ];
        assert_eq!(
            ran(2, "", traces[0]).differs(&ran(2, "", traces[1]), true),
            None
        );
        assert!(
            ran(2, "a\nb\n", "panic: boom at 0xff\n")
                .differs(&want, true)
                .is_some()
        );
    }
}
